using System.CommandLine;
using Gateway.Cli.Api;
using Gateway.Cli.Shell;
using Gateway.Management;
using Spectre.Console.Rendering;

namespace Gateway.Cli.Operator;

/// <summary>Lets the running gateway read its configuration again.</summary>
internal static class ReloadVerb
{
    public static Command Create(Terminal terminal)
    {
        var why = ApiArguments.Why();
        return new Command("reload", "Let the running gateway read its configuration again and apply what has changed, without a restart.")
            { why }.OnApi(terminal, async (call, cancellationToken) =>
        {
            var outcome = await call.Client.ReloadAsync(call.Parsed.GetValue(why)!, cancellationToken);
            await call.Output.WriteAsync(outcome, Sentences, cancellationToken);
            return outcome.Faults.Count == 0 ? ExitCode.Ok : ExitCode.Usage;
        });
    }

    public static IEnumerable<IRenderable> Sentences(ReloadOutcome outcome)
    {
        foreach (var fault in outcome.Faults) yield return Listing.Line(fault);
        if (outcome.Faults.Count > 0)
        {
            yield return Listing.Line($"{Figures.Counted(outcome.Faults.Count, "fault")}; nothing was changed.");
            yield break;
        }

        foreach (var key in outcome.Applied) yield return Listing.Line($"Applied: {key}");
        foreach (var key in outcome.AtRestart) yield return Listing.Line($"In force after a restart: {key}");
        foreach (var warning in outcome.Warnings) yield return Listing.Line($"Warning: {warning}");
        if (outcome.Applied.Count == 0 && outcome.AtRestart.Count == 0)
            yield return Listing.Line("The configuration is the one in force.");
    }
}
