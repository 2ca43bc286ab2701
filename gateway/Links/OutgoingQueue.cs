using Gateway.Store;
using Gateway.Store.Commands;

namespace Gateway.Links;

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
    private TimeSpan _lastProgress;
    private long _sent;

    /// <summary>The check of the message with that number; 0 if unknown.</summary>
    private uint _sentCheck;

    /// <summary>The receiver's last known stored position.</summary>
    private StoredPosition _there;
    private long _everSent;
    private int _burying;
    private long _buriedGroup;
    private TimeSpan _heldUntil;
    private int _holds;
    private SentNote? _noted;
    private long _acknowledged;
    private int _unnoting;
    private long _givenBefore;
    private bool _opensWhenStored;
    private bool _opens;
    private (long After, long Last)? _opening;

    /// <param name="together">Receives every change of its sums.</param>
    /// <param name="turns">Called when <see cref="NextBatch"/> may have something new.</param>
    public OutgoingQueue(QueueId id, IStoreInput store, OutgoingQueues together, ISendTurns turns,
        ILinkTelemetry telemetry)
    {
        _id = id;
        _store = store;
        _together = together;
        _turns = turns;
        _telemetry = telemetry;
        _outstanding = new SentBatches(this, together);
        _cursor = new QueueCursor(id, store, this);
        Name = id.LocalName;
    }

    /// <summary>The queue is in the row of those that may have something to send.</summary>
    public bool HasTurn { get; set; }

    /// <summary>The queue's node in the list of those with outstanding messages.</summary>
    public LinkedListNode<OutgoingQueue>? Place { get; set; }

    /// <summary>
    /// The queue's place in the line of those for which the peer has no room; 0 outside it. Kept by <see cref="RoomLine"/>.
    /// </summary>
    public long Ticket { get; private set; }

    /// <summary>The queue is among the first of that line and may ask with a batch.</summary>
    public bool IsAsking { get; private set; }

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

    /// <summary>
    /// The highest number that the receiver can have: those that can have left the store before this run, or before the queue was created
    /// in it, and those sent by this run. Messages that were only accepted do not count.
    /// </summary>
    public long GivenUpTo => Math.Max(_givenBefore, _everSent);

    /// <summary>Whether this number is a possible position of the receiver.</summary>
    /// <param name="knowsThisRun">The receiver has, or may have, got messages of this run.</param>
    public bool CanHave(long number, bool knowsThisRun)
    {
        if (number <= _givenBefore) return true;
        if (!knowsThisRun || number > GivenUpTo) return false;
        // Of a queue opened and never answered only one batch was sent, which is stored whole or not at all.
        return _opening is not { } opening || number == opening.Last;
    }

    /// <summary>The possible positions of the receiver, in words.</summary>
    public string DescribeReach(bool knowsThisRun) => (knowsThisRun, _opening) switch
    {
        (false, _) => $"only up to {_givenBefore}, since the peer has taken nothing of this run yet",
        (true, { } opening) => $"only up to {opening.After}, or one batch up to {opening.Last}",
        _ => $"only up to {GivenUpTo}",
    };

    /// <summary>
    /// The queue was opened on this connection, and the receiver has not answered: until then nothing more of it is sent.
    /// </summary>
    public bool IsOpeningUnanswered => _opening is not null && OutstandingMessages > 0;

    /// <summary>The number up to which the receiver has acknowledged everything, as far as the store knows.</summary>
    public long Acknowledged => Math.Max(_acknowledged, AcknowledgedHere);

    /// <summary>The same, as observed since the gateway started.</summary>
    public long AcknowledgedHere { get; private set; }

    /// <summary>Nothing of the queue was sent yet, and its first batch opens it.</summary>
    public bool IsOpening => _opens;

    /// <summary>There is something to send, or will be once the store has answered.</summary>
    public bool HasMore => _holds == 0 && (_cursor.HasMore || _burying > 0 || _unnoting > 0);

    /// <summary>No message or answer of the queue is outstanding.</summary>
    public bool IsIdle => OutstandingMessages == 0 && _holds == 0 && _burying == 0 && _unnoting == 0 && !IsAsked;

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

    /// <summary>The receiver had no room when last asked; one batch at a time asks again.</summary>
    public bool IsHeld
    {
        get;
        private set
        {
            if (field && !value) _together.Unheld();
            field = value;
        }
    }

    /// <summary>
    /// Messages up to this number may have arrived although unacknowledged; resolved only when the receiver reports its position. 0 if none
    /// is.
    /// </summary>
    public long InDoubtUpTo { get; private set; }

    /// <summary>Sets the state of the queue in the store at the start of the gateway.</summary>
    /// <param name="sent">How far earlier runs may have sent it; null if not recorded, so that any of it may have been sent.</param>
    /// <param name="acknowledged">How far the peer has acknowledged it.</param>
    public void SetTail(long tail, SentNote? sent, long acknowledged)
    {
        _cursor.SetTail(tail);
        _givenBefore = sent?.Reach ?? tail;
        _noted = sent;
        _acknowledged = acknowledged;
        _everSent = sent?.InDoubtUpTo ?? 0;
        InDoubtUpTo = sent?.InDoubtUpTo ?? tail;
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
            // All messages before it have left the queue, in whatever run.
            _givenBefore = message.Number - 1;
            if (_opensWhenStored) Open();
        }

        _cursor.OnStored(message);
    }

    /// <summary>The store has forgotten the empty queue, whose last assigned number is given.</summary>
    public void OnForgotten(long lastNumber) => IsForgotten = _cursor.Tail <= lastNumber;

    /// <summary>
    /// Records how far the queue was sent. Without a connection nothing more is sent, so after a restart it will be known which messages
    /// cannot have arrived, and which the receiver cannot have from this history.
    /// </summary>
    /// <param name="done">Called on the loop once it is durable; null if no caller waits.</param>
    /// <returns>False if there is nothing new to record.</returns>
    public bool Note(Action? done = null)
    {
        var note = new SentNote(InDoubtUpTo, GivenUpTo);
        if (_noted == note || _cursor.Tail == 0) return false;
        _noted = note;
        _store.Submit(new NoteSentCommand(_id, note, done));
        return true;
    }

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
        (_opens, _opening) = (false, null);
        IsAsked = false;
        (_sent, _sentCheck) = (position, check);
        _there = new StoredPosition(position, check);
        _acknowledged = position;
        AcknowledgedHere = position;
        _runs.Forget(position);
        _runs.Begin(position);
        _cursor.Open(position);
        InDoubtUpTo = 0;
        Unnote();
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
        if (OutstandingMessages == 0) InDoubtUpTo = 0;
    }

    /// <summary>The receiver has everything up to this number on its disk and no room for more: nothing is sent before the time.</summary>
    public void HoldAfter(long number, TimeSpan until)
    {
        StartAfter(number, CheckAt(number));
        BeHeld(until);
        _together.Held(this, until);
    }

    /// <summary>Likewise, until the queue's turn comes among all those without room.</summary>
    public void WaitForRoom(long number)
    {
        StartAfter(number, CheckAt(number));
        BeHeld(TimeSpan.MaxValue);
    }

    /// <summary>Likewise, before anything of the queue is sent. Waiting messages are not kept in memory.</summary>
    public void WaitForRoom()
    {
        _cursor.Open(_sent);
        BeHeld(TimeSpan.MaxValue);
    }

    public void StandInRoomLine(long ticket) => (Ticket, IsAsking) = (ticket, false);

    public void AskForRoom()
    {
        IsAsking = true;
        _heldUntil = TimeSpan.Zero;
    }

    public void LeaveRoomLine()
    {
        StandInRoomLine(0);
        IsHeld = false;
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
    public void Reload()
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
        LeaveRoomLine();
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

        if (OutstandingMessages == 0) InDoubtUpTo = 0;
        if (acked.Place == 0) return true;
        IsHeld = false;
        _opening = null;
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
        if (_unnoting > 0)
        {
            // Meanwhile the messages to send are loaded.
            _cursor.TryPeek(out _);
            return null;
        }

        BuryDead(clock, peerLimits);
        if (_burying > 0 || (IsHeld && (clock.Uptime < _heldUntil || OutstandingMessages > 0))) return null;

        var (previous, previousCheck) = (_sent, _sentCheck);
        var messages = new List<NumberedMessage>();
        var bytes = 0;
        var group = 0L;
        while (messages.Count < messagesMax && _cursor.TryPeek(out var next) && DeadReason(next.Message, clock, peerLimits) is null)
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
        InDoubtUpTo = _sent;
        if (OutstandingMessages == 0) _lastProgress = clock.Uptime;
        _outstanding.Add(new SentBatch(
            messages[0].Number, _sent, bytes, messages.Count, clock.Uptime, arrivals.Next(), underWay + bytes, _sentCheck));
        _telemetry.Sent(_id, messages, _everSent);
        _everSent = Math.Max(_everSent, _sent);
        var opens = _opens;
        if (opens) (_opens, _opening) = (false, (previous, _sent));
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
        OpenedAfter = _givenBefore;
        (_sent, _sentCheck) = (_givenBefore, 0);
        _runs.Begin(_sent);
        _cursor.Open(_sent);
        Unnote();
        _telemetry.StartsAfter(_id, _sent, isOnDisk: true);
    }

    /// <summary>
    /// Turns messages at the head that must not be sent into dead letters. Nothing after them is sent before that is durable: an
    /// acknowledgement of a later message drops everything up to it, and after a crash it would drop these too, without a trace.
    /// </summary>
    private void BuryDead(LoopClock clock, LinkLimits peerLimits)
    {
        while (_cursor.TryPeek(out var next) && DeadReason(next.Message, clock, peerLimits) is var (reason, text))
        {
            _cursor.Take();
            _burying++;
            DeadLetterCommand? burial = null;
            burial = new DeadLetterCommand(_id, next.Number, reason, clock.NowUnixMs, text, () => OnBuried(burial!.LeftUnsentGroup));
            _store.Submit(burial);
        }
    }

    /// <summary>Removes the record of how far the queue was sent; nothing is sent before that is durable.</summary>
    private void Unnote()
    {
        if (_noted is null) return;
        _noted = null;
        _unnoting++;
        _store.Submit(new NoteSentCommand(_id, note: null, () =>
        {
            if (--_unnoting == 0) _turns.OnMore(this);
        }));
    }

    private void BeHeld(TimeSpan until)
    {
        if (!IsHeld) _together.CountHeld();
        IsHeld = true;
        _heldUntil = until;
    }

    /// <inheritdoc/>
    void IQueueReader.OnRead() => _turns.OnMore(this);

    /// <summary>
    /// The group that counts for numbers a batch leaves out: the one in which their messages left the queue. A history that still has such
    /// a message must not take the peer's position, which is above it, for an acknowledgement.
    /// </summary>
    private long LeftUnsentGroup => Math.Max(_buriedGroup, _cursor.LeftUnsentGroup);

    private void OnBuried(long group)
    {
        _buriedGroup = Math.Max(_buriedGroup, group);
        if (--_burying == 0) _turns.OnMore(this);
    }

    private static (DeadLetterReason Reason, string Text)? DeadReason(Message message, LoopClock clock, LinkLimits peerLimits)
    {
        if (message.IsExpired(clock.Now)) return (DeadLetterReason.Expired, "its expiry passed before it was sent");
        return peerLimits.FindFault(message) is { } fault ? (DeadLetterReason.RefusedByPeer, fault) : null;
    }
}
