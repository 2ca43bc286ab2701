using Gateway.Store.Messages;
using Gateway.Store.Records;

namespace Gateway.Store.State;

/// <summary>
/// Everything the store knows, except the bytes of the messages: the sum of all records. A running store and one being opened apply the
/// same records in the same order, so both arrive at the same state. Owned by the store's thread.
/// </summary>
internal sealed class StoreState
{
    private readonly QueueTable _queues = new();
    private readonly LinkedList<QueueState> _empty = [];
    private readonly SortedSet<DeadLetter> _deadLetters =
        new(Comparer<DeadLetter>.Create((left, right) => left.Number.CompareTo(right.Number)));
    private readonly List<DamagedMessages> _damaged = [];
    private readonly SortedDictionary<string, string> _marks = new(StringComparer.Ordinal);
    private IStateDraft? _draft;
    private int _drafts;

    public StoreState(AcceptedIds accepted)
    {
        Accepted = accepted;
        Expiries = new ExpiryIndex(_queues);
    }

    public AcceptedIds Accepted { get; }

    public EventLog Events { get; } = new();

    /// <summary>The queues not forgotten, in the order of their creation.</summary>
    public QueueTable Queues => _queues;

    public ExpiryIndex Expiries { get; }

    public QueueOrigins Origins { get; } = new();

    /// <summary>The number of empty queues that may be forgotten.</summary>
    public int EmptyQueues => _empty.Count;

    /// <summary>The empty queue to be forgotten first.</summary>
    public QueueState? LongestEmpty => _empty.First?.Value;

    /// <summary>The number of queues of which something is kept.</summary>
    public int QueuesInUse => _queues.Count - _empty.Count;

    /// <summary>The handle of the next new queue.</summary>
    public long NextHandle { get; set; }

    /// <summary>The stored positions of other stores' outgoing queues; kept for ever.</summary>
    public PositionTable Positions { get; } = new();

    public IReadOnlyCollection<DeadLetter> DeadLetters => _deadLetters;

    /// <summary>The gateway's notes, by name.</summary>
    public IReadOnlyDictionary<string, string> Marks => _marks;

    /// <summary>The messages removed from their queues as unreadable, in the order of the findings.</summary>
    public IReadOnlyList<DamagedMessages> Damaged => _damaged;

    /// <summary>The number of these messages.</summary>
    public long DamagedCount { get; private set; }

    /// <summary>The highest number ever assigned to a dead letter.</summary>
    public long LastDeadLetter { get; set; }

    /// <summary>
    /// New queues assign numbers above this one, the highest that a forgotten queue has assigned: a queue of the same name may have been
    /// among them, and its peer knows its numbers.
    /// </summary>
    public long NumbersAfter { get; set; }

    /// <summary>The part of each volume still needed.</summary>
    public VolumeUsage Volumes { get; } = new();

    /// <summary>The draft is shown everything before it changes, until it ends; the one before it is not any more.</summary>
    /// <returns>The number of drafts begun so far.</returns>
    public int BeginDraft(IStateDraft draft)
    {
        _draft = draft;
        return ++_drafts;
    }

    public void EndDraft(IStateDraft draft)
    {
        if (_draft == draft) _draft = null;
    }

    public DeadLetter? FindDeadLetter(long number) => _deadLetters.TryGetValue(Numbered(number), out var letter) ? letter : null;

    /// <summary>The dead letters above a number, in order.</summary>
    public IEnumerable<DeadLetter> DeadLettersAfter(long number) =>
        _deadLetters.GetViewBetween(Numbered(number + 1), Numbered(long.MaxValue));

    public QueueState? Find(QueueId id) => _queues.Find(id);

    public StoredPosition Position(Guid senderStore, string queue) => Positions.Find(senderStore, queue);

    public void Apply(QueueMade record)
    {
        // Each group names the queues of its messages again.
        if (Find(record.Id)?.Handle == record.Queue) return;
        Invariant.Require(record.Queue == NextHandle, "queues get their handles in order");
        Invariant.Require(record.After >= NumbersAfter, "a queue that is made gives no number that a forgotten one has given");
        NextHandle++;
        var queue = new QueueState(record.Queue, record.Id, record.After);
        _queues.Add(queue);
        Begin(queue);
    }

    /// <summary>Restores a queue of the snapshot, which includes the number of handles assigned.</summary>
    public void Restore(QueueMade record)
    {
        Invariant.Require(record.Queue < NextHandle, "the handle of a queue was given before");
        var queue = new QueueState(record.Queue, record.Id, record.After);
        _queues.Restore(queue);
        Begin(queue);
    }

