using Gateway.Management;
using Microsoft.Extensions.Hosting;

namespace Gateway.Telemetry;

/// <summary>
/// Asks how the gateway stands, again and again, for the metrics of it: exporters ask for these without waiting, and an answer of the
/// gateway has to be waited for. The service must be started after the gateway's and stopped before it.
/// </summary>
internal sealed class StateSampler(Func<IManagement> management, GatewayTelemetry telemetry, TimeProvider time) : BackgroundService
{
    /// <summary>An age or a count may be so old; scrapes are rarer.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            do telemetry.State.Show(await management().ReadStateAsync(stoppingToken));
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // The gateway stops, or has failed; then nobody answers.
            telemetry.State.Forget();
        }
    }
}
