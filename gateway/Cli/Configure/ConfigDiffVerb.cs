using System.CommandLine;
using Gateway.Cli.Api;
using Gateway.Cli.Shell;
using Gateway.Management;
using Spectre.Console.Rendering;

namespace Gateway.Cli.Configure;

/// <summary>Compares the configuration in force with the files that the running gateway would read now.</summary>
internal static class ConfigDiffVerb
{
    public static Command Create(Terminal terminal) =>
        new Command("diff", "Show each key whose value in the files is not the one in force, and whether it needs a restart.")
            .OnApi(terminal, async (call, cancellationToken) =>
        {
            var difference = await call.Client.CompareConfigurationAsync(cancellationToken);
            await call.Output.WriteAsync(difference, Of, cancellationToken);
            return difference.Faults.Count > 0 ? ExitCode.Usage : difference.Values.Count > 0 ? ExitCode.Differs : ExitCode.Ok;
        });

    private static IEnumerable<IRenderable> Of(ConfigurationDifference difference)
    {
        foreach (var fault in difference.Faults) yield return Listing.Line(fault);
        if (difference.Faults.Count > 0)
            yield return Listing.Line($"{Figures.Counted(difference.Faults.Count, "fault")}; the gateway goes on as it is.");
        else if (difference.Values.Count == 0) yield return Listing.Line("The files have the values in force.");
        else yield return List(difference.Values);
        if (difference.Obstacle.Length > 0) yield return Listing.Line(difference.Obstacle);
    }

    private static Listing List(IReadOnlyList<ValueDifference> values)
    {
        var table = new Listing(new Column("key"), new Column("running"), new Column("file"), new Column("change"));
        foreach (var value in values) table.Add(value.Key, value.Running, value.File, value.Change.ToString().ToLowerInvariant());
        return table;
    }
}
