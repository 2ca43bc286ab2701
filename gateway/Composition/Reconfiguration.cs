using Gateway.Inbox;
using Gateway.Intake;
using Gateway.Links;
using Gateway.Links.Sending;
using Gateway.Management;
using Gateway.Store.Commands;
using Gateway.Store.Messages;
using Gateway.Store.State;

namespace Gateway.Composition;

/// <summary>Puts another configuration in force in the state machines while they run. Owned by the loop.</summary>
internal sealed class Reconfiguration(
    OutgoingLinks outgoing,
    PeerLinks links,
    Destinations destinations,
    EnqueueIntake intake,
    ClientSessions sessions,
    Inboxes inboxes,
    ManagementCore management,
    TcpCore tcp,
    WatchedStore store)
{
    /// <summary>
    /// Applies the settings in one event of the loop: at once, or, if peers are added, as soon as the store has told what it holds for
    /// them. Sessions and links that did not change go on.
    /// </summary>
    /// <param name="done">Called with false if the gateway stops, and nothing was applied.</param>
    public void Apply(LiveSettings next, PeerChanges peers, IPeerConnections shell, Action<bool> done)
    {
        if (peers.Added.Count == 0)
        {
            done(PutInForce(next, peers, shell, found: null, []));
            return;
        }

        IReadOnlyList<StoredEvent> events = [];
        store.Submit(new ReadEventsCommand(found => events = found));
        store.Submit(new DescribeCommand(found => done(PutInForce(next, peers, shell, found, events))));
    }

    private bool PutInForce(
        LiveSettings next, PeerChanges peers, IPeerConnections shell, DescribeCommand? found, IReadOnlyList<StoredEvent> events)
    {
        if (intake.IsClosed) return false;
        // Before any connection is made or refused.
        shell.Trust(next.Pins);
        foreach (var peer in peers.Removed) Remove(peer, shell);
        foreach (var peer in peers.Redialed)
        {
            shell.Move(peer, next.Peers[peer]);
            outgoing.ByPeer[peer].Redial($"the configuration of {peer} was changed; its address is {next.Peers[peer].Address} now");
        }

        foreach (var peer in peers.Retrusted) links.Prove(peer);
        foreach (var peer in peers.Added) Add(peer, shell.Add(peer, next.Peers[peer]), found!, events);
        destinations.Use(next.Peers.Keys.ToHashSet(), next.Routes);
        intake.PendingBytesMax = next.PendingBytesMax;
        sessions.Use(next.Applications);
        inboxes.Use(next.Inbox);
        management.Share = next.Share;
        store.Submit(new UseLimitsCommand(next.Store));
        foreach (var peer in peers.Added) outgoing.ByPeer[peer].Start();
        tcp.Use(next.Tcp);
        return true;
    }

    private void Remove(string peer, IPeerConnections shell)
    {
        var link = outgoing.ByPeer[peer];
        link.SayGoodbye();
        shell.Remove(peer);
        outgoing.Remove(peer);
        links.Remove(peer, link);
    }

    /// <summary>As at the start of the gateway: the store may hold messages for the peer, and its history.</summary>
    private void Add(string peer, ILinkConnection connection, DescribeCommand found, IReadOnlyList<StoredEvent> events)
    {
        var link = outgoing.Add(peer, connection);
        links.Add(peer);
        outgoing.RestoreHistory(events, peer);
        links.Restore(found.Marks, peer);
        foreach (var queue in found.Queues.Where(queue => queue.Id.Kind == QueueKind.Outgoing && queue.Id.Peer == peer))
        {
            links.AddKnownQueue(queue.Id, queue.LastNumber, found.Marks.GetValueOrDefault(MarkNames.SentUpTo + queue.Id.Name),
                queue.DeliveredUpTo);
        }

        management.OnPeerAdded(peer, found.Marks);
        if (store.StalledSince is { } since) link.OnStalledHere(since);
    }
}
