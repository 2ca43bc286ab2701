using Gateway.Client.Session;
using Microsoft.Extensions.Logging;

namespace Gateway.Client.Transport;

/// <summary>Connects clients to their gateway.</summary>
internal interface IConnector
{
    /// <summary>Starts the loop of a new client; does not wait for the gateway. Any thread.</summary>
    /// <param name="options">The client's options, which are valid.</param>
    /// <param name="session">What the loop drives; from now on it belongs to the loop.</param>
    /// <param name="gates">The loop expires those who wait before them, and closes them at its end.</param>
    /// <param name="peerNews">Told what the session hears of peers.</param>
    /// <param name="logger">Told of changes of the connection.</param>
    /// <param name="time">The clock.</param>
    IClientLoop Connect(GatewayClientOptions options, ClientSession session, IReadOnlyList<AdmissionGate> gates, IPeerNews peerNews,
        ILogger logger, TimeProvider time);
}
