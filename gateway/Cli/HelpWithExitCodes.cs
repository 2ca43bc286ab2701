using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Gateway.Cli.Check;
using Gateway.Cli.Shell;

namespace Gateway.Cli;

/// <summary>The usual help of a verb, followed by the exit codes.</summary>
internal sealed class HelpWithExitCodes(HelpAction help) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        help.Invoke(parseResult);

        var output = parseResult.InvocationConfiguration.Output;
        output.WriteLine("Exit codes:");
        foreach (var (code, words) in Codes(parseResult.CommandResult.Command))
            output.WriteLine($"  {code,-4} {words}");
        return (int)ExitCode.Ok;
    }

    private static IEnumerable<(int Code, string Words)> Codes(Command command) => command is CheckCommand
        ? Enum.GetValues<CheckState>().Select(state => ((int)state, state.ToString().ToLowerInvariant()))
        : Enum.GetValues<ExitCode>().Select(code => ((int)code, ExitCodes.Describe(code)));
}
