using Gateway.Links.Protocol;

namespace Gateway.Links.Causes;

/// <summary>
/// Keeps a link that comes and goes from pushing everything older out of its history: of each kind of change, which is a state with a
/// cause, the first are kept as they are, and those that follow soon after are counted and told as one change, less and less often. Pure;
/// owned by the history.
/// </summary>
internal sealed class LinkRepetition
{
    /// <summary>So many of a kind are enough for patterns.</summary>
    private const int FirstMax = 10;

    /// <summary>A kind that has not come for so long begins anew.</summary>
    private static readonly TimeSpan _lull = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan _firstInterval = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan _longestInterval = TimeSpan.FromHours(24);

    private readonly Dictionary<KindOfChange, Kind> _kinds = [];

    /// <summary>The kind of the last sudden end, if it is only counted, until it shows whether the peer was restarted.</summary>
    private Kind? _open;

    /// <summary>The last sudden end is kept as it is, and nothing has followed.</summary>
    private bool _isEndKept;

    /// <summary>The summaries of the changes counted so far, as they would be told now.</summary>
    public IEnumerable<LinkChange> Pending => _kinds.Values.Select(kind => kind.Summary).OfType<LinkChange>();

    /// <summary>Takes a change, and gives those to be kept now: it, a summary, both or nothing.</summary>
    /// <param name="topic">Tells kinds of one state and cause apart.</param>
    public IReadOnlyList<LinkChange> Take(LinkChange change, string topic = "")
    {
        // An operator's acts are kept, however many they are.
        if (change.State == LinkState.Paused) return [change];
        var isEnd = SuddenEnds.IsSuddenEnd(change);
        // How an end came about shows when the link is up: the two are kept together.
        var isOutcomeOfKept = change.State == LinkState.Up && _isEndKept && !change.IsOneOfMany;
        if (isEnd || change.State == LinkState.Up) Close(SuddenEnds.ProvesRestart(change));
        var key = new KindOfChange(change.State, change.Cause, topic, isEnd, LinkPatterns.SuggestsLargePackets(change));
        if (!_kinds.TryGetValue(key, out var kind)) _kinds[key] = kind = new Kind { WrittenAt = change.At };
        var told = TellDue(kind, change.At);
        kind.LastAt = change.At;
        if (kind.Count < FirstMax || isOutcomeOfKept)
        {
            kind.Count++;
            if (kind.Held is null) kind.WrittenAt = change.At;
            if (isEnd) _isEndKept = true;
            return [.. told, change];
        }

        kind.Hold(change);
        if (isEnd) _open = kind;
        return told;
    }

    /// <summary>The outcome of the last end is known, or it has none.</summary>
    private void Close(bool isRestart)
    {
        _open?.Close(isRestart);
        (_open, _isEndKept) = (null, false);
    }

    /// <summary>
    /// A summary is told when the next of its kind comes: then it is known how its ends came about.
    /// </summary>
    private static IReadOnlyList<LinkChange> TellDue(Kind kind, DateTimeOffset now)
    {
        var isAnew = (now - kind.LastAt).Duration() > _lull;
        IReadOnlyList<LinkChange> told = [];
        if (kind.Summary is { } due && (isAnew || now - kind.WrittenAt >= kind.Interval))
        {
            told = [due];
            kind.Release();
            var longer = kind.Interval * 2;
            kind.Interval = longer < _longestInterval ? longer : _longestInterval;
        }

        if (isAnew) (kind.Count, kind.Interval) = (0, _firstInterval);
        return told;
    }

    /// <summary>Returns the summary of the counted changes, and forgets them.</summary>
    public IReadOnlyList<LinkChange> TakePending()
    {
        var pending = Pending.OrderBy(change => change.At).ToList();
        _kinds.Clear();
        (_open, _isEndKept) = (null, false);
        return pending;
    }

    /// <param name="IsSuddenEnd">It has ended a connection, and not only an attempt.</param>
    /// <param name="SuggestsLargePackets">It is one of those ends of which only an unbroken row is a pattern.</param>
    private readonly record struct KindOfChange(
        LinkState State, LinkCause Cause, string Topic, bool IsSuddenEnd, bool SuggestsLargePackets);

    private sealed class Kind
    {
        private RepeatedEnds _ends = RepeatedEnds.None;
        private RepeatedEnds _restarts = RepeatedEnds.None;

        /// <summary>The last end, whose outcome is not known.</summary>
        private SampledEnd? _open;
        private int _heldCount;

        public int Count { get; set; }

        public DateTimeOffset LastAt { get; set; }

        public DateTimeOffset WrittenAt { get; set; }

        public LinkChange? Held { get; private set; }

        public TimeSpan Interval { get; set; } = _firstInterval;

        /// <summary>Null when nothing is held.</summary>
        public LinkChange? Summary => Held is not { } last ? null : last with
        {
            Again = _heldCount,
            Ends = IfAny(_open is null ? _ends : _ends.With(_open)),
            Restarts = IfAny(_restarts),
            Evidence = $"again, {Figures.Times(_heldCount)} in {Figures.Span(last.At - WrittenAt)}; the last: {last.Evidence}",
        };

        public void Hold(LinkChange change)
        {
            Held = change;
            _heldCount++;
            if (SuddenEnds.IsSuddenEnd(change)) _open = new SampledEnd(change.At, Round(change.UpSeconds), Round(change.QuietSeconds));
        }

        public void Close(bool isRestart)
        {
            if (_open is null) return;
            if (isRestart) _restarts = _restarts.With(_open);
            else _ends = _ends.With(_open);
            _open = null;
        }

        /// <summary>The summary has been told.</summary>
        public void Release()
        {
            WrittenAt = Held!.At;
            (Held, _heldCount, _open, _ends, _restarts) = (null, 0, null, RepeatedEnds.None, RepeatedEnds.None);
        }

        private static RepeatedEnds? IfAny(RepeatedEnds ends) => ends.Count == 0 ? null : ends;

        private static double Round(double? seconds) => Math.Round(seconds ?? 0, 2);
    }
}
