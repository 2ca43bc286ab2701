using Gateway.Store;
using Gateway.Store.Commands;

namespace Gateway.Management;

/// <summary>The queues of one kind, and of one peer, added up.</summary>
/// <param name="Peer">Empty for inbound queues.</param>
internal sealed record QueueTotals(QueueKind Kind, string Peer, int Queues, long Messages, long Bytes)
{
    /// <summary>The one whose first message has lain longest, as far as its place in the store tells; null when all are empty.</summary>
    public QueueDescription? Oldest { get; init; }
}

/// <summary>What was found on one way through all queues: all of them added up, and some of them, however many there are.</summary>
internal sealed record QueueSurvey
{
    /// <summary>Queues that are listed one by one: those that hold most, and those that an operator has changed.</summary>
    public const int ListedMax = 500;

    /// <summary>In the order in which they were made.</summary>
    public required IReadOnlyList<QueueDescription> Listed { get; init; }

    public required IReadOnlyList<QueueTotals> Totals { get; init; }

    public required int DeadLetters { get; init; }

    public required long Damaged { get; init; }

    public required long StoredBytes { get; init; }

    public required long FreeBytes { get; init; }

    /// <summary>Bytes that the store may keep.</summary>
    public required long StoredBytesMax { get; init; }

    /// <summary>What the disk has to have left for the store to take messages.</summary>
    public required long FreeBytesMin { get; init; }

    /// <summary>Why the disk keeps the store from taking messages; null if it does not.</summary>
    public DiskObstacle? DiskObstacle { get; init; }

    public QueueSum SumOf(QueueKind kind)
    {
        var own = Totals.Where(total => total.Kind == kind).ToList();
        return new QueueSum(own.Sum(total => total.Queues), own.Sum(total => total.Messages), own.Sum(total => total.Bytes));
    }
}

/// <summary>
/// Goes through all queues in bounded pieces, so that neither the loop nor the store is at it for long. One way at a time: whoever asks
/// meanwhile gets the next one, which shows all that it knows to be stored. A pure state machine, owned by the loop.
/// </summary>
/// <param name="isChanged">An operator has changed the queue, and must find it again.</param>
internal sealed class QueueSurveyor(Action<StoreCommand> submit, Func<QueueId, bool> isChanged)
{
    /// <summary>Queues that are looked at in one piece.</summary>
    public const int PieceMax = 1000;

    private readonly PriorityQueue<(QueueDescription Queue, long Place), (long Weight, long Place)> _listed = new();
    private readonly Dictionary<(QueueKind Kind, string Peer), QueueTotals> _totals = [];
    private List<Action<QueueSurvey>> _asking = [];
    private List<Action<QueueSurvey>> _next = [];

    public void Ask(Action<QueueSurvey> answer)
    {
        _next.Add(answer);
        if (_asking.Count == 0) Begin();
    }

    private void Begin()
    {
        (_asking, _next) = (_next, _asking);
        GoOn(after: 0);
    }

    private void GoOn(long after) => submit(new SurveyCommand(after, PieceMax, OnPiece));

    private void OnPiece(SurveyCommand piece)
    {
        foreach (var (queue, place) in piece.Places) Add(queue, place);
        if (piece.IsEnd) End(piece);
        else GoOn(piece.LookedUpTo);
    }

    private void Add(QueueDescription queue, long place)
    {
        var peer = queue.Id.Kind == QueueKind.Outgoing ? queue.Id.Peer : "";
        var before = _totals.GetValueOrDefault((queue.Id.Kind, peer)) ?? new QueueTotals(queue.Id.Kind, peer, 0, 0, 0);
        _totals[(queue.Id.Kind, peer)] = before with
        {
            Queues = before.Queues + 1,
            Messages = before.Messages + queue.Messages,
            Bytes = before.Bytes + queue.Bytes,
            Oldest = queue.Messages > 0 && (before.Oldest is null || queue.FirstGroup < before.Oldest.FirstGroup) ? queue : before.Oldest,
        };

        // Of those that hold as much the earlier ones stay, so that a page does not change for nothing.
        var weight = isChanged(queue.Id) ? long.MaxValue : queue.Messages;
        if (_listed.Count < QueueSurvey.ListedMax) _listed.Enqueue((queue, place), (weight, -place));
        else _listed.EnqueueDequeue((queue, place), (weight, -place));
    }

    private void End(SurveyCommand last)
    {
        var survey = new QueueSurvey
        {
            Listed = [.. _listed.UnorderedItems.Select(item => item.Element).OrderBy(listed => listed.Place)
                .Select(listed => listed.Queue)],
            Totals = [.. _totals.Values],
            DeadLetters = last.DeadLetters,
            Damaged = last.Damaged,
            StoredBytes = last.StoredBytes,
            FreeBytes = last.FreeBytes,
            StoredBytesMax = last.StoredBytesMax,
            FreeBytesMin = last.FreeBytesMin,
            DiskObstacle = last.DiskObstacle,
        };
        _listed.Clear();
        _totals.Clear();
        var answers = _asking;
        _asking = [];
        foreach (var answer in answers) answer(survey);
        if (_next.Count > 0 && _asking.Count == 0) Begin();
    }
}
