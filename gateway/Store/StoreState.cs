namespace Gateway.Store;

/// <summary>
/// Everything the store knows, except the bytes of the messages: the sum of all records. A running store and a store being opened apply the same records in the
/// same order, so both know the same. Owned by the store's thread.
/// </summary>
internal sealed class StoreState(AcceptedIds accepted)
{
    private readonly List<QueueState> _queues = [];
    private readonly Dictionary<QueueId, QueueState> _queuesById = [];
    private readonly Dictionary<(Guid SenderStore, string Queue), long> _positions = [];
    private readonly SortedDictionary<long, DeadLetter> _deadLetters = [];
    private readonly List<DamagedMessages> _damaged = [];
    private readonly SortedDictionary<string, string> _marks = new(StringComparer.Ordinal);

    public AcceptedIds Accepted { get; } = accepted;

    public EventLog Events { get; } = new();

    public IReadOnlyList<QueueState> Queues => _queues;

    public IReadOnlyDictionary<(Guid SenderStore, string Queue), long> Positions => _positions;

    public IReadOnlyCollection<DeadLetter> DeadLetters => _deadLetters.Values;

    /// <summary>Notes that the gateway keeps, by name.</summary>
    public IReadOnlyDictionary<string, string> Marks => _marks;

    /// <summary>What was taken out of its queue because it could not be read, in the order in which that was found.</summary>
    public IReadOnlyList<DamagedMessages> Damaged => _damaged;

    /// <summary>How many messages these are.</summary>
    public long DamagedCount { get; private set; }

    /// <summary>The highest number given to a dead letter, ever.</summary>
    public long LastDeadLetter { get; set; }

    /// <summary>Queues that are made from now on give numbers above this one: after a repair, queues that were made before may be forgotten, and not the numbers that their peers know.</summary>
    public long NumbersAfter { get; set; }

    /// <summary>What of each volume is still needed.</summary>
    public VolumeUsage Volumes { get; } = new();

    public DeadLetter? FindDeadLetter(long number) => _deadLetters.GetValueOrDefault(number);

    public QueueState? Find(QueueId id) => _queuesById.GetValueOrDefault(id);

    public QueueState Queue(int handle)
    {
        Invariant.Require(handle >= 0 && handle < _queues.Count, "a record names a queue that was made before");
        return _queues[handle];
    }

    public long Position(Guid senderStore, string queue) => _positions.GetValueOrDefault((senderStore, queue));

    public void Apply(QueueMade record)
    {
        // Each group names again the queues of its messages.
        if (Find(record.Id)?.Handle == record.Queue) return;
        Invariant.Require(record.Queue == _queues.Count, "queues get their handles in order");
        var queue = new QueueState(record.Queue, record.Id) { LastNumber = NumbersAfter };
        _queues.Add(queue);
        _queuesById.Add(record.Id, queue);
    }

    public void Stored(QueueState queue, long number, long group, int sizeBytes, long expiresUnixMs)
    {
        queue.Store(number, group, sizeBytes, expiresUnixMs);
        Volumes.Keep(group, 1, sizeBytes);
    }

    public void Apply(IdAccepted record) => Accepted.Add(record);

    public void Apply(PositionMoved record)
    {
        Invariant.Require(record.Number > Position(record.SenderStore, record.Queue), "a position moves forward");
        _positions[(record.SenderStore, record.Queue)] = record.Number;
    }

    public void RemovedUpTo(QueueNumber record)
    {
        foreach (var (group, messages, bytes) in Queue(record.Queue).RemoveUpTo(record.Number)) Volumes.Release(group, messages, bytes);
    }

    public void Removed(QueueNumber record)
    {
        var queue = Queue(record.Queue);
        if (queue.Find(record.Number) is { } extent) Drop(queue, extent, record.Number);
    }

    public void Delivered(QueueNumber record)
    {
        var queue = Queue(record.Queue);
        queue.DeliveredUpTo = Math.Max(queue.DeliveredUpTo, record.Number);
    }

