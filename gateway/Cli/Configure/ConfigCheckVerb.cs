using System.CommandLine;
using Gateway.Cli.Shell;
using Gateway.Configuration;

namespace Gateway.Cli.Configure;

/// <summary>Finds every fault of a configuration without starting anything.</summary>
internal static class ConfigCheckVerb
{
    public static Command Create(Terminal terminal)
    {
        var sources = new ConfigurationSources();
        var output = OutputOption.Create();
        var command = new Command("check", "Find every fault of a configuration, before a gateway starts with it.") { output };
        sources.AddTo(command);
        command.SetAction((parsed, cancellationToken) => Verb.RunAsync(terminal, async () =>
        {
            var report = ConfigurationReport.Of(sources.Read(parsed), terminal.Time);
            await new Output(terminal, parsed.GetValue(output)).WriteAsync(report, Sentences, cancellationToken);
            return report.Faults.Count == 0 ? ExitCode.Ok : ExitCode.Usage;
        }));
        return command;
    }

    private static IEnumerable<Spectre.Console.Rendering.IRenderable> Sentences(ConfigurationReport report)
    {
        foreach (var fault in report.Faults)
            yield return Listing.Line(fault.Source is null ? fault.Text : $"{fault.Text} (Set in {fault.Source}.)");
        foreach (var warning in report.Warnings) yield return Listing.Line($"Warning: {warning}");
        yield return Listing.Line(report.Faults.Count == 0
            ? $"The configuration of gateway {report.Name} can be used. Peers: {Names(report.Peers)}. Store: {report.Store}"
            : $"{Figures.Counted(report.Faults.Count, "fault")}; a gateway would not start.");
    }

    private static string Names(IReadOnlyList<string> peers) => peers.Count == 0 ? "none" : string.Join(", ", peers);
}
