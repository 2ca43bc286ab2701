using Gateway.Client.Wire;
using Gateway.Composition;
using Gateway.Inbox;
using Gateway.Intake;
using Gateway.Links.Protocol;
using Gateway.Store;
using Gateway.Telemetry;
using Gateway.Tests.Links;
using Gateway.Tests.Store;
using Gateway.Transport;
using Microsoft.Extensions.Logging;

namespace Gateway.Tests.Composition;

/// <summary>Makes loops with their real thread and sockets, on ports of the system's choice, whose time limits never pass.</summary>
internal static class TestLoop
{
    private static readonly TimeSpan _long = TimeSpan.FromHours(1);

    /// <param name="connectionsMax">The limit of each door, and of each address at it.</param>
    /// <param name="peers">The addresses of the peers, by name.</param>
    public static GatewayLoop Make(
        IStoreInput store, ILoggerFactory loggers, int connectionsMax = 100, IReadOnlyDictionary<string, string>? peers = null)
    {
        peers ??= new Dictionary<string, string>();
        var limits = new EndpointLimits(connectionsMax, connectionsMax);
        var endpoints = new Endpoints("tcp://127.0.0.1:0", "", peers, _long)
        {
            Intake = limits,
            Links = limits,
            HandshakeTimeout = _long,
            Patience = new ConnectionPatience(_long, _long),
        };
        var settings = new GatewaySettings(
            new IntakeSettings { Limits = new WireLimits() },
            new LinkSettings { Limits = LinkBench.Limits },
            new InboxSettings(),
            peers.Keys.ToHashSet(),
            new Dictionary<string, Route>());
        return new GatewayLoop(new GatewayIdentity("local", TestStore.FirstId, Guid.NewGuid(), 1, 1), settings, endpoints, store,
            TimeProvider.System, new Random(1), NoTelemetry.Instance, loggers);
    }
}
