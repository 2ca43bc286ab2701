using System.CommandLine;

namespace Gateway.Cli.Check;

/// <summary>The verb <c>check</c>. Its exit codes are those of <see cref="CheckState"/>, even for a wrong command line.</summary>
internal sealed class CheckCommand() : Command("check",
    "For monitoring: say in a line whether the running gateway is well, with figures. Exit codes 0 ok, 1 warning, 2 critical, 3 unknown.");
