using System.CommandLine;
using Gateway.Cli.Api;
using Gateway.Cli.Shell;
using Gateway.Http.Answers;

namespace Gateway.Cli.Operator;

/// <summary>Shows the running gateway at a glance.</summary>
internal static class StatusVerb
{
    public static Command Create(Terminal terminal) =>
        new Command("status", "Show what waits in the running gateway, for whom, since when, why, and what to do.")
            .ShownFromApi(terminal, async (call, cancellationToken) =>
        {
            try
            {
                await call.Output.WriteAsync(await call.Client.ReadStateAsync(cancellationToken), StatusReport.Of, cancellationToken);
            }
            catch (ApiException waiting) when (waiting.Code == GatewayAccess.StandbyCode)
            {
                await call.Output.WriteAsync(new StandbyView(waiting.Message), StatusReport.OfStandby, cancellationToken);
            }

            return ExitCode.Ok;
        });
}
