using Gateway.Store.Messages;
using Gateway.Store.State;

namespace Gateway.Store.Commands;

/// <summary>Reads a piece of a queue, in order, after a number.</summary>
internal sealed class ReadQueueCommand(QueueId queue, long after, int messagesMax, int bytesMax, Action<IReadOnlyList<StoredMessage>> done)
    : StoreCommand
{
    private IReadOnlyList<StoredMessage> _found = [];

    /// <summary>
    /// The last group in which a message left an outgoing queue unsent: any message missing in the result left in it or before.
    /// </summary>
    public long LeftUnsentGroup { get; private set; }

    public override bool NeedsRoom => false;

    public override void Read(StoreReader reader)
    {
        LeftUnsentGroup = reader.State.LeftUnsentGroup;
        _found = reader.Read(queue, after, messagesMax, bytesMax);
    }

    /// <summary>The damaged messages may be among those this read has skipped.</summary>
    public override void OnDamaged(long group) => LeftUnsentGroup = group;

    public override void Complete() => done(_found);
}

/// <summary>Reads the stored positions of some outgoing queues of another store.</summary>
/// <param name="done">Called on the loop with the positions, in order; 0 for a queue of which nothing was stored.</param>
internal sealed class ReadPositionsCommand(Guid senderStore, IReadOnlyList<string> queues, Action<IReadOnlyList<StoredPosition>> done)
    : StoreCommand
{
    private readonly StoredPosition[] _positions = new StoredPosition[queues.Count];

    public override bool NeedsRoom => false;

    public override void Read(StoreReader reader)
    {
        for (var i = 0; i < queues.Count; i++) _positions[i] = reader.State.Position(senderStore, queues[i]);
    }

    public override void Complete() => done(_positions);
}

/// <summary>Reads the knowledge here of another store's history, and of this store's groups with that store's messages.</summary>
/// <param name="known">
/// The other side's knowledge of what is here, of its own store or, before that got a new identity, of its former one; null if it has none.
/// </param>
internal sealed class ReadHistoryCommand(Guid senderStore, HistoryPoint? known, Action<ReadHistoryCommand> done) : StoreCommand
{
    /// <summary>The last run of that store from which messages were taken; null if there is none.</summary>
    public KnownRun? Known { get; private set; }

    /// <summary>The last group of this store with messages of that one.</summary>
    public long LastGroup { get; private set; }

    /// <summary>The last group with messages of the store known to the other side.</summary>
    public long LastKnowable { get; private set; }

    /// <summary>The tally of that store's batches that were stored here.</summary>
    public long Batches { get; private set; }

    /// <summary>The batches of which the other side knows are stored here.</summary>
    public bool HasKnownBatches { get; private set; }

    public override bool NeedsRoom => false;

    /// <summary>The other side may know more of the store than a process from which it was taken over.</summary>
    public override bool ProvesHold => true;

    public override void Read(StoreReader reader)
    {
        var positions = reader.State.Positions;
        var knownBy = known?.Of ?? default;
        (LastGroup, LastKnowable) = (positions.LastGroupOf(senderStore), positions.LastGroupOf(knownBy));
        (Batches, HasKnownBatches) = (positions.BatchesOf(senderStore), positions.HadBatches(knownBy, known?.Batches ?? 0));
        Known = KnownRun.Parse(reader.State.Marks.GetValueOrDefault(MarkNames.OfStore(senderStore))) is
        { } run ? run with { Group = positions.GroupOf(senderStore) } : null;
    }

    public override void Complete() => done(this);
}

/// <summary>The contents of one queue.</summary>
/// <param name="FirstNumber">The number of its first message; of the next message to come if it is empty.</param>
/// <param name="FirstGroup">The group of its first message: the lower, the older, unless it was rewritten; 0 if it is empty.</param>
internal sealed record QueueDescription(QueueId Id, long Messages, long Bytes, long FirstNumber, long LastNumber, long FirstGroup = 0)
{
    /// <summary>Everything up to this number was delivered to a consumer, or acknowledged by the peer.</summary>
    public long DeliveredUpTo { get; init; }

    /// <summary>The number after which the queue began.</summary>
    public long MadeAfter { get; init; }

    /// <summary>The queue takes no further message of the mean size of those that it holds.</summary>
    public bool IsFull { get; init; }

    public static QueueDescription Of(QueueState queue, StoreSettings settings)
    {
        var first = queue.After(0).FirstOrDefault();
        return new QueueDescription(
            queue.Id,
            queue.Messages,
            queue.Bytes,
            queue.Messages == 0 ? queue.LastNumber + 1 : first.LiveNumbers().First(),
            queue.LastNumber,
            queue.Messages == 0 ? 0 : first.Group)
        {
            DeliveredUpTo = queue.DeliveredUpTo,
            MadeAfter = queue.MadeAfter,
            IsFull = StoreLimits.IsFull(queue, settings),
        };
    }
}

/// <summary>Reads the contents of the store.</summary>
internal sealed class DescribeCommand(Action<DescribeCommand> done) : StoreCommand
{
    public IReadOnlyList<QueueDescription> Queues { get; private set; } = [];

    public int DeadLetters { get; private set; }

    /// <summary>The number of the first dead letter; of the next one to come if there is none.</summary>
    public long FirstDeadLetter { get; private set; }

    /// <summary>The last number assigned to a dead letter.</summary>
    public long LastDeadLetter { get; private set; }

    /// <summary>Unreadable messages that were removed from their queues.</summary>
    public long Damaged { get; private set; }

    /// <summary>The gateway's notes, by name.</summary>
    public IReadOnlyDictionary<string, string> Marks { get; private set; } = new Dictionary<string, string>();

    /// <summary>The time at which the last message id was accepted, in the total running time of gateways on the store.</summary>
    public long LastAcceptedMs { get; private set; }

    /// <summary>The bytes of all stored messages and dead letters.</summary>
    public long StoredBytes { get; private set; }

    /// <summary>The free space on the disk.</summary>
    public long FreeBytes { get; private set; }

    public override bool NeedsRoom => false;

    public override void Read(StoreReader reader)
    {
        LastAcceptedMs = reader.State.Accepted.LastAtMs;
        Queues = reader.State.Queues.Select(queue => new QueueDescription(
            queue.Id, queue.Messages, queue.Bytes, queue.FirstNumber, queue.LastNumber)
        { DeliveredUpTo = queue.DeliveredUpTo }).ToList();
        DeadLetters = reader.State.DeadLetters.Count;
        LastDeadLetter = reader.State.LastDeadLetter;
        FirstDeadLetter = reader.State.DeadLetters.Select(letter => letter.Number).FirstOrDefault(LastDeadLetter + 1);
        Marks = new Dictionary<string, string>(reader.State.Marks);
        StoredBytes = reader.State.Volumes.KeptBytes;
        FreeBytes = reader.FreeBytes;
        Damaged = reader.State.DamagedCount;
    }

    public override void Complete() => done(this);
}
