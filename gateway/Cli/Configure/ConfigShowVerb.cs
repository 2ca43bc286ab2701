using System.CommandLine;
using Gateway.Cli.Shell;
using Gateway.Configuration;

namespace Gateway.Cli.Configure;

/// <summary>Shows the values with which a gateway would run, and the source of each. Secrets are hidden.</summary>
internal static class ConfigShowVerb
{
    public static Command Create(Terminal terminal)
    {
        var sources = new ConfigurationSources();
        var output = OutputOption.Create();
        var changed = new Option<bool>("--changed") { Description = "Only the values that differ from their defaults." };
        var command = new Command("show", "Show each value with which a gateway would run, and where it is set; secrets are hidden.")
        { changed, output };
        sources.AddTo(command);
        command.SetAction((parsed, cancellationToken) => Verb.RunAsync(terminal, async () =>
        {
            var values = EffectiveConfiguration.Of(sources.Read(parsed)).Where(value => value.IsChanged || !parsed.GetValue(changed));
            await new Output(terminal, parsed.GetValue(output))
                .WriteListAsync([.. values], List, "Every value is the default.", cancellationToken);
            return ExitCode.Ok;
        }));
        return command;
    }

    private static Listing List(IReadOnlyList<ConfiguredValue> values)
    {
        var table = new Listing(new Column("key"), new Column("value"), new Column("set in", 1));
        foreach (var value in values) table.Add(value.Key, value.Value, value.Source);
        return table;
    }
}
