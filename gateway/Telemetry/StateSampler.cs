using Gateway.Management;
using Microsoft.Extensions.Hosting;

namespace Gateway.Telemetry;

/// <summary>
/// Polls the gateway's state for its metrics: exporters read without waiting, but the gateway's answer must be awaited. Start this service
/// after the gateway's and stop it before.
/// </summary>
internal sealed class StateSampler(IRunningGateway gateway, GatewayTelemetry telemetry, TimeProvider time) : BackgroundService
{
    /// <summary>The maximum age of the figures; scrapes are rarer.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private IManagement Management =>
        gateway.Management ?? throw new InvariantException("the gateway is started before it is asked how it stands");

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            do telemetry.State.Show(await Management.ReadStateAsync(stoppingToken));
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // The gateway is stopping or has failed, so it no longer answers.
            telemetry.State.Forget();
        }
    }
}
