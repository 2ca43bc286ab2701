using Gateway.Client.Wire;
using Gateway.Store;
using Gateway.Store.Commands;
using Gateway.Store.Messages;

namespace Gateway.Inbox;

/// <summary>
/// The inbound queues in use, their subscriptions, and the messages that consumers hold. All other queues, however many, exist in the store
/// alone. A pure state machine, owned by the loop.
/// </summary>
internal sealed class Inboxes(
    InboxSettings settings, WireLimits limits, LoopClock clock, IStoreInput store, IInboxTelemetry telemetry)
{
    private const int PeekBytesMax = 1024 * 1024;

    private readonly InboxLimits _inForce = new(settings);
    private readonly Dictionary<string, InboundQueue> _queues = [];
    private readonly Dictionary<string, Dictionary<RequestId, Subscription>> _subscriptions = [];
    private readonly LeaseTable _leases = new(clock);
    private readonly ActiveInboxes _active = new();

    /// <summary>The run of the gateway, which distinguishes its tokens from those of other runs.</summary>
    public Guid Incarnation { init => _leases.Begin(value); }

    /// <summary>The queues and leases held in memory.</summary>
    public (int Queues, int Leases) Remembered => (_queues.Count, _leases.Count);

    /// <summary>Suspends delivery from a queue until <see cref="LetGo"/> is called as often.</summary>
    public void Hold(QueueId queue) => QueueOf(queue.Name).Hold();

    public void LetGo(QueueId queue)
    {
        var held = QueueOf(queue.Name);
        held.LetGo();
        ForgetWhenUnused(held);
    }

    /// <summary>Messages of the queue up to this number may be with consumers and must not expire in the store; 0 if none is.</summary>
    public long ProtectedUpTo(QueueId queue) => _queues.TryGetValue(queue.Name, out var wanted) ? wanted.ProtectedUpTo : 0;

    /// <summary>Whether a consumer holds this message.</summary>
    public bool IsLeased(QueueId queue, long number) => _leases.IsHeld(queue, number);

    /// <summary>An operator removed these messages from a queue while it was held.</summary>
    public void OnTaken(QueueId queue, IReadOnlyCollection<long> numbers)
    {
        if (_queues.TryGetValue(queue.Name, out var held)) held.OnTaken(numbers);
    }

    public void OnStored(QueueId queue, StoredMessage message)
    {
        if (_queues.TryGetValue(queue.Name, out var wanted)) wanted.OnStored(message);
    }

    /// <summary>Opens a subscription, or gives more credit to an open one. Rejections go to <paramref name="replies"/>.</summary>
    /// <param name="isTogether">The messages of the subscription form one batch, settled one after the other by its holder.</param>
    public void Receive(string connection, Request.Receive request, IReplies replies, bool isTogether = false)
    {
        if (!Names.IsValid(request.Queue))
        {
            replies.Send(new Reply.Rejected(request.Subscription, WireCode.BadDestination,
                $"'{request.Queue}' is not a queue's name: 1 to 64 of a-z A-Z 0-9 . _ -, starting with a letter or digit"));
            return;
        }

        if (_queues.GetValueOrDefault(request.Queue)?.Inner is { } inner)
        {
            replies.Send(new Reply.Rejected(request.Subscription, WireCode.NotAuthorised, OwnedBy(inner)));
            return;
        }

        if (!_subscriptions.TryGetValue(connection, out var own)) own = [];
        if (!own.TryGetValue(request.Subscription, out var subscription))
        {
            if (own.Count >= limits.SubscriptionsMax)
            {
                replies.Send(new Reply.Rejected(request.Subscription, WireCode.TooManySubscriptions,
                    $"a connection has at most {limits.SubscriptionsMax} subscriptions"));
                return;
            }

            subscription = new Subscription(connection, request.Subscription, QueueOf(request.Queue), replies);
            own.Add(request.Subscription, subscription);
            _subscriptions[connection] = own;
            subscription.Queue.Add(subscription);
        }

        if (subscription.Queue.Id.Name != request.Queue)
        {
            replies.Send(new Reply.Rejected(request.Subscription, WireCode.BadRequest,
                $"the subscription is to queue {subscription.Queue.Id.Name}; use another id for {request.Queue}"));
            return;
        }

        subscription.Credit = (int)Math.Min(limits.CreditMax, (long)subscription.Credit + request.Credit);
        subscription.Lease = request.Lease ?? _inForce.Now.Lease;
        if (isTogether) subscription.Batch ??= new LeaseBatch(subscription.Lease);
        subscription.Queue.Deliver();
    }

    /// <summary>
    /// Opens a subscription of a part of the gateway, which alone empties the queue from now on: those of applications end. They still
    /// settle what they hold.
    /// </summary>
    /// <param name="holder">Whom applications are told, such as <c>outlet billing</c>; unique among the subscriptions of this kind.</param>
    public InnerSubscription OpenInner(string queue, string holder, IInnerConsumer consumer)
    {
        var inbound = QueueOf(queue);
        Invariant.Require(inbound.Inner is null, "one inlet or outlet empties a queue");
        var subscription = new Subscription(holder, RequestId.FromNumber(0), inbound, replies: null)
        { Inner = consumer, Lease = Subscription.Endless };
        foreach (var (connection, own) in _subscriptions.ToList())
        {
            foreach (var (id, other) in own.Where(pair => pair.Value.Queue == inbound).ToList())
            {
                own.Remove(id);
                inbound.Remove(other);
                other.Reject(OwnedBy(subscription));
            }

            if (own.Count == 0) _subscriptions.Remove(connection);
        }

        inbound.Add(subscription);
        return new InnerSubscription(this, subscription);
    }

    /// <summary>Ends the subscription of a part of the gateway, and puts back what it holds.</summary>
    public void CloseInner(Subscription subscription)
    {
        subscription.Queue.Remove(subscription);
        foreach (var lease in _leases.Of(subscription.Connection)) lease.Queue.Release(lease, done: null);
        ForgetWhenUnused(subscription.Queue);
    }

    /// <summary>Returns the lease if this connection holds it.</summary>
    public Lease? FindLease(DeliveryToken token, string connection) => _leases.Find(token, connection);

    /// <summary>Whether a read of the queue from the store is under way.</summary>
    public bool IsLooking(string queue) => _queues.TryGetValue(queue, out var wanted) && wanted.IsLooking;

    public void Stop(string connection, Request.Stop request, IReplies replies)
    {
        if (_subscriptions.TryGetValue(connection, out var own) && own.Remove(request.Subscription, out var subscription))
        {
            if (own.Count == 0) _subscriptions.Remove(connection);
            End(subscription);
        }

        replies.Send(new Reply.Stopped(request.Subscription));
    }

    /// <summary>
    /// Ends the subscriptions of a connection to queues from which it may not receive any more; it still settles what it holds.
    /// </summary>
    /// <returns>Those that have ended, with their queues.</returns>
    public IReadOnlyList<(RequestId Subscription, string Queue)> Withdraw(string connection, Func<string, bool> mayReceive)
    {
        if (!_subscriptions.TryGetValue(connection, out var own)) return [];
        var ended = own.Where(pair => !mayReceive(pair.Value.Queue.Id.Name)).ToList();
        foreach (var (id, subscription) in ended)
        {
            own.Remove(id);
            End(subscription);
        }

        if (own.Count == 0) _subscriptions.Remove(connection);
        return [.. ended.Select(pair => (pair.Key, pair.Value.Queue.Id.Name))];
    }

    /// <summary>Replaces the settings by those of another configuration, for deliveries and leases that begin from now on.</summary>
    public void Use(InboxSettings settings) => _inForce.Now = settings;

    /// <summary>
    /// Settles or renews a delivery that the consumer holds; <paramref name="answer"/> gets the reply once it is durable.
    /// </summary>
    public void Settle(string connection, Request request, RequestId id, DeliveryToken token, Action<Reply> answer)
    {
        if (_leases.Find(token, connection) is not { } lease)
        {
            answer(new Reply.Rejected(id, WireCode.LeaseLost, "the delivery is no longer held: its lease ran out, it was settled, "
                + "or the connection is new; expect the message again"));
            return;
        }

        var batch = lease.Batch;
        if (batch is not null) batch.Settling++;
        switch (request)
        {
            case Request.Complete: lease.Queue.Complete(lease, Done); break;
            case Request.Reject reject: lease.Queue.Reject(lease, DeadLetterReason.Rejected, reject.Reason, Done); break;
            case Request.Abandon abandon: lease.Queue.Return(lease, abandon.Delay, Done); break;
            case Request.Release: lease.Queue.Release(lease, Done); break;
            case Request.Renew renew:
                _leases.Renew(lease, renew.Lease ?? _inForce.Now.Lease);
                Done();
                break;
            default: throw new InvariantException($"{request.GetType().Name} settles nothing");
        }

        if (batch is not null) _leases.Renew(batch);
        ForgetWhenUnused(lease.Queue);

        // The time the disk took does not count against the holder.
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
        store.Submit(new ReadQueueCommand(QueueId.Inbound(request.Queue), request.After, request.Count, PeekBytesMax, found =>
            answer(new Reply.Peeked(request.Id, found.Select(Describe).ToList()))));

    /// <summary>The connection is lost: its subscriptions end, and the messages it held become available at once.</summary>
    public void OnConnectionLost(string connection)
    {
        if (_subscriptions.Remove(connection, out var own))
        {
            foreach (var subscription in own.Values) End(subscription);
        }

        foreach (var lease in _leases.Of(connection)) GiveBack(lease);
    }

    /// <summary>The time of the next scheduled tick, in the loop's uptime; <see cref="TimeSpan.MaxValue"/> for none.</summary>
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

    /// <summary>Applications choose queue names freely, so unused names must not stay in memory.</summary>
    private void ForgetWhenUnused(InboundQueue queue)
    {
        if (queue.IsForgettable && _queues.GetValueOrDefault(queue.Id.Name) == queue) _queues.Remove(queue.Id.Name);
    }

    private InboundQueue QueueOf(string name)
    {
        if (!_queues.TryGetValue(name, out var queue))
            _queues[name] = queue = new InboundQueue(QueueId.Inbound(name), _inForce, clock, store, _leases, _active, telemetry);
        return queue;
    }

    private static string OwnedBy(Subscription inner) =>
        $"the {inner.Connection} empties the queue {inner.Queue.Id.Name} (Gateway:Tcp); no application may receive from it";

    private static PeekedMessage Describe(StoredMessage stored) => new(stored.Number, new DeliveredMessage(
        stored.Message.Id,
        stored.Deliveries,
        stored.Message.Headers,
        stored.Message.EnqueuedUnixMs,
        stored.Message.ExpiresUnixMs,
        stored.Message.Source,
        stored.Message.Body));
}
