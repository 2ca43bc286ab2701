using Gateway.Store.Messages;
using Gateway.Store.Records;
using Gateway.Store.State;

namespace Gateway.Store;

/// <summary>
/// Writes records into the current group and applies them to the state in the same step. Commands change the store through it. Nothing is
/// durable until the group is committed; if that fails the process ends, and the state with it.
/// </summary>
internal sealed class StoreJournal
{
    private readonly BlockBatch _groups;
    private readonly IStoreTelemetry? _telemetry;
    private readonly Queue<(QueueId Queue, long LastNumber)> _forgotten = [];

    /// <param name="limits">The limits that commands check before they store.</param>
    /// <param name="telemetry">Observes dead letters; optional.</param>
    public StoreJournal(StoreState state, StoreLimits limits, long firstGroup, IStoreTelemetry? telemetry)
    {
        _telemetry = telemetry;
        State = state;
        Limits = limits;
        _groups = new BlockBatch(BlockKind.Group, firstGroup);
        LastTakenGroup = firstGroup - 1;
    }

    public StoreState State { get; }

    public StoreLimits Limits { get; }

    public bool IsEmpty => _groups.IsEmpty;

    /// <summary>The highest number of a group begun.</summary>
    public long LastGroup => _groups.Number - 1;

    /// <summary>The group that holds the latest record.</summary>
    public long OpenGroup => _groups.Number;

    /// <summary>The highest group handed over for writing; later groups cannot be read yet.</summary>
    public long LastTakenGroup { get; private set; }

    public List<Block> TakeGroups()
    {
        var taken = _groups.Take();
        LastTakenGroup = LastGroup;
        return taken;
    }

    public QueueState QueueOf(QueueId id)
    {
        if (State.Find(id) is { } known) return known;
        var record = new QueueMade(State.NextHandle, id, State.NumbersAfter);
        record.Write(_groups.Begin(RecordKind.QueueMade));
        _groups.End();
        State.Apply(record);
        var made = State.Queues[record.Queue];
        made.NamedInGroup = _groups.Number;
        return made;
    }

    /// <summary>Forgets the queues that have been empty longest, beyond this many; a queue with a dead letter is not forgotten.</summary>
    public void ForgetEmpty(int keptMax)
    {
        while (State.EmptyQueues > keptMax && State.LongestEmpty is { } queue)
        {
            var record = new QueueForgotten(queue.Handle);
            record.Write(_groups.Begin(RecordKind.QueueForgotten));
            _groups.End();
            State.Apply(record);
            _forgotten.Enqueue((queue.Id, queue.LastNumber));
        }
    }

    /// <summary>Queues forgotten and not yet taken, each with its last assigned number; at most this many.</summary>
    public IReadOnlyList<(QueueId Queue, long LastNumber)> TakeForgotten(int max)
    {
        var taken = new List<(QueueId Queue, long LastNumber)>(Math.Min(max, _forgotten.Count));
        while (taken.Count < max && _forgotten.TryDequeue(out var forgotten)) taken.Add(forgotten);
        return taken;
    }

    public bool HasForgotten => _forgotten.Count > 0;

    /// <summary>Appends a message to a queue; returns its number.</summary>
    public long Store(QueueState queue, Message message)
    {
        var number = queue.LastNumber + 1;
        var size = MessageCodec.SizeBytes(message);
        Name(queue);
        var writer = _groups.BeginTogether(RecordKind.Stored);
        writer.Int64(queue.Handle);
        writer.Int64(number);
        MessageCodec.Write(message, writer.Reserve(size));
        var group = _groups.Number;
        _groups.End();
        State.Stored(queue, number, group, size, message.ExpiresUnixMs);
        return number;
    }

    public void Accept(IdAccepted record)
    {
        record.Write(_groups.Begin(RecordKind.IdAccepted));
        _groups.End();
        State.Apply(record);
    }

    /// <summary>Returns the group that holds the record.</summary>
    public long MovePosition(PositionMoved record)
    {
        record.Write(_groups.Begin(RecordKind.PositionMoved));
        _groups.End();
        State.Apply(record, _groups.Number);
        return _groups.Number;
    }

    public void RemoveUpTo(QueueState queue, long number)
    {
        var record = new QueueNumber(queue.Handle, number);
        record.Write(_groups.Begin(RecordKind.RemovedUpTo));
        _groups.End();
        State.RemovedUpTo(record);
    }

