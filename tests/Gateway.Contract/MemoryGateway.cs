using Gateway.Client;
using Gateway.Client.Testing;

namespace Gateway.Contract;

/// <summary>The gateway in memory.</summary>
internal sealed class MemoryGateway : IGatewayAtHand, IDisposable
{
    private readonly InMemoryGateway _gateway;

    public MemoryGateway()
    {
        _gateway = new InMemoryGateway(new InMemoryGatewayOptions { Peers = { "far" } });
        _gateway.SetLink(new PeerInfo("far", false, "Refused", "it does not run"));
    }

    /// <inheritdoc/>
    public Task KillAsync() => Now(_gateway.Stop);

    /// <inheritdoc/>
    public Task StartAsync() => Now(_gateway.Start);

    /// <inheritdoc/>
    public Task FreezeAsync() => Now(_gateway.Freeze);

    /// <inheritdoc/>
    public Task ThawAsync() => Now(_gateway.Thaw);

    /// <inheritdoc/>
    public GatewayClient NewClient(GatewayClientOptions options) => _gateway.CreateClient(options);

    public void Dispose() => _gateway.Dispose();

    private static Task Now(Action act)
    {
        act();
        return Task.CompletedTask;
    }
}