    /// <summary>All of the snapshot has been restored: its queues come in the order in which they were written.</summary>
    public void EndRestore() => _queues.Order();

    /// <summary>
    /// Forgets an empty queue that nothing names. Its peers know only numbers of it, none of which is ever assigned again.
    /// </summary>
    public void Apply(QueueForgotten record)
    {
        var queue = _queues[record.Queue];
        Invariant.Require(queue.IsForgettable, "only an empty queue is forgotten");
        _draft?.Keep(queue);
        _empty.Remove(queue.EmptyPlace);
        _queues.Remove(queue);
        NumbersAfter = Math.Max(NumbersAfter, queue.LastNumber);
        if (queue.Id.Kind == QueueKind.Outgoing) _marks.Remove(MarkNames.SentUpTo + queue.Id.Name);
        _marks.Remove(MarkNames.TakenInDoubt + queue.Id.Name);
    }

    public void Stored(QueueState queue, long number, long group, int sizeBytes, long expiresUnixMs)
    {
        _draft?.Keep(queue);
        queue.Store(number, group, sizeBytes, expiresUnixMs);
        Volumes.Keep(group, 1, sizeBytes);
        Settle(queue);
    }

    /// <summary>
    /// The last group of this run in which a message left an outgoing queue unsent, by expiry or by an operator; 0 if there is none.
    /// </summary>
    public long LeftUnsentGroup { get; private set; }

    /// <summary>A message leaves a queue in this group, not by an acknowledgement.</summary>
    public void Leaves(QueueState queue, long group)
    {
        if (queue.Id.Kind == QueueKind.Outgoing) LeftUnsentGroup = group;
    }

    public void Apply(IdAccepted record) => Accepted.Add(record);

    public void Apply(PositionMoved record, long group)
    {
        Invariant.Require(record.Position.Number > Position(record.SenderStore, record.Queue).Number, "a position moves forward");
        Positions.Set(record, group);
        // The name of the position has the gateway's name after the queue's.
        var (name, end) = (record.Queue, record.Queue.IndexOf('@'));
        if (Find(QueueId.Inbound(end < 0 ? name : name[..end])) is not { } queue || queue.Maker != Guid.Empty) return;
        _draft?.Keep(queue);
        Origins.OnMade(queue, record.SenderStore);
    }

    public void RemovedUpTo(QueueNumber record)
    {
        var queue = Change(record.Queue);
        queue.DeliveredUpTo = Math.Max(queue.DeliveredUpTo, record.Number);
        foreach (var (group, messages, bytes) in queue.RemoveUpTo(record.Number)) Volumes.Release(group, messages, bytes);
        Settle(queue);
    }

    public void Removed(QueueNumber record)
    {
        var queue = _queues[record.Queue];
        if (queue.Find(record.Number) is { } extent) Drop(queue, extent, record.Number);
    }

    public void Delivered(QueueNumber record)
    {
        var queue = Change(record.Queue);
        queue.DeliveredUpTo = Math.Max(queue.DeliveredUpTo, record.Number);
    }

    public void Apply(Returned record)
    {
        var queue = Change(record.Queue);
        if (queue.Find(record.Number) is not null) queue.Return(record);
    }

    public void Apply(DeadLettered record)
    {
        var queue = Change(record.Queue);
        var extent = queue.Find(record.Number);
        Invariant.Require(extent is not null, "only a live message becomes a dead letter");
        var bytes = queue.Remove(record.Number);
        Settle(queue);
        Add(new DeadLetter(record.DeadNumber, queue.Id, record.Number, extent.Value.Group, bytes, record.Reason, record.AtUnixMs,
            record.Text));
    }

    /// <summary>The copies of an extent's messages are in this group from now on.</summary>
    public void Apply(ExtentMoved record, long group)
    {
        var queue = Change(record.Queue);
        var found = queue.ExtentFrom(record.First);
        Invariant.Require(found is not null, "an extent that is moved is there");
        var extent = found.Value;
        Volumes.Release(extent.Group, extent.Live, extent.LiveBytes);
        queue.Move(extent, group, record.LiveBytes);
        Volumes.Keep(group, extent.Live, record.LiveBytes);
    }

    public void Apply(DeadLetterMoved record, long group)
    {
        var moved = FindDeadLetter(record.DeadNumber);
        Invariant.Require(moved is not null, "a dead letter that is moved is there");
        Volumes.Release(moved.Group, 1, moved.SizeBytes);
        Volumes.Keep(group, 1, moved.SizeBytes);
        _draft?.Keep(moved);
        _deadLetters.Remove(moved);
        _deadLetters.Add(moved with { Group = group });
    }

