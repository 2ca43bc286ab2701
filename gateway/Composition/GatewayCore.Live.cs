using Gateway.Links.Sending;
using Gateway.Store.Commands;
using Gateway.Store.Messages;
using Gateway.Store.State;

namespace Gateway.Composition;

/// <summary>Takes another configuration while everything runs.</summary>
internal sealed partial class GatewayCore
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
        _store.Submit(new ReadEventsCommand(found => events = found));
        _store.Submit(new DescribeCommand(found => done(PutInForce(next, peers, shell, found, events))));
    }

    private bool PutInForce(
        LiveSettings next, PeerChanges peers, IPeerConnections shell, DescribeCommand? found, IReadOnlyList<StoredEvent> events)
    {
        if (_intake.IsClosed) return false;
        // Before any connection is made or refused.
        shell.Trust(next.Pins);
        foreach (var peer in peers.Removed) Remove(peer, shell);
        foreach (var peer in peers.Redialed)
        {
            shell.Move(peer, next.Peers[peer]);
            Outgoing[peer].Redial($"the configuration of {peer} was changed; its address is {next.Peers[peer].Address} now");
        }

        foreach (var peer in peers.Retrusted) _links.Prove(peer);
        foreach (var peer in peers.Added) Add(peer, shell.Add(peer, next.Peers[peer]), found!, events);
        _destinations.Use(next.Peers.Keys.ToHashSet(), next.Routes);
        _intake.PendingBytesMax = next.PendingBytesMax;
        _sessions.Use(next.Applications);
        _inboxes.Use(next.Inbox);
        _store.Submit(new UseLimitsCommand(next.Store));
        foreach (var peer in peers.Added) _outgoing[peer].Start();
        return true;
    }

    private void Remove(string peer, IPeerConnections shell)
    {
        var link = _outgoing[peer];
        link.SayGoodbye();
        shell.Remove(peer);
        _outgoing.Remove(peer);
        _links.Remove(peer, link);
    }

    /// <summary>As at the start of the gateway: the store may hold messages for the peer, and its history.</summary>
    private void Add(string peer, ILinkConnection connection, DescribeCommand found, IReadOnlyList<StoredEvent> events)
    {
        var link = _outgoing[peer] = NewLink(peer, connection);
        _links.Add(peer);
        RestoreHistory(events.Where(entry => entry.Topic == LinkTopic + peer));
        _links.Restore(found.Marks, peer);
        foreach (var queue in found.Queues.Where(queue => queue.Id.Kind == QueueKind.Outgoing && queue.Id.Peer == peer))
        {
            _links.AddKnownQueue(queue.Id, queue.LastNumber, found.Marks.GetValueOrDefault(MarkNames.SentUpTo + queue.Id.Name),
                queue.DeliveredUpTo);
        }

        Management.OnPeerAdded(peer, found.Marks);
        if (_store.StalledSince is { } since) link.OnStalledHere(since);
    }
}
