using Gateway.Store;
using Gateway.Store.Commands;
using Gateway.Store.Messages;

namespace Gateway.Inbox;

/// <summary>
/// The consuming end of one local queue: hands messages to subscriptions with credit, in order, returned messages before new ones. Only
/// messages that consumers hold, or that wait for redelivery, are in memory, within limits. A pure state machine, owned by the loop.
/// </summary>
internal sealed partial class InboundQueue : IQueueReader
{
    /// <summary>
    /// The interval at which messages waiting for redelivery are searched for expired ones, and for those due by the wall clock.
    /// </summary>
    private static readonly TimeSpan _sweepEvery = TimeSpan.FromSeconds(1);

    private readonly QueueId _id;
    private readonly InboxLimits _limits;
    private readonly LoopClock _clock;
    private readonly IStoreInput _store;
    private readonly LeaseTable _leases;
    private readonly ActiveInboxes _active;
    private readonly IInboxTelemetry _telemetry;
    private readonly QueueCursor _cursor;
    private readonly LinkedList<Subscription> _subscriptions = [];
    private readonly SortedDictionary<long, HeldMessage> _returned = [];

    /// <summary>Messages abandoned in this run, by the uptime at which their delay ends.</summary>
    private readonly PriorityQueue<HeldMessage, TimeSpan> _delayed = new();

    /// <summary>
    /// Messages abandoned in an earlier run, by the wall-clock time at which their delay ends: its length is no longer known, and the clock
    /// may yet be corrected.
    /// </summary>
    private readonly PriorityQueue<HeldMessage, long> _delayedBefore = new();

    /// <summary>Messages that a part of the gateway has set aside and wants again, or that are being read for it.</summary>
    private readonly SetAsideMessages _aside;
    private int _leased;
    private int _heldMessages;
    private long _heldBytes;
    private long _handedOutUpTo;
    private int _holds;
    private bool _isDelivering;

    /// <summary>The setbacks of the clock at which the loaded messages were last read.</summary>
    private int _setbacks;

    public InboundQueue(QueueId id, InboxLimits limits, LoopClock clock, IStoreInput store, LeaseTable leases,
        ActiveInboxes active, IInboxTelemetry telemetry)
    {
        _id = id;
        _limits = limits;
        _clock = clock;
        _store = store;
        _leases = leases;
        _active = active;
        _telemetry = telemetry;
        Serial = active.NextSerial();
        _setbacks = clock.Setbacks;
        _aside = new SetAsideMessages(id, store, OnFetched);
        _cursor = new QueueCursor(id, store, this);
        _cursor.SetTail(QueueCursor.UnknownTail);
    }

    public QueueId Id => _id;

    /// <summary>Distinguishes this inbox from the others.</summary>
    public long Serial { get; }

    /// <summary>The time of the next tick, in the loop's uptime; kept by <see cref="ActiveInboxes"/>.</summary>
    public TimeSpan WakeAt { get; set; } = TimeSpan.MaxValue;

    /// <summary>Messages up to this number may be with consumers and must not expire in the store; 0 if none is.</summary>
    public long ProtectedUpTo => _heldMessages > 0 ? _handedOutUpTo : 0;

    /// <summary>No consumer or operator uses the queue: the store holds all there is to know.</summary>
    public bool IsForgettable => _subscriptions.Count == 0 && _leased == 0 && _holds == 0;

    /// <summary>A part of the gateway empties the queue; null if none does.</summary>
    public Subscription? Inner => _subscriptions.First?.Value is { Inner: not null } only ? only : null;

    private bool HasRoom => _heldMessages == 0 || (_heldMessages < _limits.Now.HeldMessagesMax && _heldBytes < _limits.Now.HeldBytesMax);

    /// <summary>A read from the store is under way.</summary>
    public bool IsLooking => _cursor.IsReading;

    /// <summary>Suspends delivery until <see cref="LetGo"/> is called as often: an operator works on the queue or has paused it.</summary>
    public void Hold() => _holds++;

    /// <summary>Ends one hold. Loaded messages may be gone by now, so they are read again.</summary>
    public void LetGo()
    {
        Invariant.Require(_holds > 0, "a queue is let go as often as it was held");
        if (--_holds > 0) return;
        Reload();
        Deliver();
        Schedule();
    }

    /// <summary>An operator removed these messages while the queue was held; none of them is with a consumer.</summary>
    public void OnTaken(IReadOnlyCollection<long> numbers)
    {
        foreach (var number in numbers)
        {
            if (!_returned.Remove(number, out var held)) continue;
            Unhold(held);
            Inner?.Inner?.OnGone(number);
        }

        var taken = numbers.ToHashSet();
        TakeOut(_delayed, taken);
        TakeOut(_delayedBefore, taken);
        Schedule();
    }

    public void OnStored(StoredMessage message)
    {
        _cursor.OnStored(message);
        Deliver();
    }

    public void Add(Subscription subscription)
    {
        if (_subscriptions.Count == 0 && _leased == 0) _cursor.Open(after: 0);
        _subscriptions.AddLast(subscription);
    }

