using Gateway.Links.Protocol;

namespace Gateway.Links.Causes;

/// <summary>
/// Keeps a link that comes and goes from pushing everything older out of its history: of each kind of change, which is a state with a
/// cause, the first are kept as they are, and what follows soon after is counted and told as one change, less and less often. Pure; owned
/// by the history.
/// </summary>
internal sealed class LinkRepetition
{
    /// <summary>So many of a kind are enough for patterns.</summary>
    private const int FirstMax = 10;

    /// <summary>A kind that has not come for so long begins anew.</summary>
    private static readonly TimeSpan _lull = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan _firstInterval = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan _longestInterval = TimeSpan.FromHours(24);

    private readonly Dictionary<(LinkState State, LinkCause Cause, string Topic), Kind> _kinds = [];

    /// <summary>What is counted and not told yet, as it would be told now.</summary>
    public IEnumerable<LinkChange> Pending => _kinds.Values.Select(kind => kind.Summary).OfType<LinkChange>();

    /// <summary>Takes a change, and gives those to be kept now: it, a summary, both or nothing.</summary>
    /// <param name="topic">Tells kinds of one state and cause apart.</param>
    public IReadOnlyList<LinkChange> Take(LinkChange change, string topic = "")
    {
        // What an operator does is kept, however often.
        if (change.State == LinkState.Paused) return [change];
        var key = (change.State, change.Cause, topic);
        if (!_kinds.TryGetValue(key, out var kind)) _kinds[key] = kind = new Kind { WrittenAt = change.At };
        var told = new List<LinkChange>(2);
        if ((change.At - kind.LastAt).Duration() > _lull)
        {
            if (kind.Summary is { } rest) told.Add(rest);
            (kind.Count, kind.Held, kind.HeldCount, kind.Interval) = (0, null, 0, _firstInterval);
        }

        kind.LastAt = change.At;
        if (kind.Count < FirstMax)
        {
            kind.Count++;
            kind.WrittenAt = change.At;
            told.Add(change);
            return told;
        }

        kind.Held = change;
        kind.HeldCount++;
        if (change.At - kind.WrittenAt < kind.Interval) return told;
        told.Add(kind.Summary!);
        var longer = kind.Interval * 2;
        (kind.WrittenAt, kind.Held, kind.HeldCount) = (change.At, null, 0);
        kind.Interval = longer < _longestInterval ? longer : _longestInterval;
        return told;
    }

    /// <summary>Gives what is counted, and forgets it.</summary>
    public IReadOnlyList<LinkChange> TakePending()
    {
        var pending = Pending.OrderBy(change => change.At).ToList();
        _kinds.Clear();
        return pending;
    }

    private sealed class Kind
    {
        public int Count { get; set; }

        public DateTimeOffset LastAt { get; set; }

        public DateTimeOffset WrittenAt { get; set; }

        public LinkChange? Held { get; set; }

        public int HeldCount { get; set; }

        public TimeSpan Interval { get; set; } = _firstInterval;

        /// <summary>Null when nothing is held.</summary>
        public LinkChange? Summary => Held is not { } last ? null : last with
        {
            Again = HeldCount,
            Evidence = $"again, {Figures.Times(HeldCount)} in {Figures.Span(last.At - WrittenAt)}; the last: {last.Evidence}",
        };
    }
}
