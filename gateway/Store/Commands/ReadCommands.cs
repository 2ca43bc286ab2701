namespace Gateway.Store.Commands;

/// <summary>Reads a piece of a queue, in order, from above a number.</summary>
internal sealed class ReadQueueCommand(QueueId queue, long after, int messagesMax, int bytesMax, Action<IReadOnlyList<StoredMessage>> done)
    : StoreCommand
{
    private IReadOnlyList<StoredMessage> _found = [];

    /// <summary>
    /// The last group in which a message left an outgoing queue unsent: what is missing in what was found is gone since then.
    /// </summary>
    public long LeftUnsentGroup { get; private set; }

    public override bool NeedsRoom => false;

    public override void Read(StoreReader reader)
    {
        LeftUnsentGroup = reader.State.LeftUnsentGroup;
        _found = reader.Read(queue, after, messagesMax, bytesMax);
    }

    /// <summary>Some of it may be what this has passed over.</summary>
    public override void OnDamaged(long group) => LeftUnsentGroup = group;

    public override void Complete() => done(_found);
}

/// <summary>Asks how far some outgoing queues of another store have been stored here.</summary>
/// <param name="done">Called on the loop with a position for each, in their order; 0 for one of which nothing was stored.</param>
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

/// <summary>Asks what is known here of another store's history, and how far this one has come with what that has sent.</summary>
/// <param name="knownBy">The store whose messages the other side knows to be here: its own, before it got a new identity.</param>
internal sealed class ReadHistoryCommand(Guid senderStore, Guid knownBy, Action<ReadHistoryCommand> done) : StoreCommand
{
    /// <summary>The last run of that store from which messages were taken; null if there was none.</summary>
    public KnownRun? Known { get; private set; }

    /// <summary>The last group of this store with messages of that one.</summary>
    public long LastGroup { get; private set; }

    /// <summary>The last one with messages of the store of which the other side knows.</summary>
    public long LastKnowable { get; private set; }

    public override bool NeedsRoom => false;

    public override void Read(StoreReader reader)
    {
        var positions = reader.State.Positions;
        (LastGroup, LastKnowable) = (positions.LastGroupOf(senderStore), positions.LastGroupOf(knownBy));
        Known = KnownRun.Parse(reader.State.Marks.GetValueOrDefault(MarkNames.OfStore(senderStore))) is
        { } known ? known with { Group = positions.GroupOf(senderStore) } : null;
    }

    public override void Complete() => done(this);
}

/// <summary>What one queue holds.</summary>
/// <param name="FirstNumber">The number of its first message; of the next one to come when it is empty.</param>
/// <param name="FirstGroup">The group in which its first message lies: the lower, the older, unless it was written again; 0 when it is
/// empty.</param>
internal sealed record QueueDescription(QueueId Id, long Messages, long Bytes, long FirstNumber, long LastNumber, long FirstGroup = 0)
{
    /// <summary>Everything up to this number was handed to a consumer, or was acknowledged by the peer.</summary>
    public long DeliveredUpTo { get; init; }

    /// <summary>The number that it began after.</summary>
    public long MadeAfter { get; init; }

    public static QueueDescription Of(QueueState queue)
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
        };
    }
}

/// <summary>Asks what the store holds.</summary>
internal sealed class DescribeCommand(Action<DescribeCommand> done) : StoreCommand
{
    public IReadOnlyList<QueueDescription> Queues { get; private set; } = [];

    public int DeadLetters { get; private set; }

    /// <summary>The number of the first of them; of the next one to come when there is none.</summary>
    public long FirstDeadLetter { get; private set; }

    /// <summary>The last number given to a dead letter.</summary>
    public long LastDeadLetter { get; private set; }

    /// <summary>Messages that were taken out of their queues because they could not be read.</summary>
    public long Damaged { get; private set; }

    /// <summary>The notes that the gateway keeps, by name.</summary>
    public IReadOnlyDictionary<string, string> Marks { get; private set; } = new Dictionary<string, string>();

    /// <summary>When the last message id was accepted, in the time for which gateways have run on the store.</summary>
    public long LastAcceptedMs { get; private set; }

    /// <summary>Bytes of messages and dead letters that are kept.</summary>
    public long StoredBytes { get; private set; }

    /// <summary>What the disk has left.</summary>
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
