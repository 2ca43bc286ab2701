using Gateway.Store.Messages;
using Gateway.Store.Records;
using Gateway.Store.Snapshots;
using Gateway.Store.State;

namespace Gateway.Store.Repair;

/// <summary>
/// The state of a damaged store, built from an undamaged snapshot, if there is one, and from the surviving groups after it. Unlike
/// <see cref="StoreState"/> it accepts records whose predecessors are lost, and in doubt it keeps: a message that may have left its queue
/// is still in it.
/// </summary>
internal sealed class RepairState
{
    private readonly SortedDictionary<long, RepairQueue> _queues = [];
    private readonly Dictionary<QueueId, RepairQueue> _byId = [];

    public IReadOnlyCollection<RepairQueue> Queues => _queues.Values;

    public Dictionary<(Guid SenderStore, string Queue), StoredPosition> Positions { get; } = [];

    /// <summary>For each of these stores, the highest group of which something is known to have been sent.</summary>
    public Dictionary<Guid, long> SenderGroups { get; } = [];

    public SortedDictionary<long, RepairLetter> Letters { get; } = [];

    public Dictionary<string, string> Marks { get; } = [];

    public long LastDeadLetter { get; set; }

    public long NumbersAfter { get; private set; }

    /// <summary>The accepted ids recorded in the groups.</summary>
    public List<IdAccepted> Accepted { get; } = [];

    /// <summary>Some groups are missing among those read; see <see cref="Move"/>.</summary>
    public bool HasHole { get; private set; }

    public RepairQueue Queue(long handle)
    {
        if (!_queues.TryGetValue(handle, out var queue)) _queues[handle] = queue = new RepairQueue(handle);
        return queue;
    }

    /// <summary>A queue got its handle, or is named again.</summary>
    public void Made(QueueMade record)
    {
        var queue = Queue(record.Queue);
        queue.Id ??= record.Id;
        queue.MadeAfter = record.After;
        // An earlier queue of the same name; it was empty when it was forgotten.
        if (_byId.TryGetValue(record.Id, out var former) && former.Handle < record.Queue) Forget(former);
        if (former is null || former.Handle < record.Queue) _byId[record.Id] = queue;
    }

    public void Forget(RepairQueue queue)
    {
        queue.RemoveUpTo(long.MaxValue);
        NumbersAfter = Math.Max(NumbersAfter, queue.LastNumber);
    }

    /// <summary>Loads the state of a snapshot.</summary>
    public void Load(IReadOnlyList<Block> snapshot)
    {
        var state = new StoreState(new AcceptedIds(0, TimeSpan.Zero));
        foreach (var block in snapshot) Replay.Apply(state, block);
        (LastDeadLetter, NumbersAfter) = (state.LastDeadLetter, state.NumbersAfter);
        foreach (var known in state.Queues)
        {
            var queue = Queue(known.Handle);
            (queue.Id, queue.MadeAfter, queue.LastNumber, queue.DeliveredUpTo) =
                (known.Id, known.MadeAfter, known.LastNumber, known.DeliveredUpTo);
            _byId[known.Id] = queue;
            foreach (var extent in known.Extents)
            {
                foreach (var number in extent.LiveNumbers()) queue.Live[number] = extent.Group;
            }

            foreach (var (number, returned) in known.Returned) queue.Returned[number] = returned;
        }

        foreach (var (key, position) in state.Positions) Positions[key] = position;
        foreach (var sender in state.Positions.Senders) SenderGroups[sender] = state.Positions.GroupOf(sender);
        foreach (var letter in state.DeadLetters)
            Letters[letter.Number] = new RepairLetter(letter.Number, state.Find(letter.Queue)!.Handle, letter.MessageNumber,
                letter.Group, letter.Reason, letter.AtUnixMs, letter.Text);
        foreach (var (name, note) in state.Marks) Marks[name] = note;
        foreach (var damaged in state.Damaged) PutAside(damaged, state.Find(damaged.Queue)!.Handle);
    }

    public void Stored(long handle, long number, long group)
    {
        var queue = Queue(handle);

        // The numbers of a queue are consecutive. A gap without a lost group in between was made on purpose, by a repair.
        var isKnownBefore = queue.LastNumber > 0 || IsFromStart;
        if (HasHole && isKnownBefore && queue.LastStoredGroup < LastHole)
            queue.Missing.Add(Math.Max(queue.LastNumber, queue.MadeAfter) + 1, number - 1);
        queue.Live[number] = group;
        queue.LastStoredGroup = group;
        queue.LastNumber = Math.Max(queue.LastNumber, number);
    }

    /// <summary>The last missing group; 0 if none is missing.</summary>
    public long LastHole { get; private set; }

    /// <summary>Everything before the first group applied is known: there is a snapshot, or that group is the first of all.</summary>
    public bool IsFromStart { get; set; }

    /// <summary>The groups up to this one, from the one after the last applied, are lost.</summary>
    public void Skip(long upTo)
    {
        HasHole = true;
        LastHole = upTo;
    }

    /// <summary>
    /// A position after a hole counts messages that may be lost in it, so the earlier position stays: the sender then resends what it still
    /// has. Some of those messages may be here already; a duplicate is better than a loss.
    /// </summary>
    public void Move(PositionMoved moved)
    {
        HasStalePositions |= HasHole;
        if (HasHole) return;
        Positions[(moved.SenderStore, moved.Queue)] = moved.Position;
        SenderGroups[moved.SenderStore] = moved.SenderGroup;
    }

    /// <summary>Positions were left as they were before the first hole.</summary>
    public bool HasStalePositions { get; private set; }

    public void Bury(DeadLettered record)
    {
        LastDeadLetter = Math.Max(LastDeadLetter, record.DeadNumber);
        var queue = Queue(record.Queue);
        var group = queue.Live.GetValueOrDefault(record.Number);
        queue.Remove(record.Number);
        Letters[record.DeadNumber] = new RepairLetter(
            record.DeadNumber, record.Queue, record.Number, group, record.Reason, record.AtUnixMs, record.Text);
    }

    public void Mark(Marked record)
    {
        if (record.Note.Length > 0) Marks[record.Name] = record.Note;
        else Marks.Remove(record.Name);
    }

    /// <summary>The copies of an extent's messages: they were in the queue when they were made.</summary>
    public void Copied(long handle, long number, long group)
    {
        var queue = Queue(handle);
        queue.Live[number] = group;
        queue.Missing.Remove(number);
        queue.LastNumber = Math.Max(queue.LastNumber, number);
    }

    public void LetterCopied(long deadNumber, long handle, long number, long group)
    {
        LastDeadLetter = Math.Max(LastDeadLetter, deadNumber);
        Letters[deadNumber] = Letters.TryGetValue(deadNumber, out var known) ? known with
        { Group = group } : RepairLetter.Bare(deadNumber, handle, number, group);
        Queue(handle).Live.Remove(number);
    }

    public void Quarantine(Quarantined record)
    {
        foreach (var queue in Queues)
        {
            foreach (var (number, group) in queue.Live.Where(entry => entry.Value == record.Group).ToList())
            {
                queue.Remove(number);
                queue.PutAside[number] = group;
            }
        }
    }

    private void PutAside(DamagedMessages damaged, long handle)
    {
        if (damaged.DeadLetter > 0)
        {
            Letters[damaged.DeadLetter] = RepairLetter.Bare(damaged.DeadLetter, handle, damaged.First, damaged.Group);
            return;
        }

        foreach (var number in damaged.Each()) Queue(handle).PutAside[number] = damaged.Group;
    }
}
