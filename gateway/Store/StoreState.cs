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
    private readonly Dictionary<long, int> _liveByGroup = [];
    private readonly HashSet<long> _emptyGroups = [];

    public AcceptedIds Accepted { get; } = accepted;

    public IReadOnlyList<QueueState> Queues => _queues;

    public IReadOnlyDictionary<(Guid SenderStore, string Queue), long> Positions => _positions;

    public IReadOnlyCollection<DeadLetter> DeadLetters => _deadLetters.Values;

    /// <summary>The highest number given to a dead letter, ever.</summary>
    public long LastDeadLetter { get; set; }

    /// <summary>Groups that nothing needs any more: no message in them is kept. Whoever deletes them takes them out.</summary>
    public HashSet<long> EmptyGroups => _emptyGroups;

    /// <summary>How many messages that are kept, in queues or as dead letters, each group holds; groups with none are not listed.</summary>
    public IReadOnlyDictionary<long, int> LiveByGroup => _liveByGroup;

    public QueueState? Find(QueueId id) => _queuesById.GetValueOrDefault(id);

    public QueueState Queue(int handle)
    {
        Invariant.Require(handle >= 0 && handle < _queues.Count, "a record names a queue that was made before");
        return _queues[handle];
    }

    public long Position(Guid senderStore, string queue) => _positions.GetValueOrDefault((senderStore, queue));

    public void Apply(QueueMade record)
    {
        Invariant.Require(record.Queue == _queues.Count, "queues get their handles in order");
        var queue = new QueueState(record.Queue, record.Id);
        _queues.Add(queue);
        _queuesById.Add(record.Id, queue);
    }

    public void Stored(QueueState queue, long number, long group, int sizeBytes, long expiresUnixMs)
    {
        queue.Store(number, group, sizeBytes, expiresUnixMs);
        Keep(group, 1);
    }

    public void Apply(IdAccepted record) => Accepted.Add(record);

    public void Apply(PositionMoved record)
    {
        Invariant.Require(record.Number > Position(record.SenderStore, record.Queue), "a position moves forward");
        _positions[(record.SenderStore, record.Queue)] = record.Number;
    }

    public void RemovedUpTo(QueueNumber record)
    {
        var queue = Queue(record.Queue);
        foreach (var extent in queue.After(0).TakeWhile(extent => extent.First <= record.Number).ToList())
        {
            foreach (var number in extent.LiveNumbers().TakeWhile(number => number <= record.Number)) Drop(queue, extent, number);
        }
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
        var group = queue.Remove(extent, record.Number);
        Restore(new DeadLetter(record.DeadNumber, queue.Id, record.Number, group, record.Reason, record.AtUnixMs, record.Text));
    }

    public void Restore(QueueState queue, Extent extent)
    {
        queue.Restore(extent);
        Keep(extent.Group, extent.Live);
    }

    /// <summary>A dead letter whose message is already counted as kept by its group (it left a queue) or is restored with it.</summary>
    public void Restore(DeadLetter deadLetter)
    {
        _deadLetters.Add(deadLetter.Number, deadLetter);
        LastDeadLetter = Math.Max(LastDeadLetter, deadLetter.Number);
    }

    /// <summary>Counts messages that a group holds and that must be kept.</summary>
    public void Keep(long group, int messages)
    {
        if (messages == 0) return;
        _liveByGroup[group] = _liveByGroup.GetValueOrDefault(group) + messages;
        _emptyGroups.Remove(group);
    }

    /// <summary>A group is complete; when it holds no message that is kept, it is needed only until the next snapshot.</summary>
    public void GroupClosed(long group)
    {
        if (!_liveByGroup.ContainsKey(group)) _emptyGroups.Add(group);
    }

    private void Drop(QueueState queue, Extent extent, long number)
    {
        var group = queue.Remove(extent, number);
        if (--_liveByGroup[group] > 0) return;
        _liveByGroup.Remove(group);
        _emptyGroups.Add(group);
    }
}