    public void Remove(Subscription subscription)
    {
        _subscriptions.Remove(subscription);
        ForgetWhenUnused();
    }

    /// <inheritdoc/>
    void IQueueReader.OnRead() => Deliver();

    /// <summary>Delivers messages to the subscriptions in turn, as far as their credit allows.</summary>
    public void Deliver()
    {
        // A consumer within the gateway may give credit and settle when it gets a message.
        if (_isDelivering) return;
        if (_setbacks != _clock.Setbacks) Reload();
        Fetch([]);
        var handedOutBefore = _handedOutUpTo;
        _isDelivering = true;
        while (NextSubscription() is { } subscription && NextMessage() is { } message) Deliver(subscription, message);
        _isDelivering = false;
        // A part of the gateway records the deliveries that matter to it.
        if (_handedOutUpTo > handedOutBefore && Inner is null) _store.Submit(new DeliveredCommand(_id, _handedOutUpTo));
    }

    /// <summary>The consumer has completed the message.</summary>
    public void Complete(Lease lease, Action done)
    {
        Unlease(lease, Settlement.Completed);
        _store.Submit(new CompleteCommand(_id, lease.Held.Stored.Number, done));
        AfterSettling();
    }

    /// <summary>The consumer has rejected the message for good.</summary>
    public void Reject(Lease lease, DeadLetterReason reason, string text, Action done)
    {
        Unlease(lease, Settlement.Rejected);
        _store.Submit(new DeadLetterCommand(_id, lease.Held.Stored.Number, reason, _clock.NowUnixMs, text, done));
        AfterSettling();
    }

    /// <summary>
    /// The delivery failed, because the consumer abandoned it or its lease or connection ended. The message is redelivered later, or
    /// becomes a dead letter after too many deliveries.
    /// </summary>
    /// <param name="done">Null if no caller waits for it.</param>
    public void Return(Lease lease, TimeSpan delay, Action? done)
    {
        Unlease(lease, done is null ? Settlement.LeaseLost : Settlement.Abandoned);
        var held = lease.Held;
        if (held.Deliveries >= _limits.Now.DeliveriesMax)
        {
            var text = $"it was delivered {Figures.Times(held.Deliveries)} and never completed";
            _store.Submit(new DeadLetterCommand(_id, held.Stored.Number, DeadLetterReason.TooManyDeliveries, _clock.NowUnixMs, text, done));
        }
        else
        {
            var notBefore = delay > TimeSpan.Zero ? (_clock.Now + delay).ToUnixTimeMilliseconds() : 0;
            PutBack(held with { Stored = held.Stored with { NotBeforeUnixMs = notBefore } }, done);
        }

        AfterSettling();
    }

    /// <summary>The consumer has returned the message unprocessed.</summary>
    /// <param name="done">Null if no caller waits for it.</param>
    public void Release(Lease lease, Action? done)
    {
        Unlease(lease, Settlement.Released);
        var deliveries = lease.Held.Deliveries - (lease.IsRecorded ? 0 : 1);
        // An earlier delay is over, even if the clock was set back since.
        PutBack(lease.Held with { Deliveries = deliveries, Stored = lease.Held.Stored with { NotBeforeUnixMs = 0 } }, done);
        AfterSettling();
    }

    /// <summary>Records the delivery while the consumer holds the message.</summary>
    public void Record(Lease lease, Action recorded)
    {
        lease.IsRecorded = true;
        _store.Submit(new ReturnCommand(_id, lease.Held.Stored.Number, lease.Held.Deliveries, notBeforeUnixMs: 0, recorded));
    }

    /// <summary>Called at <see cref="WakeAt"/>: makes abandoned messages available whose delay is over, and removes expired ones.</summary>
    public void Tick()
    {
        while (_delayed.TryPeek(out var held, out var due) && due <= _clock.Uptime)
        {
            _delayed.Dequeue();
            _returned[held.Stored.Number] = held;
        }

        while (_delayedBefore.TryPeek(out var before, out var notBeforeUnixMs) && notBeforeUnixMs <= _clock.NowUnixMs)
        {
            _delayedBefore.Dequeue();
            _returned[before.Stored.Number] = before;
        }

        if (_holds == 0)
        {
            foreach (var held in _returned.Values.Where(held => held.Stored.Message.IsExpired(_clock.Now)).ToList())
            {
                _returned.Remove(held.Stored.Number);
                BuryReturned(held);
            }

            Deliver();
        }

        Schedule();
    }

    /// <summary>Reads the messages again that were loaded and not delivered.</summary>
    private void Reload()
    {
        _setbacks = _clock.Setbacks;
        if (_cursor.IsOpen) _cursor.Open(_handedOutUpTo);
    }

    private void Deliver(Subscription subscription, HeldMessage message)
    {
        _subscriptions.Remove(subscription);
        _subscriptions.AddLast(subscription);
        subscription.Credit--;
        subscription.Deliver(Grant(subscription, message));
    }

