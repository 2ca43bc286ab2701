using System.CommandLine;
using Gateway.Cli.Api;
using Gateway.Cli.Shell;
using Gateway.Links.Fleet;

namespace Gateway.Cli.Operator;

/// <summary>The running gateway and its peers at a glance.</summary>
internal static class FleetVerb
{
    public static Command Create(Terminal terminal) =>
        new("fleet", "Look at the running gateway and its peers, as far as they tell of themselves.") { Status(terminal) };

    private static Command Status(Terminal terminal) =>
        new Command("status", "Show which gateways are up, what waits where and what is wrong, the worst first.")
            .ShownFromApi(terminal, async (call, cancellationToken) =>
        {
            var fleet = await call.Client.ReadFleetAsync(cancellationToken);
            await call.Output.WriteAsync(fleet, FleetReport.Of, cancellationToken);
            return fleet.Gateways.Max(gateway => gateway.Condition) switch
            {
                Condition.Error => ExitCode.FaultFound,
                Condition.Warning => ExitCode.WarningFound,
                _ => ExitCode.Ok,
            };
        });
}
