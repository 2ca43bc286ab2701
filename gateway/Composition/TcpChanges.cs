using Gateway.Links.Causes;
using Gateway.Management;
using Gateway.Store;
using Gateway.Store.Commands;
using Gateway.Store.State;
using Gateway.Tcp.Outlets;

namespace Gateway.Composition;

/// <summary>Keeps the changes of outlets in the store, for later runs, and tells those who watch.</summary>
internal sealed class OutletChanges(IStoreInput store, ManagementCore management) : ILinkChanges
{
    /// <summary>The prefix of an outlet's name in the topic of its events.</summary>
    private const string Topic = "outlet/";

    /// <summary>Gives the outlets what the store has kept of them; other events are passed over.</summary>
    public static void Restore(IEnumerable<StoredEvent> events, OutletBook outlets)
    {
        foreach (var entry in events.Where(entry => entry.Topic.StartsWith(Topic, StringComparison.Ordinal)))
        {
            if (LinkHistory.Read(entry.Payload.Span) is { } change) outlets.Restore(entry.Topic[Topic.Length..], change);
        }
    }

    /// <inheritdoc/>
    void ILinkChanges.OnChanged(string peer, LinkChange change)
    {
        store.Submit(new AppendEventCommand(new StoredEvent(Topic + peer, change.At.ToUnixTimeMilliseconds(), LinkHistory.Write(change))));
        management.OnOutletChanged(peer, change);
    }

    /// <inheritdoc/>
    void ILinkChanges.OnHappened(string peer, LinkChange change)
    {
    }
}