    public void Apply(Returned record)
    {
        var queue = Queue(record.Queue);
        if (queue.Find(record.Number) is not null) queue.Returned[record.Number] = record;
    }

    public void Apply(DeadLettered record)
    {
        var queue = Queue(record.Queue);
        var extent = queue.Find(record.Number);
        Invariant.Require(extent is not null, "only a live message becomes a dead letter");
        var bytes = queue.Remove(record.Number);
        Add(new DeadLetter(record.DeadNumber, queue.Id, record.Number, extent.Value.Group, bytes, record.Reason, record.AtUnixMs, record.Text));
    }

    /// <summary>The copies of an extent's messages lie in a group from now on.</summary>
    public void Apply(ExtentMoved record, long group)
    {
        var queue = Queue(record.Queue);
        var found = queue.ExtentFrom(record.First);
        Invariant.Require(found is not null, "an extent that is moved is there");
        var extent = found.Value;
        Volumes.Release(extent.Group, extent.Live, extent.LiveBytes);
        queue.Move(extent, group, record.LiveBytes);
        Volumes.Keep(group, extent.Live, record.LiveBytes);
    }

    public void Apply(DeadLetterMoved record, long group)
    {
        var moved = _deadLetters[record.DeadNumber];
        Volumes.Release(moved.Group, 1, moved.SizeBytes);
        Volumes.Keep(group, 1, moved.SizeBytes);
        _deadLetters[record.DeadNumber] = moved with { Group = group };
    }

    /// <summary>The dead letter is one no more. Applied to one that is gone already, it does nothing.</summary>
    public void Apply(DeadLetterRemoved record)
    {
        if (!_deadLetters.Remove(record.DeadNumber, out var letter)) return;
        Volumes.Release(letter.Group, 1, letter.SizeBytes);
    }

    public void Apply(Marked record)
    {
        if (record.Note.Length > 0) _marks[record.Name] = record.Note;
        else _marks.Remove(record.Name);
    }

    /// <summary>All that is kept in a group is damaged: it is not served any more, and not forgotten.</summary>
    public void Apply(Quarantined record)
    {
        foreach (var queue in _queues)
        {
            foreach (var extent in queue.After(0).Where(extent => extent.Group == record.Group).ToList())
            {
                Add(new DamagedMessages(queue.Id, record.Group, extent.First, extent.Count, extent.GoneBits.ToArray(), 0, record.AtUnixMs, record.Why));
                foreach (var number in extent.LiveNumbers()) Drop(queue, extent, number);
            }
        }

        foreach (var letter in _deadLetters.Values.Where(letter => letter.Group == record.Group).ToList())
        {
            Add(new DamagedMessages(letter.Queue, record.Group, letter.MessageNumber, 1, [], letter.Number, record.AtUnixMs, record.Why));
            _deadLetters.Remove(letter.Number);
            Volumes.Release(letter.Group, 1, letter.SizeBytes);
        }
    }

    public void Restore(DamagedMessages damaged) => Add(damaged);

    public void Restore(QueueState queue, Extent extent)
    {
        queue.Restore(extent);
        Volumes.Keep(extent.Group, extent.Live, extent.LiveBytes);
    }

    public void Restore(DeadLetter deadLetter)
    {
        Add(deadLetter);
        Volumes.Keep(deadLetter.Group, 1, deadLetter.SizeBytes);
    }

    private void Add(DamagedMessages damaged)
    {
        _damaged.Add(damaged);
        DamagedCount += damaged.Messages;
        Volumes.Quarantine(damaged.Group);
    }

    private void Add(DeadLetter deadLetter)
    {
        _deadLetters.Add(deadLetter.Number, deadLetter);
        LastDeadLetter = Math.Max(LastDeadLetter, deadLetter.Number);
    }

    private void Drop(QueueState queue, Extent extent, long number) => Volumes.Release(extent.Group, 1, queue.Remove(number));
}
