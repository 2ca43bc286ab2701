using Gateway.Links.Causes;
using Gateway.Management;
using Gateway.Store;
using Gateway.Store.Commands;
using Gateway.Store.State;
using Gateway.Tcp.Inlets;
using Gateway.Tcp.Outlets;

namespace Gateway.Composition;

/// <summary>Keeps the changes of inlets or of outlets in the store, for later runs, and tells those who watch.</summary>
/// <param name="kind">What changes: one of the constants.</param>
internal sealed class TcpChanges(string kind, IStoreInput store, ManagementCore management) : ILinkChanges
{
    public const string Inlet = TcpFindings.Inlet;

    public const string Outlet = TcpFindings.Outlet;

    /// <summary>Gives the inlets and outlets what the store has kept of them; other events are passed over.</summary>
    public static void Restore(IEnumerable<StoredEvent> events, InletBook inlets, OutletBook outlets)
    {
        var (ofInlets, ofOutlets) = (TopicOf(Inlet), TopicOf(Outlet));
        foreach (var entry in events)
        {
            if (entry.Topic.StartsWith(ofInlets, StringComparison.Ordinal) && LinkHistory.Read(entry.Payload.Span) is { } ofInlet)
                inlets.Restore(entry.Topic[ofInlets.Length..], ofInlet);
            else if (entry.Topic.StartsWith(ofOutlets, StringComparison.Ordinal) && LinkHistory.Read(entry.Payload.Span) is { } ofOutlet)
                outlets.Restore(entry.Topic[ofOutlets.Length..], ofOutlet);
        }
    }

    /// <inheritdoc/>
    void ILinkChanges.OnChanged(string peer, LinkChange change)
    {
        store.Submit(new AppendEventCommand(
            new StoredEvent(TopicOf(kind) + peer, change.At.ToUnixTimeMilliseconds(), LinkHistory.Write(change))));
        management.OnTcpChanged(kind, peer, change);
    }

    /// <inheritdoc/>
    void ILinkChanges.OnHappened(string peer, LinkChange change)
    {
    }

    private static string TopicOf(string kind) => kind + "/";
}
