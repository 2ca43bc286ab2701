using Gateway.Store;
using Gateway.Store.Commands;
using Gateway.Store.Messages;
using Gateway.Store.Records;

namespace Gateway.Management;

/// <summary>The sum of the queues of one kind and one peer.</summary>
/// <param name="Peer">Empty for inbound queues.</param>
internal sealed record QueueTotals(QueueKind Kind, string Peer, int Queues, long Messages, long Bytes)
{
    /// <summary>The queue whose first message is oldest, judged by its place in the store; null if all are empty.</summary>
    public QueueDescription? Oldest { get; init; }
}

/// <summary>The result of one pass through all queues: the sums of all, and a limited number of individual queues.</summary>
internal sealed record QueueSurvey
{
    /// <summary>The number of queues listed individually: those with the most messages, and <see cref="IListedQueues"/>.</summary>
    public const int ListedMax = 500;

    /// <summary>In the order of their creation.</summary>
    public required IReadOnlyList<QueueDescription> Listed { get; init; }

    public required IReadOnlyList<QueueTotals> Totals { get; init; }

    public required int DeadLetters { get; init; }

    public required long Damaged { get; init; }

    public required long StoredBytes { get; init; }

    public required long FreeBytes { get; init; }

    /// <summary>The limit of the stored bytes.</summary>
    public required long StoredBytesMax { get; init; }

    /// <summary>The free disk space that the store requires to accept messages.</summary>
    public required long FreeBytesMin { get; init; }

    /// <summary>Why the disk keeps the store from accepting messages; null if it does not.</summary>
    public DiskObstacle? DiskObstacle { get; init; }

    /// <summary>The store has never told.</summary>
    public static QueueSurvey Unknown { get; } = new()
    {
        Listed = [],
        Totals = [],
        DeadLetters = 0,
        Damaged = 0,
        StoredBytes = 0,
        FreeBytes = 0,
        StoredBytesMax = long.MaxValue,
        FreeBytesMin = 0,
    };

    public QueueSum SumOf(QueueKind kind)
    {
        var own = Totals.Where(total => total.Kind == kind).ToList();
        return new QueueSum(own.Sum(total => total.Queues), own.Sum(total => total.Messages), own.Sum(total => total.Bytes));
    }
}

/// <summary>
/// Passes through all queues in limited pieces, so that neither the loop nor the store is held up. One pass at a time: requests made during
/// a pass get the next one, which includes everything stored at the time of the request. A pure state machine, owned by the loop.
/// </summary>
/// <param name="always">The queues that must be listed, however few messages they hold.</param>
internal sealed class QueueSurveyor(IStoreInput store, IListedQueues always)
{
    /// <summary>The queues examined in one piece.</summary>
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

    private void GoOn(long after) => store.Submit(new SurveyCommand(after, PieceMax, OnPiece));

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

        // Among equals the earlier queues stay, so that the listing is stable.
        var weight = always.IsListed(queue.Id) ? long.MaxValue : queue.Messages;
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
