using Gateway.Client.Wire;
using Gateway.Store;
using Gateway.Store.Commands;

namespace Gateway.Inbox;

/// <summary>All inbound queues, the subscriptions to them, and what consumers hold. A pure state machine, owned by the loop.</summary>
internal sealed class Inboxes(InboxSettings settings, WireLimits limits, LoopClock clock, Action<StoreCommand> submit)
{
    private const int PeekBytesMax = 1024 * 1024;

    private readonly Dictionary<string, InboundQueue> _queues = [];
    private readonly Dictionary<(string Connection, RequestId Id), Subscription> _subscriptions = [];
    private readonly LeaseTable _leases = new(clock);

    /// <summary>The run of the gateway, by which its tokens are told from those of other runs.</summary>
    public Guid Incarnation { init => _leases.Begin(value); }

    /// <summary>Is told what is delivered, and how that ends.</summary>
    public ITelemetry Telemetry { get; init; } = NoTelemetry.Instance;

    /// <summary>Messages of a queue up to the number may be with consumers; they must not expire in the store.</summary>
    public IEnumerable<(QueueId Queue, long UpTo)> Held =>
        _queues.Values.Where(queue => queue.ProtectedUpTo > 0).Select(queue => (queue.Id, queue.ProtectedUpTo));

    /// <summary>How many queues and leases are remembered: what memory is spent on.</summary>
    public (int Queues, int Leases) Remembered => (_queues.Count, _leases.Count);

    /// <summary>A queue that the store knew when the gateway started.</summary>
    public void AddKnownQueue(QueueId queue, long lastNumber) => QueueOf(queue.Name).SetTail(lastNumber);

    /// <summary>The store has forgotten these queues when they were empty, each with the last number that it had given.</summary>
    public void OnForgotten(IReadOnlyList<(QueueId Queue, long LastNumber)> forgotten)
    {
        foreach (var (id, lastNumber) in forgotten)
        {
            if (id.Kind != QueueKind.Inbound || !_queues.TryGetValue(id.Name, out var queue)) continue;
            queue.OnForgotten(lastNumber);
            if (queue.IsForgettable) _queues.Remove(id.Name);
        }
    }

    /// <summary>Hands nothing of a queue out until it is let go as often.</summary>
    public void Hold(QueueId queue) => QueueOf(queue.Name).Hold();

    /// <summary>What was loaded and not handed out is read again.</summary>
    public void Reload()
    {
        foreach (var queue in _queues.Values) queue.Reload();
    }

    public void LetGo(QueueId queue)
    {
        var held = QueueOf(queue.Name);
        held.LetGo();
        if (held.IsForgettable) _queues.Remove(queue.Name);
    }

    /// <summary>A consumer has this message now.</summary>
    public bool IsLeased(QueueId queue, long number) => _leases.IsHeld(queue, number);

    /// <summary>These have left a queue by an operator's act, while it was held.</summary>
    public void OnTaken(QueueId queue, IReadOnlyCollection<long> numbers) => QueueOf(queue.Name).OnTaken(numbers);

    public void OnStored(QueueId queue, StoredMessage message) => QueueOf(queue.Name).OnStored(message);

    /// <summary>Opens a subscription, or gives an open one more credit. Refusals go to <paramref name="send"/>.</summary>
    public void Receive(string connection, Request.Receive request, Action<Reply> send)
    {
        if (!Names.IsValid(request.Queue))
        {
            send(new Reply.Rejected(request.Subscription, WireCode.BadDestination, $"'{request.Queue}' is not a queue's name: 1 to 64 of a-z A-Z 0-9 . _ -, starting with a letter or digit"));
            return;
        }

        var key = (connection, request.Subscription);
        if (!_subscriptions.TryGetValue(key, out var subscription))
        {
            if (_subscriptions.Keys.Count(other => other.Connection == connection) >= limits.SubscriptionsMax)
            {
                send(new Reply.Rejected(request.Subscription, WireCode.TooManySubscriptions, $"a connection has at most {limits.SubscriptionsMax} subscriptions"));
                return;
            }

            subscription = new Subscription(connection, request.Subscription, QueueOf(request.Queue), send);
            _subscriptions.Add(key, subscription);
            subscription.Queue.Add(subscription);
        }

        if (subscription.Queue.Id.Name != request.Queue)
        {
            send(new Reply.Rejected(request.Subscription, WireCode.BadRequest, $"the subscription is to queue {subscription.Queue.Id.Name}; use another id for {request.Queue}"));
            return;
        }

        subscription.Credit = (int)Math.Min(limits.CreditMax, (long)subscription.Credit + request.Credit);
        subscription.Lease = request.Lease ?? settings.Lease;
        subscription.Queue.Deliver();
    }

