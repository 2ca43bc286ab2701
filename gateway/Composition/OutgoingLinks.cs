using Gateway.Links;
using Gateway.Links.Causes;
using Gateway.Links.Sending;
using Gateway.Store.State;

namespace Gateway.Composition;

/// <summary>The dialing side of each link, by the name of its peer. Owned by the loop.</summary>
/// <param name="make">Makes the link with a peer over a connection.</param>
internal sealed class OutgoingLinks(Func<string, ILinkConnection, OutgoingLink> make)
{
    /// <summary>The prefix of a peer's name in the topic of its link's events.</summary>
    public const string Topic = "link/";

    private readonly Dictionary<string, OutgoingLink> _byPeer = [];

    public IReadOnlyDictionary<string, OutgoingLink> ByPeer => _byPeer;

    public OutgoingLink Add(string peer, ILinkConnection connection) => _byPeer[peer] = make(peer, connection);

    public void Remove(string peer) => _byPeer.Remove(peer);

    /// <summary>Gives each link what the store has kept of it; other events are passed over.</summary>
    /// <param name="peer">The only link that gets its own; null for all.</param>
    public void RestoreHistory(IEnumerable<StoredEvent> events, string? peer = null)
    {
        foreach (var entry in events)
        {
            if (!entry.Topic.StartsWith(Topic, StringComparison.Ordinal)) continue;
            var name = entry.Topic[Topic.Length..];
            if (peer is not null && name != peer) continue;
            if (_byPeer.TryGetValue(name, out var link) && LinkHistory.Read(entry.Payload.Span) is { } change) link.History.Restore(change);
        }
    }
}
