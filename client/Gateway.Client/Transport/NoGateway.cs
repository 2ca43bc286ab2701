using Gateway.Client.Session;
using Gateway.Client.Wire;
using Microsoft.Extensions.Logging;

namespace Gateway.Client.Transport;

/// <summary>The loop of a client that a test has derived: there is no gateway, and a call that is not overridden says so.</summary>
internal sealed class NoGateway : IConnector, IClientLoop
{
    /// <inheritdoc/>
    public int HeadersBytesMax { get; } = new WireLimits().HeadersBytesMax;

    /// <inheritdoc/>
    public TimeSpan Now => TimeSpan.Zero;

    /// <inheritdoc/>
    public IClientLoop Connect(GatewayClientOptions options, ClientSession session, IReadOnlyList<AdmissionGate> gates,
        IPeerNews peerNews, ILogger logger, TimeProvider time) => this;

    /// <inheritdoc/>
    public void Post(SessionEvent happened)
    {
        // A handler of PeerStateChanged may be added without a gateway: the test raises the event.
        if (happened is SessionEvent.Submitted or SessionEvent.Subscribed)
            throw new NotSupportedException(
                "This client was made without options, and has no gateway. Override the member that the application calls.");
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => default;
}