    public void Stop(string connection, Request.Stop request, Action<Reply> send)
    {
        if (_subscriptions.Remove((connection, request.Subscription), out var subscription)) End(subscription);
        send(new Reply.Stopped(request.Subscription));
    }

    /// <summary>What a consumer does with a delivery that it holds; <paramref name="answer"/> gets the reply when it is durable.</summary>
    public void Settle(string connection, Request request, RequestId id, DeliveryToken token, Action<Reply> answer)
    {
        if (_leases.Find(token, connection) is not { } lease)
        {
            answer(new Reply.Rejected(id, WireCode.LeaseLost, "the delivery is not held any more: its lease ran out, it was settled, or the connection is new; expect the message again"));
            return;
        }

        void Done() => answer(new Reply.Settled(id));
        switch (request)
        {
            case Request.Complete: lease.Queue.Complete(lease, Done); break;
            case Request.Reject reject: lease.Queue.Reject(lease, reject.Reason, Done); break;
            case Request.Abandon abandon: lease.Queue.Return(lease, abandon.Delay, Done); break;
            case Request.Release: lease.Queue.Release(lease, Done); break;
            case Request.Renew renew:
                _leases.Renew(lease, renew.Lease ?? settings.Lease);
                Done();
                break;
            default: throw new InvariantException($"{request.GetType().Name} settles nothing");
        }
    }

    public void Peek(Request.Peek request, Action<Reply> answer) =>
        submit(new ReadQueueCommand(QueueId.Inbound(request.Queue), request.After, request.Count, PeekBytesMax, found =>
            answer(new Reply.Peeked(request.Id, found.Select(Describe).ToList()))));

    /// <summary>The connection is gone: its subscriptions end, and what it held becomes available at once.</summary>
    public void OnConnectionLost(string connection)
    {
        foreach (var (key, subscription) in _subscriptions.Where(pair => pair.Key.Connection == connection).ToList())
        {
            _subscriptions.Remove(key);
            End(subscription);
        }

        foreach (var lease in _leases.Of(connection)) lease.Queue.Return(lease, TimeSpan.Zero, done: null);
    }

    /// <summary>When <see cref="Tick"/> has something to do, unless something happens before.</summary>
    public TimeSpan NextTick => _queues.Values.Select(queue => queue.NextTick).Append(_leases.NextDeadline).Min();

    public void Tick()
    {
        while (_leases.NextOverdue() is { } lease) lease.Queue.Return(lease, TimeSpan.Zero, done: null);
        foreach (var queue in _queues.Values) queue.Tick();
    }

    private void End(Subscription subscription)
    {
        var queue = subscription.Queue;
        queue.Remove(subscription);
        // Names are the application's to choose, and it may choose ever new ones.
        if (queue.IsForgettable) _queues.Remove(queue.Id.Name);
    }

    private InboundQueue QueueOf(string name)
    {
        if (!_queues.TryGetValue(name, out var queue)) _queues[name] = queue = new InboundQueue(QueueId.Inbound(name), settings, clock, submit, _leases, Telemetry);
        return queue;
    }

    private static PeekedMessage Describe(StoredMessage stored) => new(stored.Number, new DeliveredMessage(
        stored.Message.Id,
        stored.Deliveries,
        stored.Message.Headers,
        stored.Message.EnqueuedUnixMs,
        stored.Message.ExpiresUnixMs,
        stored.Message.Source,
        stored.Message.Body));
}
