using Gateway.Client.Wire;
using Gateway.Composition;
using Gateway.Configuration;
using Gateway.Inbox;
using Gateway.Intake;
using Gateway.Links.Protocol;
using Gateway.Transport;
using Gateway.Transport.Tls;

namespace Gateway.Hosting;

/// <summary>Turns the options into the settings of the gateway's parts. Pure.</summary>
internal static class GatewayWiring
{
    /// <param name="certificates">Null for links without TLS.</param>
    public static Endpoints EndpointsOf(GatewayOptions options, CertificateWatch? certificates, TimeProvider time)
    {
        var peers = PlacesOf(options);
        return new Endpoints(
            options.Intake.Address,
            options.Links.Address,
            peers.ToDictionary(peer => peer.Key, peer => peer.Value.Address),
            options.Links.ConnectTimeout)
        {
            PeerFingerprints = LiveSettings.PinsOf(peers),
            Intake = new EndpointLimits(options.Intake.ConnectionsMax, options.Intake.ConnectionsPerAddressMax),
            Links = new EndpointLimits(options.Links.ConnectionsMax, options.Links.ConnectionsPerAddressMax),
            HandshakeTimeout = options.Connections.HandshakeTimeout,
            Patience = new ConnectionPatience(options.Connections.MessageTimeout, options.Connections.WriteTimeout),
            Tls = certificates is null ? null : new LinkTls(certificates, new PeerTrust(LiveSettings.PinsOf(peers), time)),
        };
    }

    public static GatewaySettings SettingsOf(GatewayOptions options) => new(
        new IntakeSettings
        {
            PendingBytesMax = options.Intake.PendingBytesMax,
            Applications = ApplicationsOf(options),
            Limits = new WireLimits
            {
                BodyBytesMax = options.Intake.BodyBytesMax,
                HeadersBytesMax = options.Intake.HeadersBytesMax,
                BatchMessagesMax = options.Intake.BatchMessagesMax,
                BatchBytesMax = options.Intake.BatchBytesMax,
                CreditMax = options.Intake.CreditMax,
                SubscriptionsMax = options.Intake.SubscriptionsMax,
                PendingRequestsMax = options.Intake.PendingRequestsMax,
                LeaseMs = (int)options.Inbox.Lease.TotalMilliseconds,
            },
        },
        new LinkSettings
        {
            HeartbeatInterval = options.Links.HeartbeatInterval,
            DeadAfter = options.Links.DeadAfter,
            AckTimeout = options.Links.AckTimeout,
            HandshakeTimeout = options.Links.HandshakeTimeout,
            BackoffMin = options.Links.BackoffMin,
            BackoffMax = options.Links.BackoffMax,
            StableAfter = options.Links.StableAfter,
            BatchBytes = options.Links.BatchBytes,
            DrillEnabled = options.Links.DrillEnabled,
            Limits = new LinkLimits(options.Intake.BodyBytesMax, options.Links.WindowBytes, options.Links.WindowMessages)
            {
                HeadersBytesMax = options.Intake.HeadersBytesMax,
            },
        },
        InboxOf(options),
        options.Peers.Keys.ToHashSet(),
        RoutesOf(options))
    { Share = options.Fleet.ToShare(), Tcp = options.Tcp.ToSettings(options.Intake.BodyBytesMax) };

    /// <summary>The settings that a running gateway takes from these options.</summary>
    public static LiveSettings LiveOf(GatewayOptions options) => new(
        PlacesOf(options), RoutesOf(options), ApplicationsOf(options), options.Intake.PendingBytesMax, InboxOf(options),
        options.Store.ToSettings())
    { Share = options.Fleet.ToShare(), Tcp = options.Tcp.ToSettings(options.Intake.BodyBytesMax) };

    private static Dictionary<string, PeerPlace> PlacesOf(GatewayOptions options) => options.Peers.ToDictionary(
        peer => peer.Key,
        peer => new PeerPlace(string.Join(' ', peer.Value.ResolveAddresses()), CertificateText.Normalise(peer.Value.Fingerprint) ?? ""));

    private static Dictionary<string, Route> RoutesOf(GatewayOptions options) => options.Routes.ToDictionary(
        route => route.Key,
        route => options.Spread.GetValueOrDefault(route.Key) is { } spread
            ? new Route(route.Value) { Mode = spread.Mode, KeyHeader = spread.Header } : new Route(route.Value));

    private static ApplicationBook ApplicationsOf(GatewayOptions options) => new([.. options.Intake.Applications.Select(
        application => (application.Value.TokenHash(), application.Value.ToRights(application.Key)))]);

    private static InboxSettings InboxOf(GatewayOptions options) => new()
    {
        Lease = options.Inbox.Lease,
        DeliveriesMax = options.Inbox.DeliveriesMax,
        HeldMessagesMax = options.Inbox.HeldMessagesMax,
        HeldBytesMax = options.Inbox.HeldBytesMax,
    };
}
