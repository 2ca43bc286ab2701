using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Gateway.Store;
using Gateway.Store.Commands;
using Gateway.Store.Messages;

namespace Gateway.Links.Sending;

/// <summary>
/// The sending end of one outgoing queue on a link: the messages sent on this connection, those acknowledged, and the next to send. Owned
/// by its link.
/// </summary>
internal sealed class OutgoingQueue : IQueueReader
{
    private readonly QueueId _id;
    private readonly IStoreInput _store;
    private readonly QueueCursor _cursor;
    private readonly ISendTurns _turns;
    private readonly OutgoingQueues _together;
    private readonly ILinkTelemetry _telemetry;
    private readonly SentBatches _outstanding;
    private readonly SentRuns _runs = new();
    private readonly SentReach _reach;
    private readonly DeadBurials _burials;
    private TimeSpan _lastProgress;
    private long _sent;

    /// <summary>The check of the message with that number; 0 if unknown.</summary>
    private uint _sentCheck;

    /// <summary>The receiver's last known stored position.</summary>
    private StoredPosition _there;
    private int _holds;
    private long _acknowledged;
    private bool _opensWhenStored;
    private bool _opens;

    /// <summary>The setbacks of the clock at which the loaded messages were last read.</summary>
    private int _setbacks;

    /// <param name="together">Receives every change of its sums.</param>
    /// <param name="turns">Called when <see cref="NextBatch"/> may have something new.</param>
    /// <param name="runBeganUnixMs">The start of this run of the gateway.</param>
    /// <param name="setbacks">Those of the clock until now.</param>
    public OutgoingQueue(QueueId id, IStoreInput store, OutgoingQueues together, ISendTurns turns,
        ILinkTelemetry telemetry, long runBeganUnixMs, int setbacks)
    {
        _id = id;
        _setbacks = setbacks;
        _store = store;
        _together = together;
        _turns = turns;
        _telemetry = telemetry;
        _outstanding = new SentBatches(this, together);
        _reach = new SentReach(this, store, turns);
        _burials = new DeadBurials(this, store, turns, runBeganUnixMs);
        Room = new RoomPlace(this, together);
        _cursor = new QueueCursor(id, store, this);
        Name = id.LocalName;
    }

    /// <summary>The queue is in the row of those that may have something to send.</summary>
    public bool HasTurn { get; set; }

    /// <summary>The queue's node in the list of those with outstanding messages.</summary>
    public LinkedListNode<OutgoingQueue>? Place { get; set; }

    /// <summary>Whether the receiver has room for the queue.</summary>
    public RoomPlace Room { get; }

    /// <summary>The connection of the link, as <see cref="OutgoingQueues"/> counts them, that the queue's state is of.</summary>
    public int Connection { get; set; }

    /// <summary>Nothing of the queue is sent on this connection before the receiver was asked for its position.</summary>
    public bool MustAsk => _cursor is { Tail: > 0, IsOpen: false } && !IsAsked;

    /// <summary>The receiver was asked for its position and has not answered.</summary>
    public bool IsAsked { get; set; }

    /// <summary>The store has forgotten the empty queue, and no message has come since.</summary>
    public bool IsForgotten { get; private set; }

    /// <summary>
    /// The link has forgotten this queue and may have another one of the same name: a late turn or read for this one is ignored.
    /// </summary>
    public bool IsGone { get; set; }

    /// <summary>
    /// The queue began on this connection without a question: the receiver's position cannot be beyond this number. Null if it was asked.
    /// </summary>
    public long? OpenedAfter { get; private set; }

    /// <summary>Whether this number is a possible position of the receiver.</summary>
    /// <param name="knowsThisRun">The receiver has, or may have, got messages of this run.</param>
    public bool CanHave(long number, bool knowsThisRun) => _reach.CanBe(number, knowsThisRun);

    /// <summary>The possible positions of the receiver, in words.</summary>
    public string DescribeReach(bool knowsThisRun) => _reach.Describe(knowsThisRun);

    /// <summary>
    /// The queue was opened on this connection, and the receiver has not answered: until then nothing more of it is sent.
    /// </summary>
    public bool IsOpeningUnanswered => _reach.IsOpening && OutstandingMessages > 0;

