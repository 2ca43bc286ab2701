using Microsoft.Extensions.Hosting;

namespace Gateway.Client.Outbox;

/// <summary>Runs a relay with the host.</summary>
internal sealed class OutboxRelayService(OutboxRelay relay) : BackgroundService
{
    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => relay.RunAsync(stoppingToken);
}
