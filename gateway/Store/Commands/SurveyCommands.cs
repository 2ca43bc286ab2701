using Gateway.Store.Messages;
using Gateway.Store.Records;

namespace Gateway.Store.Commands;

/// <summary>
/// Examines some of the queues, after a place, and returns the totals of the store. It examines a limited part, so that writers do not wait
/// for it; for more, the caller repeats it after <see cref="LookedUpTo"/> until <see cref="IsEnd"/>.
/// </summary>
/// <param name="after">0 for the first queues.</param>
/// <param name="queuesMax">The number of queues to examine.</param>
/// <param name="done">Called on the loop.</param>
internal sealed class SurveyCommand(long after, int queuesMax, Action<SurveyCommand> done) : StoreCommand
{
    private readonly List<(QueueDescription Queue, long Place)> _places = [];

    /// <summary>Each queue with its place, after which a later command can continue.</summary>
    public IReadOnlyList<(QueueDescription Queue, long Place)> Places => _places;

    /// <summary>The place of the last queue examined.</summary>
    public long LookedUpTo { get; private set; }

    /// <summary>No queues follow.</summary>
    public bool IsEnd { get; private set; }

    public int DeadLetters { get; private set; }

    /// <summary>Unreadable messages that were removed from their queues.</summary>
    public long Damaged { get; private set; }

    /// <summary>The bytes of all stored messages and dead letters.</summary>
    public long StoredBytes { get; private set; }

    /// <summary>The free space on the disk.</summary>
    public long FreeBytes { get; private set; }

    /// <summary>The limit of the stored bytes.</summary>
    public long StoredBytesMax { get; private set; }

    /// <summary>The free disk space that the store requires to accept messages.</summary>
    public long FreeBytesMin { get; private set; }

    /// <summary>Why the disk keeps the store from accepting messages; null if it does not.</summary>
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
            _places.Add((QueueDescription.Of(queue, reader.Settings), LookedUpTo));
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

/// <summary>Reads one queue, or the totals of the dead letters.</summary>
/// <param name="queue">Null for the dead letters alone.</param>
/// <param name="done">Called on the loop.</param>
internal sealed class FindQueueCommand(QueueId? queue, Action<FindQueueCommand> done) : StoreCommand
{
    /// <summary>Null if it does not exist.</summary>
    public QueueDescription? Queue { get; private set; }

    public int DeadLetters { get; private set; }

    /// <summary>The number of the first dead letter; of the next one to come if there is none.</summary>
    public long FirstDeadLetter { get; private set; }

    /// <summary>The last number assigned to a dead letter.</summary>
    public long LastDeadLetter { get; private set; }

    public override bool NeedsRoom => false;

    public override void Read(StoreReader reader)
    {
        if (queue is { } id && reader.State.Find(id) is { } found) Queue = QueueDescription.Of(found, reader.Settings);
        DeadLetters = reader.State.DeadLetters.Count;
        LastDeadLetter = reader.State.LastDeadLetter;
        FirstDeadLetter = reader.State.DeadLetters.Select(letter => letter.Number).FirstOrDefault(LastDeadLetter + 1);
    }

    public override void Complete() => done(this);
}