    /// <summary>The number up to which the receiver has acknowledged everything, as far as the store knows.</summary>
    public long Acknowledged => Math.Max(_acknowledged, AcknowledgedHere);

    /// <summary>The same, as observed since the gateway started.</summary>
    public long AcknowledgedHere { get; private set; }

    /// <summary>Nothing of the queue was sent yet, and its first batch opens it.</summary>
    public bool IsOpening => _opens;

    /// <summary>There is something to send, or will be once the store has answered.</summary>
    public bool HasMore => _holds == 0 && (_cursor.HasMore || _burials.AreUnderWay || _reach.IsUnnoting);

    /// <summary>No message or answer of the queue is outstanding.</summary>
    public bool IsIdle =>
        OutstandingMessages == 0 && _holds == 0 && !_burials.AreUnderWay && !_reach.IsUnnoting && !IsAsked;

    /// <summary>The queue's name in frames.</summary>
    public string Name { get; }

    public QueueId Id => _id;

    /// <summary>The highest number stored in this queue.</summary>
    public long Tail => _cursor.Tail;

    /// <summary>Everything up to this number was sent on this connection, or acknowledged before it.</summary>
    public long Sent => _sent;

    public int OutstandingBytes => _outstanding.Bytes;

    public int OutstandingMessages => _outstanding.Messages;

    /// <summary>
    /// The time since which the peer has had the oldest outstanding messages without acknowledging any; null if none is outstanding, or it
    /// is not known to have them.
    /// </summary>
    public TimeSpan? StuckSince(LinkArrivals arrivals) =>
        _outstanding.Oldest is { } oldest && arrivals.Since(oldest.Place) is { } there
            ? there > _lastProgress ? there : _lastProgress : null;

    /// <summary>
    /// Messages up to this number may have arrived although unacknowledged; resolved only when the receiver reports its position. 0 if none
    /// is.
    /// </summary>
    public long InDoubtUpTo => _reach.InDoubtUpTo;

    /// <summary>Sets the state of the queue in the store at the start of the gateway.</summary>
    /// <param name="sent">The number up to which earlier runs may have sent it; null if not recorded: any of it may have been sent.</param>
    /// <param name="acknowledged">The number up to which the peer has acknowledged it.</param>
    public void SetTail(long tail, SentNote? sent, long acknowledged)
    {
        _cursor.SetTail(tail);
        _burials.TailBefore = tail;
        _acknowledged = acknowledged;
        _reach.Restore(tail, sent);
        // Recorded before a message is accepted: otherwise at the next start its number would count among those that may have been sent.
        Note();
    }

    /// <summary>On a connection that is up, the queue may be sent from its first message on, without a question.</summary>
    public void OpenWhenStored() => _opensWhenStored = true;

    public void OnStored(StoredMessage message)
    {
        IsForgotten = false;
        if (_cursor.Tail == 0)
        {
            _reach.BeginWith(message.Number);
            if (_opensWhenStored) Open();
        }

        _cursor.OnStored(message);
    }

    /// <summary>The store has forgotten the empty queue, whose last assigned number is given.</summary>
    public void OnForgotten(long lastNumber) => IsForgotten = _cursor.Tail <= lastNumber;

    /// <summary>Records how far the queue was sent.</summary>
    /// <param name="done">Called on the loop once it is durable; null if no caller waits.</param>
    /// <returns>False if there is nothing new to record.</returns>
    public bool Note(Action? done = null) => _reach.Note(done);

    /// <summary>
    /// The number of times the message was given to a connection since the gateway started, as counted by <see cref="SentRuns"/>.
    /// </summary>
    public int TimesSent(long number) => _runs.TimesOf(number);

    /// <summary>The messages sent on an ended connection and not acknowledged on it; null if there are none.</summary>
    public InDoubt? Doubt => _outstanding.InDoubt;

    /// <summary>Resolves the doubt with the receiver's position: batches are stored there whole or not at all.</summary>
    public InDoubt? ResolveDoubt(long position) => _outstanding.ResolveDoubt(position);