    public void Remove(QueueState queue, long number)
    {
        var record = new QueueNumber(queue.Handle, number);
        record.Write(_groups.Begin(RecordKind.Removed));
        State.Leaves(queue, _groups.Number);
        _groups.End();
        State.Removed(record);
    }

    public void MarkDelivered(QueueState queue, long number)
    {
        if (number <= queue.DeliveredUpTo) return;
        var record = new QueueNumber(queue.Handle, number);
        record.Write(_groups.Begin(RecordKind.Delivered));
        _groups.End();
        State.Delivered(record);
    }

    public void Return(Returned record)
    {
        record.Write(_groups.Begin(RecordKind.Returned));
        _groups.End();
        State.Apply(record);
    }

    /// <summary>Rewrites the live messages of an extent into a later group.</summary>
    public void Move(QueueState queue, Extent extent, IReadOnlyList<StoredMessage> messages)
    {
        Invariant.Require(messages.Count == extent.Live, "all live messages of an extent are moved");
        var record = new ExtentMoved(queue.Handle, extent.First, messages.Sum(stored => (long)MessageCodec.SizeBytes(stored.Message)));
        Name(queue);
        record.Write(_groups.BeginTogether(RecordKind.ExtentMoved));
        _groups.End();
        foreach (var stored in messages) Copy(queue, stored);
        State.Apply(record, _groups.Number);
    }

    /// <summary>Likewise for the message of a dead letter.</summary>
    public void Move(QueueState queue, DeadLetter deadLetter, StoredMessage message)
    {
        var record = new DeadLetterMoved(deadLetter.Number);
        Name(queue);
        record.Write(_groups.BeginTogether(RecordKind.DeadLetterMoved));
        _groups.End();
        Copy(queue, message);
        State.Apply(record, _groups.Number);
    }

    /// <summary>Removes everything kept in an unreadable group from its queues; returns the messages removed.</summary>
    public IReadOnlyList<DamagedMessages> Quarantine(Quarantined record)
    {
        var known = State.Damaged.Count;
        record.Write(_groups.Begin(RecordKind.Quarantined));
        _groups.End();
        State.Apply(record);
        var damaged = State.Damaged.Skip(known).ToList();
        foreach (var lost in damaged.Where(lost => lost.DeadLetter == 0))
        {
            if (State.Find(lost.Queue) is { } queue) State.Leaves(queue, _groups.Number);
        }

        return damaged;
    }

    /// <summary>Turns a live message into a dead letter.</summary>
    public void DeadLetter(QueueState queue, long number, DeadLetterReason reason, long atUnixMs, string text)
    {
        _telemetry?.DeadLettered(queue.Id, reason);
        var record = new DeadLettered(queue.Handle, number, State.LastDeadLetter + 1, reason, atUnixMs, text);
        record.Write(_groups.Begin(RecordKind.DeadLettered));
        State.Leaves(queue, _groups.Number);
        _groups.End();
        State.Apply(record);
    }

    public void RemoveDeadLetter(DeadLetter letter)
    {
        var record = new DeadLetterRemoved(letter.Number);
        record.Write(_groups.Begin(RecordKind.DeadLetterRemoved));
        _groups.End();
        State.Apply(record);
    }

    public void Mark(Marked record)
    {
        record.Write(_groups.Begin(RecordKind.Marked));
        _groups.End();
        State.Apply(record);
    }

    /// <summary>Each group names the queues of its messages, so that they can be saved from it alone if all else is lost.</summary>
    private void Name(QueueState queue)
    {
        _groups.Turn();
        if (queue.NamedInGroup == _groups.Number) return;
        queue.NamedInGroup = _groups.Number;
        new QueueMade(queue.Handle, queue.Id, queue.MadeAfter).Write(_groups.BeginTogether(RecordKind.QueueMade));
        _groups.End();
    }

    private void Copy(QueueState queue, StoredMessage stored)
    {
        var writer = _groups.BeginTogether(RecordKind.Copied);
        writer.Int64(queue.Handle);
        writer.Int64(stored.Number);
        MessageCodec.Write(stored.Message, writer.Reserve(MessageCodec.SizeBytes(stored.Message)));
        _groups.End();
    }
}