    /// <summary>Returns the next subscription with credit; once it gets a message, it moves to the end of the row.</summary>
    private Subscription? NextSubscription()
    {
        if (_holds > 0) return null;
        for (var node = _subscriptions.First; node is not null; node = node.Next)
        {
            if (node.Value.Credit > 0) return node.Value;
        }

        return null;
    }

    /// <summary>Returns the next message, with its new delivery counted; null if there is none for now.</summary>
    private HeldMessage? NextMessage()
    {
        while (_returned.Count > 0)
        {
            var held = _returned.First().Value;
            _returned.Remove(held.Stored.Number);
            if (!held.Stored.Message.IsExpired(_clock.Now)) return held with { Deliveries = held.Deliveries + 1 };
            BuryReturned(held);
        }

        while (HasRoom && _cursor.TryPeek(out var stored))
        {
            _cursor.Take();
            _handedOutUpTo = Math.Max(_handedOutUpTo, stored.Number);
            if (stored.Message.IsExpired(_clock.Now))
            {
                Bury(stored, DeadLetterReason.Expired, "its expiry passed before it was delivered");
            }
            else if (stored.Deliveries >= _limits.Now.DeliveriesMax && Inner is null)
            {
                Bury(stored, DeadLetterReason.TooManyDeliveries,
                    $"it was delivered {Figures.Times(stored.Deliveries)} and never completed");
            }
            else if (stored.NotBeforeUnixMs > _clock.NowUnixMs)
            {
                var before = new HeldMessage(stored, stored.Deliveries);
                Count(before, 1);
                _delayedBefore.Enqueue(before, stored.NotBeforeUnixMs);
                Schedule();
            }
            else
            {
                var message = new HeldMessage(stored, stored.Deliveries + 1);
                Count(message, 1);
                return message;
            }
        }

        return null;
    }

    private void Unlease(Lease lease, Settlement how)
    {
        _leases.End(lease);
        _telemetry.Settled(_id, lease.Held.Stored.Number, how);
        _leased--;
        Unhold(lease.Held);
    }

    /// <summary>Returns the message to the queue and records it in the store, so that its delivery count survives a restart.</summary>
    private void PutBack(HeldMessage held, Action? done)
    {
        _store.Submit(new ReturnCommand(_id, held.Stored.Number, held.Deliveries, held.Stored.NotBeforeUnixMs, done));
        Hold(held);
    }

    private void Hold(HeldMessage held)
    {
        Count(held, 1);
        if (held.Stored.NotBeforeUnixMs > _clock.NowUnixMs)
            _delayed.Enqueue(held, _clock.Uptime + TimeSpan.FromMilliseconds(held.Stored.NotBeforeUnixMs - _clock.NowUnixMs));
        else _returned[held.Stored.Number] = held;
        Schedule();
    }

    private void Schedule()
    {
        var due = _delayed.TryPeek(out _, out var back) ? back : TimeSpan.MaxValue;
        var sweep = _delayedBefore.Count > 0 || (_returned.Count > 0 && _holds == 0) ? _clock.Uptime + _sweepEvery : TimeSpan.MaxValue;
        // An earlier scheduled sweep is never postponed by a new message.
        if (sweep < due) due = sweep;
        if (due < WakeAt || _delayed.Count + _delayedBefore.Count + _returned.Count == 0) _active.Wake(this, due);
    }

    private void TakeOut<T>(PriorityQueue<HeldMessage, T> delayed, HashSet<long> taken)
    {
        var all = delayed.UnorderedItems.ToList();
        delayed.Clear();
        foreach (var (held, due) in all)
        {
            if (taken.Contains(held.Stored.Number)) Unhold(held);
            else delayed.Enqueue(held, due);
        }
    }

    private void Unhold(HeldMessage held) => Count(held, -1);

    private void Count(HeldMessage held, int sign)
    {
        _heldMessages += sign;
        _heldBytes += sign * held.SizeBytes;
    }

    private void BuryReturned(HeldMessage held)
    {
        Bury(held.Stored, DeadLetterReason.Expired, "its expiry passed while it waited to be delivered again");
        Unhold(held);
        Inner?.Inner?.OnGone(held.Stored.Number);
    }

    private void Bury(StoredMessage stored, DeadLetterReason reason, string text) =>
        _store.Submit(new DeadLetterCommand(_id, stored.Number, reason, _clock.NowUnixMs, text, done: null));

    private void AfterSettling()
    {
        ForgetWhenUnused();
        Deliver();
    }

    /// <summary>Without consumers the queue keeps nothing in memory: the store holds everything.</summary>
    private void ForgetWhenUnused()
    {
        if (_subscriptions.Count > 0 || _leased > 0) return;
        _cursor.Close();
        _aside.Forget();
        _returned.Clear();
        _delayed.Clear();
        _delayedBefore.Clear();
        _heldMessages = 0;
        _heldBytes = 0;
        _handedOutUpTo = 0;
        Schedule();
    }
}
