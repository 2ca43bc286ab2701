using System.CommandLine;

namespace Gateway.Cli.Check;

/// <summary>The verb <c>check</c>, whose exit codes are those of <see cref="CheckState"/>, for a wrong command line too.</summary>
internal sealed class CheckCommand() : Command("check",
    "For monitoring: say in a line whether the running gateway is well, with figures. Exit codes 0 ok, 1 warning, 2 critical, 3 unknown.");
