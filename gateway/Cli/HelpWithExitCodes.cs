using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Gateway.Cli;

/// <summary>The usual help of a verb, and below it the exit codes.</summary>
internal sealed class HelpWithExitCodes(HelpAction help) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        help.Invoke(parseResult);

        var output = parseResult.InvocationConfiguration.Output;
        output.WriteLine("Exit codes:");
        foreach (var code in Enum.GetValues<ExitCode>())
            output.WriteLine($"  {(int)code,-4} {ExitCodes.Describe(code)}");
        return (int)ExitCode.Ok;
    }
}
