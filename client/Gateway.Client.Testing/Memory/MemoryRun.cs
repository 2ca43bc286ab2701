using Gateway.Client.Wire;

namespace Gateway.Client.Testing.Memory;

/// <summary>
/// One run of the gateway, from its start to its end: answers requests from the store, as PROTOCOL.md says. Connections, subscriptions and
/// leases end with it. A state machine without a clock, owned by the gateway.
/// </summary>
/// <param name="options">The gateway's configuration.</param>
/// <param name="store">What remains when the run ends.</param>
/// <param name="links">The links to the peers.</param>
/// <param name="faults">What happens to the next Enqueues.</param>
internal sealed class MemoryRun(
    InMemoryGatewayOptions options, MemoryStore store, IReadOnlyDictionary<string, PeerInfo> links, Queue<EnqueueFault> faults)
{
    private const string Version = "1";
    private const int PeekBytesMax = 1024 * 1024;

    private readonly WireLimits _limits = new() { LeaseMs = (int)options.Lease.TotalMilliseconds };
    private readonly string _incarnation = Guid.NewGuid().ToString("N");
    private readonly List<MemoryConnection> _connections = [];
    private readonly Dictionary<DeliveryToken, MemoryLease> _leases = [];

    /// <summary>The consumers of each queue, the next one first.</summary>
    private readonly Dictionary<string, LinkedList<MemorySubscription>> _consumers = [];

    private TimeSpan _now;
    private long _nowUnixMs;

    /// <summary>No message is handed out meanwhile.</summary>
    public bool HoldsBack { get; set; }

    /// <summary>The shortest lease that a message is held under; null if none is held.</summary>
    public TimeSpan? ShortestLease => _leases.Count == 0 ? null : _leases.Values.Min(lease => lease.Length);

    public void Open(MemoryConnection connection) => _connections.Add(connection);

    /// <summary>What comes next happens at this time.</summary>
    /// <param name="now">The time since the gateway was made.</param>
    /// <param name="nowUnixMs">The same by the wall clock.</param>
    public void SetTime(TimeSpan now, long nowUnixMs) => (_now, _nowUnixMs) = (now, nowUnixMs);

    /// <summary>Does what is due.</summary>
    public void Tick()
    {
        foreach (var pair in _leases.Where(pair => pair.Value.EndsAt <= _now).OrderBy(pair => (pair.Value.EndsAt, pair.Key.Value)).ToList())
            GiveBack(pair.Key, pair.Value);
        store.Tick(_now, _nowUnixMs);
        foreach (var queue in _consumers.Keys.ToList())
            Deliver(queue);
    }

    /// <summary>All connections break at once.</summary>
    public void BreakAll()
    {
        var heldBack = HoldsBack;
        HoldsBack = true;
        foreach (var connection in _connections.ToList())
            Break(connection);
        HoldsBack = heldBack;
    }

    /// <summary>The connection has ended: its subscriptions end, and what it held is available again.</summary>
    public void Lose(MemoryConnection connection)
    {
        if (!_connections.Remove(connection))
            return;
        connection.End();
        Forget(connection);
    }

    /// <summary>The link to a peer has changed: tells those that watch and have sent something to it.</summary>
    public void OnLinkChanged(PeerInfo peer)
    {
        foreach (var connection in _connections.Where(connection => connection.IsWatching && connection.Peers.Contains(peer.Name)))
            connection.Send(NewsOf(peer));
    }

    public void Receive(MemoryConnection connection, Request request)
    {
        if (request is Request.Hello hello)
            Greet(connection, hello);
        else if (!connection.IsKnown)
            connection.Send(new Reply.Error(WireCode.HelloRequired, "say HELLO first: this connection is new to the gateway"));
        else
            Answer(connection, request);
    }

    private void Break(MemoryConnection connection)
    {
        Lose(connection);
        connection.Break();
    }

    private void Greet(MemoryConnection connection, Request.Hello hello)
    {
        Forget(connection);
        connection.IsKnown = hello.Version == Version;
        connection.Send(connection.IsKnown
            ? new Reply.Welcome(Version, options.Name, _incarnation, _limits)
            : new Reply.Error(WireCode.UnsupportedVersion, $"this gateway speaks version {Version} of the local protocol"));
    }

    private void Answer(MemoryConnection connection, Request request)
    {
        switch (request)
        {
            case Request.Ping r: connection.Send(new Reply.Pong(r.Payload)); break;
            case Request.Enqueue r: Enqueue(connection, r); break;
            case Request.Receive r: Subscribe(connection, r); break;
            case Request.Stop r:
                if (connection.Subscriptions.TryGetValue(r.Subscription, out var stopped))
                    End(stopped);
                connection.Send(new Reply.Stopped(r.Subscription));
                break;
            case Request.Complete r: Settle(connection, r.Id, r.Token, lease => store.Remove(lease.Stored)); break;
            case Request.Abandon r: Settle(connection, r.Id, r.Token, lease => store.Return(lease.Stored, r.Delay, _now)); break;
            case Request.Reject r:
                Settle(connection, r.Id, r.Token, lease => store.Bury(lease.Stored, DeadLetterReason.Rejected, r.Reason));
                break;
            case Request.Release r: Settle(connection, r.Id, r.Token, Release); break;
            case Request.Renew r: Renew(connection, r); break;
            case Request.Peek r: connection.Send(new Reply.Peeked(r.Id, Peek(r))); break;
            case Request.Ready r: connection.Send(new Reply.Ready(r.Id, options.Name, store.Obstacle)); break;
            case Request.Depth r: connection.Send(Count(r)); break;
            case Request.Watch r: Watch(connection, r); break;
            case Request.Bye: Lose(connection); break;
        }
    }

    private void Watch(MemoryConnection connection, Request.Watch request)
    {
        connection.Send(new Reply.Settled(request.Id));
        if (connection.IsWatching)
            return;
        connection.IsWatching = true;
        foreach (var peer in connection.Peers)
            connection.Send(NewsOf(links[peer]));
    }

    private void Enqueue(MemoryConnection connection, Request.Enqueue request)
    {
        MemoryChecks.FindTargets(request.Destination, options, out var targets);
        foreach (var peer in targets.Select(MemoryChecks.PeerOf).OfType<string>().Where(links.ContainsKey))
        {
            if (connection.Peers.Add(peer) && connection.IsWatching)
                connection.Send(NewsOf(links[peer]));
        }

        var fault = faults.Count > 0 ? faults.Dequeue() : (EnqueueFault?)null;
        switch (fault)
        {
            case EnqueueFault.Busy:
                connection.Send(new Reply.Rejected(request.Id, WireCode.Busy, "a fault that the test wanted; retry"));
                return;
            case EnqueueFault.StoreFull:
                connection.Send(new Reply.Rejected(request.Id, WireCode.StoreFull, "a fault that the test wanted"));
                return;
            case EnqueueFault.RequestLost:
                return;
        }

        var refusal = store.Take(request, _nowUnixMs, out var ids, out var filled);
        if (fault == EnqueueFault.ConnectionLost)
        {
            Break(connection);
        }
        else if (fault != EnqueueFault.AnswerLost)
        {
            connection.Send(refusal is var (code, text)
                ? new Reply.Rejected(request.Id, code, text)
                : new Reply.Accepted(request.Id, ids));
        }

        foreach (var queue in filled)
            Deliver(queue.Name);
    }

    private void Subscribe(MemoryConnection connection, Request.Receive request)
    {
        if (!MemoryChecks.IsName(request.Queue))
        {
            connection.Send(new Reply.Rejected(
                request.Subscription, WireCode.BadDestination, $"'{request.Queue}' is not the name of a queue"));
            return;
        }

        if (!connection.Subscriptions.TryGetValue(request.Subscription, out var subscription))
        {
            if (connection.Subscriptions.Count >= _limits.SubscriptionsMax)
            {
                connection.Send(new Reply.Rejected(request.Subscription, WireCode.TooManySubscriptions,
                    $"a connection has at most {_limits.SubscriptionsMax} subscriptions"));
                return;
            }

            subscription = new MemorySubscription(connection, request.Subscription, request.Queue);
            connection.Subscriptions.Add(request.Subscription, subscription);
            if (!_consumers.TryGetValue(request.Queue, out var consumers))
                _consumers[request.Queue] = consumers = [];
            consumers.AddLast(subscription);
        }

        if (subscription.Queue != request.Queue)
        {
            connection.Send(new Reply.Rejected(
                request.Subscription, WireCode.BadRequest, $"the subscription is to queue {subscription.Queue}; use another id"));
            return;
        }

        subscription.Credit = Math.Min(_limits.CreditMax, subscription.Credit + request.Credit);
        subscription.Lease = request.Lease ?? options.Lease;
        Deliver(request.Queue);
    }

    /// <summary>Hands out messages to the consumers in turn, as far as their credit goes.</summary>
    private void Deliver(string name)
    {
        if (HoldsBack || !_consumers.TryGetValue(name, out var consumers) || store.Find(name) is not { } queue)
            return;
        while (consumers.FirstOrDefault(consumer => consumer.Credit > 0) is { } consumer && queue.TakeFirst() is { } stored)
        {
            if (stored.IsExpired(_nowUnixMs))
                store.Bury(stored, DeadLetterReason.Expired, "its expiry passed before it was delivered");
            else if (stored.Deliveries >= options.DeliveriesMax)
                store.Bury(stored, DeadLetterReason.TooManyDeliveries, $"it was delivered {stored.Deliveries} times and never completed");
            else
                Lend(stored, consumer, consumers);
        }
    }

    private void Lend(StoredMessage stored, MemorySubscription consumer, LinkedList<MemorySubscription> consumers)
    {
        consumers.Remove(consumer);
        consumers.AddLast(consumer);
        consumer.Credit--;
        stored.Deliveries++;
        stored.IsLeased = true;
        var lease = new MemoryLease(consumer.Connection, stored);
        lease.Renew(consumer.Lease, _now);
        var token = store.NextToken();
        _leases.Add(token, lease);
        consumer.Connection.Send(new Reply.Delivery(consumer.Id, token, stored.ToDelivered()));
    }

    private void Settle(MemoryConnection connection, RequestId id, DeliveryToken token, Action<MemoryLease> settle)
    {
        if (LeaseOf(connection, id, token) is not { } lease)
            return;
        _leases.Remove(token);
        lease.Stored.IsLeased = false;
        settle(lease);
        connection.Send(new Reply.Settled(id));
        Deliver(lease.Stored.Queue.Name);
    }

    private void Release(MemoryLease lease)
    {
        lease.Stored.Deliveries--;
        lease.Stored.Queue.Return(lease.Stored, _now, _now);
    }

    private void Renew(MemoryConnection connection, Request.Renew request)
    {
        if (LeaseOf(connection, request.Id, request.Token) is not { } lease)
            return;
        lease.Renew(request.Lease ?? options.Lease, _now);
        connection.Send(new Reply.Settled(request.Id));
    }

    /// <summary>The lease, if the connection holds it; otherwise refuses the request.</summary>
    private MemoryLease? LeaseOf(MemoryConnection connection, RequestId id, DeliveryToken token)
    {
        if (_leases.TryGetValue(token, out var lease) && lease.Connection == connection)
            return lease;
        connection.Send(new Reply.Rejected(id, WireCode.LeaseLost, "the delivery is no longer held; expect the message again"));
        return null;
    }

    private List<PeekedMessage> Peek(Request.Peek request)
    {
        List<PeekedMessage> peeked = [];
        var bytes = 0L;
        foreach (var stored in store.Find(request.Queue)?.Messages.Where(stored => stored.Number > request.After) ?? [])
        {
            bytes += stored.SizeBytes;
            if (peeked.Count >= request.Count || (peeked.Count > 0 && bytes > PeekBytesMax))
                break;
            peeked.Add(new PeekedMessage(stored.Number, stored.ToDelivered()));
        }

        return peeked;
    }

    private Reply Count(Request.Depth request)
    {
        var name = request.Name.Contains("@") ? request.Name : $"{request.Name}@{options.Name}";
        if (MemoryChecks.FindTargets(name, options, out _) is var (code, text))
            return new Reply.Rejected(request.Id, code, text);
        var queue = store.Find(name);
        var news = links.TryGetValue(MemoryChecks.PeerOf(name)!, out var peer) ? NewsOf(peer) : null;
        return new Reply.Depth(
            request.Id, queue?.Count ?? 0, queue?.SizeBytes ?? 0, queue?.Messages.FirstOrDefault()?.Message.EnqueuedUnixMs ?? 0,
            news?.State ?? "", news?.Cause ?? "", news?.Text ?? "");
    }

    private static Reply.Peer NewsOf(PeerInfo peer) => new(peer.Name, peer.IsUp ? "up" : "down", peer.Cause, peer.Evidence);

    /// <summary>Ends what belongs to a connection.</summary>
    private void Forget(MemoryConnection connection)
    {
        foreach (var subscription in connection.Subscriptions.Values.ToList())
            End(subscription);
        connection.Peers.Clear();
        connection.IsWatching = false;
        foreach (var pair in _leases.Where(pair => pair.Value.Connection == connection).OrderBy(pair => pair.Key.Value).ToList())
            GiveBack(pair.Key, pair.Value);
    }

    /// <summary>A lease has ended, and its message was not settled.</summary>
    private void GiveBack(DeliveryToken token, MemoryLease lease)
    {
        _leases.Remove(token);
        store.Return(lease.Stored, TimeSpan.Zero, _now);
        Deliver(lease.Stored.Queue.Name);
    }

    private void End(MemorySubscription subscription)
    {
        subscription.Connection.Subscriptions.Remove(subscription.Id);
        var consumers = _consumers[subscription.Queue];
        consumers.Remove(subscription);
        if (consumers.Count == 0)
            _consumers.Remove(subscription.Queue);
    }
}
