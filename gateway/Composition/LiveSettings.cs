using Gateway.Inbox;
using Gateway.Intake;
using Gateway.Links.Fleet;
using Gateway.Store.Messages;
using Gateway.Tcp;

namespace Gateway.Composition;

/// <summary>The settings that a running gateway takes from another configuration, at once and whole. Immutable.</summary>
/// <param name="Peers">By name.</param>
/// <param name="Routes">By queue name.</param>
/// <param name="PendingBytesMax">The limit of the intake.</param>
internal sealed record LiveSettings(
    IReadOnlyDictionary<string, PeerPlace> Peers,
    IReadOnlyDictionary<string, Route> Routes,
    ApplicationBook Applications,
    long PendingBytesMax,
    InboxSettings Inbox,
    StoreSettings Store)
{
    /// <summary>What peers may see of this gateway.</summary>
    public FleetShare Share { get; init; } = FleetShare.Totals;

    /// <summary>The inlets and outlets for programs that know nothing of the gateway.</summary>
    public TcpSettings Tcp { get; init; } = TcpSettings.None;

    /// <summary>The configured fingerprints, by peer.</summary>
    public IReadOnlyDictionary<string, string> Pins => PinsOf(Peers);

    public static IReadOnlyDictionary<string, string> PinsOf(IReadOnlyDictionary<string, PeerPlace> peers) =>
        peers.Where(peer => peer.Value.Fingerprint.Length > 0).ToDictionary(peer => peer.Key, peer => peer.Value.Fingerprint);
}
