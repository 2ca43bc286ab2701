namespace Gateway.Store.Commands;

/// <summary>
/// Goes through some of the queues, from behind a place on, and tells what the store holds as a whole. It looks at a bounded part, so that
/// those who write do not wait for it; whoever wants more asks again, after <see cref="LookedUpTo"/>, until <see cref="IsEnd"/>.
/// </summary>
/// <param name="after">0 for the first ones.</param>
/// <param name="queuesMax">So many are looked at.</param>
/// <param name="done">Called on the loop.</param>
internal sealed class SurveyCommand(long after, int queuesMax, Action<SurveyCommand> done) : StoreCommand
{
    private readonly List<(QueueDescription Queue, long Place)> _places = [];

    /// <summary>Each with its place, behind which one can go on.</summary>
    public IReadOnlyList<(QueueDescription Queue, long Place)> Places => _places;

    /// <summary>The place of the last queue that was looked at.</summary>
    public long LookedUpTo { get; private set; }

    /// <summary>There are no queues behind it.</summary>
    public bool IsEnd { get; private set; }

    public int DeadLetters { get; private set; }

    /// <summary>Messages that were taken out of their queues because they could not be read.</summary>
    public long Damaged { get; private set; }

    /// <summary>Bytes of messages and dead letters that are kept.</summary>
    public long StoredBytes { get; private set; }

    /// <summary>What the disk has left.</summary>
    public long FreeBytes { get; private set; }

    /// <summary>Bytes that the store may keep.</summary>
    public long StoredBytesMax { get; private set; }

    /// <summary>What the disk has to have left for the store to take messages.</summary>
    public long FreeBytesMin { get; private set; }

    /// <summary>Why the disk keeps the store from taking messages; null if it does not.</summary>
    public DiskObstacle? DiskObstacle { get; private set; }

    public override bool NeedsRoom => false;

    public override void Read(StoreReader reader)
    {
        var state = reader.State;
        LookedUpTo = after;
        IsEnd = true;
        foreach (var queue in state.Queues.From(after))
        {
            IsEnd = _places.Count < queuesMax;
            if (!IsEnd) break;
            LookedUpTo = queue.Handle + 1;
            _places.Add((QueueDescription.Of(queue), LookedUpTo));
        }

        DeadLetters = state.DeadLetters.Count;
        Damaged = state.DamagedCount;
        StoredBytes = state.Volumes.KeptBytes;
        FreeBytes = reader.FreeBytes;
        StoredBytesMax = reader.Settings.StoreBytesMax;
        FreeBytesMin = reader.Settings.DiskReserveBytes;
        DiskObstacle = reader.DiskObstacle;
    }

    public override void Complete() => done(this);
}

/// <summary>Looks at one queue, or at the dead letters as a whole.</summary>
/// <param name="queue">Null for the dead letters alone.</param>
/// <param name="done">Called on the loop.</param>
internal sealed class FindQueueCommand(QueueId? queue, Action<FindQueueCommand> done) : StoreCommand
{
    /// <summary>Null when it is not there.</summary>
    public QueueDescription? Queue { get; private set; }

    public int DeadLetters { get; private set; }

    /// <summary>The number of the first of them; of the next one to come when there is none.</summary>
    public long FirstDeadLetter { get; private set; }

    /// <summary>The last number given to a dead letter.</summary>
    public long LastDeadLetter { get; private set; }

    public override bool NeedsRoom => false;

    public override void Read(StoreReader reader)
    {
        if (queue is { } id && reader.State.Find(id) is { } found) Queue = QueueDescription.Of(found);
        DeadLetters = reader.State.DeadLetters.Count;
        LastDeadLetter = reader.State.LastDeadLetter;
        FirstDeadLetter = reader.State.DeadLetters.Select(letter => letter.Number).FirstOrDefault(LastDeadLetter + 1);
    }

    public override void Complete() => done(this);
}
