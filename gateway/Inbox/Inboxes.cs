using Gateway.Client.Wire;
using Gateway.Store;
using Gateway.Store.Commands;

namespace Gateway.Inbox;

/// <summary>
/// The inbound queues that somebody wants something of, the subscriptions to them, and what consumers hold. All others are in the store
/// alone, however many there are. A pure state machine, owned by the loop.
/// </summary>
internal sealed class Inboxes(
    InboxSettings settings, WireLimits limits, LoopClock clock, Action<StoreCommand> submit, IInboxTelemetry telemetry)
{
    private const int PeekBytesMax = 1024 * 1024;

    private readonly Dictionary<string, InboundQueue> _queues = [];
    private readonly Dictionary<string, Dictionary<RequestId, Subscription>> _subscriptions = [];
    private readonly LeaseTable _leases = new(clock);
    private readonly ActiveInboxes _active = new();

    /// <summary>The run of the gateway, by which its tokens are told from those of other runs.</summary>
    public Guid Incarnation { init => _leases.Begin(value); }

    /// <summary>How many queues and leases are remembered: what memory is spent on.</summary>
    public (int Queues, int Leases) Remembered => (_queues.Count, _leases.Count);

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
        ForgetWhenUnused(held);
    }

    /// <summary>Messages of the queue up to this number may be with consumers; they must not expire in the store. 0 if none.</summary>
    public long ProtectedUpTo(QueueId queue) => _queues.TryGetValue(queue.Name, out var wanted) ? wanted.ProtectedUpTo : 0;

    /// <summary>A consumer has this message now.</summary>
    public bool IsLeased(QueueId queue, long number) => _leases.IsHeld(queue, number);

    /// <summary>These have left a queue by an operator's act, while it was held.</summary>
    public void OnTaken(QueueId queue, IReadOnlyCollection<long> numbers)
    {
        if (_queues.TryGetValue(queue.Name, out var held)) held.OnTaken(numbers);
    }

    public void OnStored(QueueId queue, StoredMessage message)
    {
        if (_queues.TryGetValue(queue.Name, out var wanted)) wanted.OnStored(message);
    }

    /// <summary>Opens a subscription, or gives an open one more credit. Refusals go to <paramref name="send"/>.</summary>
    /// <param name="isTogether">What comes on the subscription is one batch, whose holder settles one message after the other.</param>
    public void Receive(string connection, Request.Receive request, Action<Reply> send, bool isTogether = false)
    {
        if (!Names.IsValid(request.Queue))
        {
            send(new Reply.Rejected(request.Subscription, WireCode.BadDestination,
                $"'{request.Queue}' is not a queue's name: 1 to 64 of a-z A-Z 0-9 . _ -, starting with a letter or digit"));
            return;
        }

        if (!_subscriptions.TryGetValue(connection, out var own)) own = [];
        if (!own.TryGetValue(request.Subscription, out var subscription))
        {
            if (own.Count >= limits.SubscriptionsMax)
            {
                send(new Reply.Rejected(request.Subscription, WireCode.TooManySubscriptions,
                    $"a connection has at most {limits.SubscriptionsMax} subscriptions"));
                return;
            }

            subscription = new Subscription(connection, request.Subscription, QueueOf(request.Queue), send);
            own.Add(request.Subscription, subscription);
            _subscriptions[connection] = own;
            subscription.Queue.Add(subscription);
        }

        if (subscription.Queue.Id.Name != request.Queue)
        {
            send(new Reply.Rejected(request.Subscription, WireCode.BadRequest,
                $"the subscription is to queue {subscription.Queue.Id.Name}; use another id for {request.Queue}"));
            return;
        }

        subscription.Credit = (int)Math.Min(limits.CreditMax, (long)subscription.Credit + request.Credit);
        subscription.Lease = request.Lease ?? settings.Lease;
        if (isTogether) subscription.Batch ??= new LeaseBatch(subscription.Lease);
        subscription.Queue.Deliver();
    }

    /// <summary>The store is being asked what the queue holds.</summary>
    public bool IsLooking(string queue) => _queues.TryGetValue(queue, out var wanted) && wanted.IsLooking;

    public void Stop(string connection, Request.Stop request, Action<Reply> send)
    {
        if (_subscriptions.TryGetValue(connection, out var own) && own.Remove(request.Subscription, out var subscription))
        {
            if (own.Count == 0) _subscriptions.Remove(connection);
            End(subscription);
        }

        send(new Reply.Stopped(request.Subscription));
    }

    /// <summary>What a consumer does with a delivery that it holds; <paramref name="answer"/> gets the reply when it is durable.</summary>
    public void Settle(string connection, Request request, RequestId id, DeliveryToken token, Action<Reply> answer)
    {
        if (_leases.Find(token, connection) is not { } lease)
        {
            answer(new Reply.Rejected(id, WireCode.LeaseLost, "the delivery is not held any more: its lease ran out, it was settled, "
                + "or the connection is new; expect the message again"));
            return;
        }

        var batch = lease.Batch;
        if (batch is not null) batch.Settling++;
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

        if (batch is not null) _leases.Renew(batch);
        ForgetWhenUnused(lease.Queue);

        // The time that the disk took is not the holder's.
        void Done()
        {
            if (batch is not null)
            {
                batch.Settling--;
                _leases.Renew(batch);
            }

            answer(new Reply.Settled(id));
        }
    }

    public void Peek(Request.Peek request, Action<Reply> answer) =>
        submit(new ReadQueueCommand(QueueId.Inbound(request.Queue), request.After, request.Count, PeekBytesMax, found =>
            answer(new Reply.Peeked(request.Id, found.Select(Describe).ToList()))));

    /// <summary>The connection is gone: its subscriptions end, and what it held becomes available at once.</summary>
    public void OnConnectionLost(string connection)
    {
        if (_subscriptions.Remove(connection, out var own))
        {
            foreach (var subscription in own.Values) End(subscription);
        }

        foreach (var lease in _leases.Of(connection)) GiveBack(lease);
    }

    /// <summary>When <see cref="Tick"/> has something to do, unless something happens before.</summary>
    public TimeSpan NextTick => _leases.NextDeadline < _active.NextWake ? _leases.NextDeadline : _active.NextWake;

    public void Tick()
    {
        while (_leases.NextOverdue() is { } lease) GiveBack(lease);
        while (_active.TakeDue(clock.Uptime) is { } due) due.Tick();
    }

    private void GiveBack(Lease lease)
    {
        lease.Queue.Return(lease, TimeSpan.Zero, done: null);
        ForgetWhenUnused(lease.Queue);
    }

    private void End(Subscription subscription)
    {
        subscription.Queue.Remove(subscription);
        ForgetWhenUnused(subscription.Queue);
    }

    /// <summary>Names are the application's to choose, and it may choose ever new ones.</summary>
    private void ForgetWhenUnused(InboundQueue queue)
    {
        if (queue.IsForgettable && _queues.GetValueOrDefault(queue.Id.Name) == queue) _queues.Remove(queue.Id.Name);
    }

    private InboundQueue QueueOf(string name)
    {
        if (!_queues.TryGetValue(name, out var queue))
            _queues[name] = queue = new InboundQueue(QueueId.Inbound(name), settings, clock, submit, _leases, _active, telemetry);
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