    /// <summary>Removes a dead letter. Does nothing if it is already gone.</summary>
    public void Apply(DeadLetterRemoved record)
    {
        if (FindDeadLetter(record.DeadNumber) is not { } letter) return;
        _draft?.Keep(letter);
        _deadLetters.Remove(letter);
        Volumes.Release(letter.Group, 1, letter.SizeBytes);
        Refer(letter.Queue, -1);
    }

    public void Apply(Marked record)
    {
        var isNew = record.Note.Length > 0 != _marks.ContainsKey(record.Name);
        if (record.Note.Length > 0) _marks[record.Name] = record.Note;
        else _marks.Remove(record.Name);
        if (isNew && MarkNames.PausedQueue(record.Name) is { } id && Find(id) is not null) Refer(id, record.Note.Length > 0 ? 1 : -1);
    }

    /// <summary>Everything kept in a group is damaged: it is no longer served, but stays recorded.</summary>
    public void Apply(Quarantined record)
    {
        foreach (var queue in _queues.Where(queue => queue.MayHold(record.Group)))
        {
            foreach (var extent in queue.After(0).Where(extent => extent.Group == record.Group).ToList())
            {
                Add(new DamagedMessages(queue.Id, record.Group, extent.First, extent.Count, extent.GoneBits.ToArray(), 0,
                    record.AtUnixMs, record.Why));
                foreach (var number in extent.LiveNumbers()) Drop(queue, extent, number);
            }
        }

        foreach (var letter in _deadLetters.Where(letter => letter.Group == record.Group).ToList())
        {
            _draft?.Keep(letter);
            Add(new DamagedMessages(letter.Queue, record.Group, letter.MessageNumber, 1, [], letter.Number, record.AtUnixMs, record.Why));
            _deadLetters.Remove(letter);
            Refer(letter.Queue, -1);
            Volumes.Release(letter.Group, 1, letter.SizeBytes);
        }
    }

    public void Restore(DamagedMessages damaged) => Add(damaged);

    public void Restore(QueueState queue, Extent extent)
    {
        queue.Restore(extent);
        Settle(queue);
        Volumes.Keep(extent.Group, extent.Live, extent.LiveBytes);
    }

    public void Restore(DeadLetter deadLetter)
    {
        Add(deadLetter);
        Volumes.Keep(deadLetter.Group, 1, deadLetter.SizeBytes);
    }

    /// <summary>A key that finds the dead letter with that number.</summary>
    private static DeadLetter Numbered(long number) => new(number, default, 0, 0, 0, default, 0, "");

    private void Add(DamagedMessages damaged)
    {
        _damaged.Add(damaged);
        Refer(damaged.Queue, 1);
        DamagedCount += damaged.Messages;
        Volumes.Quarantine(damaged.Group);
    }

    private void Add(DeadLetter deadLetter)
    {
        Invariant.Require(_deadLetters.Add(deadLetter), "each dead letter has a number of its own");
        Refer(deadLetter.Queue, 1);
        LastDeadLetter = Math.Max(LastDeadLetter, deadLetter.Number);
    }

    private void Drop(QueueState queue, Extent extent, long number)
    {
        _draft?.Keep(queue);
        Volumes.Release(extent.Group, 1, queue.Remove(number));
        Settle(queue);
    }

    /// <summary>Updates the state common to all queues after a change of one.</summary>
    public void Settle(QueueState queue)
    {
        Expiries.Place(queue);
        var isEmpty = queue.Messages == 0 && queue.References == 0;
        if (isEmpty == queue.IsForgettable) return;
        if (isEmpty)
        {
            Origins.OnEmpty(queue);
            _empty.AddLast(queue.EmptyPlace);
            return;
        }

        _empty.Remove(queue.EmptyPlace);
        Origins.OnInUse(queue);
    }

    /// <summary>A queue that is about to change.</summary>
    private QueueState Change(long handle)
    {
        var queue = _queues[handle];
        _draft?.Keep(queue);
        return queue;
    }

    private void Begin(QueueState queue)
    {
        _empty.AddLast(queue.EmptyPlace);
        if (_marks.Count > 0 && _marks.ContainsKey(MarkNames.PauseOf(queue.Id))) Refer(queue.Id, 1);
    }

    private void Refer(QueueId id, int count)
    {
        var queue = Find(id);
        Invariant.Require(queue is not null, "a queue is not forgotten as long as something names it");
        queue.References += count;
        Settle(queue);
    }
}