    /// <summary>
    /// The receiver has everything up to this number on its disk: those messages are done, and everything after it is sent from here.
    /// </summary>
    /// <param name="check">The check of the message with that number; 0 if unknown.</param>
    public void StartAfter(long position, uint check)
    {
        _outstanding.Forget();
        OpenedAfter = null;
        _opens = false;
        _reach.OnAnswered();
        IsAsked = false;
        (_sent, _sentCheck) = (position, check);
        _there = new StoredPosition(position, check);
        _acknowledged = position;
        AcknowledgedHere = position;
        _runs.Forget(position);
        _runs.Begin(position);
        _cursor.Open(position);
        _reach.Resolve();
        _reach.Unnote();
        _telemetry.StartsAfter(_id, position, isOnDisk: true);
        if (position > 0) _store.Submit(new AcknowledgeCommand(_id, position));
    }

    /// <summary>
    /// The receiver has taken everything up to this number on this connection, and nothing after it: that is resent. The messages it has
    /// taken are not on its disk yet, so they stay outstanding here.
    /// </summary>
    public void SendAgainAfter(long number)
    {
        (_sent, _sentCheck) = (number, CheckAt(number));
        _outstanding.ForgetAfter(number);
        _opens = false;
        _runs.Begin(number);
        _cursor.Open(number);
        _telemetry.StartsAfter(_id, number, isOnDisk: false);
        if (OutstandingMessages == 0) _reach.Resolve();
    }

    /// <summary>The receiver has everything up to this number on its disk and no room for more: nothing is sent before the time.</summary>
    public void HoldAfter(long number, TimeSpan until)
    {
        StartAfter(number, CheckAt(number));
        Room.Hold(until);
        _together.Held(this, until);
    }

    /// <summary>Likewise, until the queue's turn comes among all those without room.</summary>
    public void WaitForRoom(long number)
    {
        StartAfter(number, CheckAt(number));
        Room.Hold(TimeSpan.MaxValue);
    }

    /// <summary>Likewise, before anything of the queue is sent. Waiting messages are not kept in memory.</summary>
    public void WaitForRoom()
    {
        _cursor.Open(_sent);
        Room.Hold(TimeSpan.MaxValue);
    }

    /// <summary>Suspends sending until <see cref="LetGo"/> is called as often.</summary>
    public void Hold() => _holds++;

    /// <summary>Ends one hold. Loaded messages may be gone by now, so they are read again.</summary>
    public void LetGo()
    {
        Invariant.Require(_holds > 0, "a queue is let go as often as it was held");
        if (--_holds == 0) Reload();
    }

    /// <summary>Reads the messages again that were loaded and not sent.</summary>
    private void Reload()
    {
        if (_cursor.IsOpen) _cursor.Open(_sent);
    }

    /// <summary>
    /// The connection is lost: nothing is outstanding on it, and nothing is kept in memory. <see cref="Note"/> must follow.
    /// </summary>
    public void Suspend()
    {
        _outstanding.Doubt();
        _cursor.Close();
        Room.LeaveLine();
        HasTurn = false;
        IsAsked = false;
        OpenedAfter = null;
        (_opensWhenStored, _opens) = (false, false);
    }

    /// <summary>The receiver has stored everything up to a number. False if that was never sent.</summary>
    /// <param name="acked">The outstanding batches that this acknowledges.</param>
    public bool OnAck(long number, TimeSpan now, out AckedBatches acked)
    {
        acked = default;
        if (number > _sent) return false;
        while (_outstanding.TakeAcknowledged(number) is { } batch)
        {
            acked = new AckedBatches(acked.Messages + batch.Messages, acked.Bytes + batch.Bytes,
                Math.Max(acked.LargestBytes, batch.Bytes), batch.Place, batch.UnderWay, now - batch.SentAt);
            _there = new StoredPosition(batch.Last, batch.Check);
            _telemetry.Acknowledged(_id, batch.Last, batch.Messages, now - batch.SentAt);
        }

        if (OutstandingMessages == 0) _reach.Resolve();
        if (acked.Place == 0) return true;
        Room.Release();
        _reach.OnAnswered();
        _lastProgress = now;
        _together.Progressed(this);
        AcknowledgedHere = Math.Max(AcknowledgedHere, number);
        _runs.Forget(number);
        _store.Submit(new AcknowledgeCommand(_id, number));
        return true;
    }

