using Gateway.Client.Session;
using Microsoft.Extensions.Logging;

namespace Gateway.Client.Transport;

/// <summary>Connects clients over sockets, each with a thread of its own.</summary>
internal sealed class SocketConnector : IConnector
{
    /// <inheritdoc/>
    public IClientLoop Connect(GatewayClientOptions options, ClientSession session, IReadOnlyList<AdmissionGate> gates,
        IPeerNews peerNews, ILogger logger, TimeProvider time) => new ClientLoop(options.All, session, gates, peerNews, logger, time);
}
