using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Gateway.Cli.Check;
using Gateway.Cli.Shell;

namespace Gateway.Cli;

/// <summary>The usual help of a verb, followed by examples and by the exit codes that it has.</summary>
internal sealed class HelpWithExitCodes(HelpAction help) : SynchronousCommandLineAction
{
    private const int CodeColumns = 7;

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var (output, command) = (parseResult.InvocationConfiguration.Output, parseResult.CommandResult.Command);
        using var usual = new StringWriter { NewLine = "\n" };
        parseResult.InvocationConfiguration.Output = usual;
        help.Invoke(parseResult);
        parseResult.InvocationConfiguration.Output = output;
        output.Write(HelpDefaults.InWords(usual.ToString()));

        if (Examples.Of(PathOf(command)) is { Count: > 0 } examples)
        {
            output.WriteLine("Examples:");
            foreach (var example in examples) output.WriteLine($"  {example}");
            output.WriteLine();
        }

        output.WriteLine("Exit codes:");
        foreach (var (code, words) in Codes(command))
        {
            var lines = FoldedText.Words(words, Math.Max(1, help.MaxWidth - CodeColumns));
            output.WriteLine($"  {code,-4} {lines[0]}");
            foreach (var line in lines.Skip(1)) output.WriteLine($"{"",CodeColumns}{line}");
        }

        return (int)ExitCode.Ok;
    }

    /// <summary>The verb with its group, as it is typed; empty for the program itself.</summary>
    internal static string PathOf(Command command) => command is RootCommand ? ""
        : $"{command.Parents.OfType<Command>().Select(PathOf).FirstOrDefault("")} {command.Name}".TrimStart();

    private static IEnumerable<(int Code, string Words)> Codes(Command command) => command is CheckCommand
        ? Enum.GetValues<CheckState>().Select(state => ((int)state, state.ToString().ToLowerInvariant()))
        : ExitCodes.Of(PathOf(command)).Select(code => ((int)code, ExitCodes.Describe(code)));
}