    /// <summary>
    /// Returns the next batch, or null if nothing is loaded or the limits allow none. Expired messages, and those the peer would never
    /// accept, become dead letters on the way.
    /// </summary>
    /// <param name="past">Receives what is sent.</param>
    /// <param name="arrivals">Those of the connection.</param>
    /// <param name="underWay">The unacknowledged bytes on the connection.</param>
    public LinkFrame.Batch? NextBatch(OwnPast past, LoopClock clock, int bytesMax, int messagesMax, LinkLimits peerLimits,
        LinkArrivals arrivals, int underWay)
    {
        if (_holds > 0 || IsOpeningUnanswered) return null;
        if (_setbacks != clock.Setbacks)
        {
            _setbacks = clock.Setbacks;
            Reload();
        }

        if (_reach.IsUnnoting)
        {
            // Meanwhile the messages to send are loaded.
            _cursor.TryPeek(out _);
            return null;
        }

        _burials.Bury(_cursor, clock, peerLimits);
        if (_burials.AreUnderWay || Room.Waits(clock.Uptime) || (Room.IsHeld && OutstandingMessages > 0)) return null;

        var (previous, previousCheck) = (_sent, _sentCheck);
        var messages = new List<NumberedMessage>();
        var bytes = 0;
        var group = 0L;
        while (messages.Count < messagesMax && _cursor.TryPeek(out var next)
            && _burials.ReasonOf(next, clock, peerLimits) is null)
        {
            if (next.Number > (messages.Count > 0 ? messages[^1].Number : previous) + 1) group = Math.Max(group, LeftUnsentGroup);
            var size = LinkCodec.BatchItemBytes(next.Message);
            if (messages.Count > 0 && bytes + size > bytesMax) break;
            _cursor.Take();
            messages.Add(new NumberedMessage(next.Number, next.Message));
            bytes += size;
            group = Math.Max(group, next.Group);
        }

        if (messages.Count == 0) return null;
        (_sent, _sentCheck) = (messages[^1].Number, MessageCheck.Of(messages[^1].Message));
        _runs.Send(_sent);
        if (OutstandingMessages == 0) _lastProgress = clock.Uptime;
        _outstanding.Add(new SentBatch(
            messages[0].Number, _sent, bytes, messages.Count, clock.Uptime, arrivals.Next(), underWay + bytes, _sentCheck));
        _telemetry.Sent(_id, messages, _reach.EverSent);
        var opens = _opens;
        _opens = false;
        _reach.OnSent(previous, _sent, opens);
        return new LinkFrame.Batch(Name, previous, messages)
        { Opens = opens, PreviousCheck = previousCheck, Group = past.Send(group) };
    }

    /// <summary>The check of the message at a position that the receiver reported on this connection; 0 if unknown.</summary>
    private uint CheckAt(long number) =>
        number == _sent ? _sentCheck : _outstanding.CheckAt(number) ?? (number == _there.Number ? _there.Check : 0);

    /// <summary>Nothing of the queue was ever sent above the numbers assigned before its creation; the first batch says so.</summary>
    private void Open()
    {
        _opensWhenStored = false;
        _opens = true;
        OpenedAfter = _reach.GivenBefore;
        (_sent, _sentCheck) = (_reach.GivenBefore, 0);
        _runs.Begin(_sent);
        _cursor.Open(_sent);
        _reach.Unnote();
        _telemetry.StartsAfter(_id, _sent, isOnDisk: true);
    }

    /// <inheritdoc/>
    void IQueueReader.OnRead() => _turns.OnMore(this);

    /// <summary>
    /// The group that counts for numbers a batch leaves out: the one in which their messages left the queue. A history that still has such
    /// a message must not take the peer's position, which is above it, for an acknowledgement.
    /// </summary>
    private long LeftUnsentGroup => Math.Max(_burials.Group, _cursor.LeftUnsentGroup);
}
