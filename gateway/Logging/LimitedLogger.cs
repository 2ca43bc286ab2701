using Microsoft.Extensions.Logging;

namespace Gateway.Logging;

/// <summary>
/// Limits the log lines that strangers on the network can cause. The first lines of each kind are written; those that follow soon after
/// are counted, and summed up with the last of them, less and less often, until the kind has not come for a while. Lines about a peer are
/// a kind for each peer, with fewer lines: a fault of a peer recurs at each attempt, for days. Thread-safe.
/// </summary>
internal sealed partial class LimitedLogger(ILogger inner, TimeProvider time) : ILogger
{
    /// <summary>The number of lines of one kind that are written before they are counted.</summary>
    public const int LinesMax = 100;

    /// <summary>The same for lines of one kind about one peer.</summary>
    public const int PeerLinesMax = 20;

    /// <summary>A kind that has not come for so long begins anew.</summary>
    public static readonly TimeSpan Lull = TimeSpan.FromMinutes(5);

    /// <summary>The time until the first count is told; the second takes as long as a lull, and each later one twice as long.</summary>
    public static readonly TimeSpan FirstInterval = TimeSpan.FromSeconds(10);

    public static readonly TimeSpan IntervalMax = TimeSpan.FromHours(1);

    /// <summary>Beyond so many kinds all peers are one.</summary>
    private const int KindsMax = 4096;

    private readonly Lock _lock = new();

    /// <summary>By event id, of which the number is fixed by the code, and peer.</summary>
    private readonly Dictionary<(int Event, string Peer), Kind> _kinds = [];
    private long _swept = time.GetTimestamp();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => inner.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel);

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        lock (_lock)
        {
            var kind = KindOf(eventId, PeerOf(state));
            if (time.GetElapsedTime(kind.LastAt) >= Lull)
            {
                Tell(kind);
                (kind.Written, kind.Interval) = (0, FirstInterval);
            }

            kind.LastAt = time.GetTimestamp();
            if (kind.Written == kind.LinesMax)
            {
                Count(kind, logLevel, formatter(state, exception));
                return;
            }

            kind.Written++;
        }

        inner.Log(logLevel, eventId, state, exception, formatter);
    }

    private Kind KindOf(EventId eventId, string peer)
    {
        if (_kinds.TryGetValue((eventId.Id, peer), out var kind)) return kind;
        if (_kinds.Count >= KindsMax) Sweep();
        if (_kinds.Count >= KindsMax) peer = "";
        if (!_kinds.TryGetValue((eventId.Id, peer), out kind))
        {
            _kinds[(eventId.Id, peer)] = kind = new Kind
            { Name = eventId.Name ?? "unnamed", LinesMax = peer.Length > 0 ? PeerLinesMax : LinesMax, LastAt = time.GetTimestamp() };
        }

        return kind;
    }

    /// <summary>Forgets the kinds that would begin anew, at most once in the time that this takes.</summary>
    private void Sweep()
    {
        if (time.GetElapsedTime(_swept) < Lull) return;
        _swept = time.GetTimestamp();
        foreach (var (key, kind) in _kinds)
        {
            if (kind.LeftOut == 0 && time.GetElapsedTime(kind.LastAt) >= Lull) _kinds.Remove(key);
        }
    }

    /// <summary>Whom the line is about, by the name of its argument; empty if about no peer.</summary>
    private static string PeerOf<TState>(TState state)
    {
        if (state is not IReadOnlyList<KeyValuePair<string, object?>> arguments) return "";
        for (var i = 0; i < arguments.Count; i++)
        {
            if (arguments[i] is { Key: "Peer", Value: string peer }) return peer;
        }

        return "";
    }

    private void Count(Kind kind, LogLevel level, string line)
    {
        (kind.Level, kind.Last) = (level, line);
        if (kind.LeftOut++ > 0) return;
        kind.CountedSince = time.GetTimestamp();
        // The count is told even if no further line follows.
        kind.Timer = time.CreateTimer(_ => OnOver(kind), null, kind.Interval, Timeout.InfiniteTimeSpan);
    }

    private void OnOver(Kind kind)
    {
        lock (_lock)
        {
            Tell(kind);
            kind.Interval = TimeSpan.FromTicks(Math.Clamp(2 * kind.Interval.Ticks, Lull.Ticks, IntervalMax.Ticks));
        }
    }

    private void Tell(Kind kind)
    {
        kind.Timer?.Dispose();
        kind.Timer = null;
        if (kind.LeftOut == 0) return;
        var span = Figures.Span(time.GetElapsedTime(kind.CountedSince));
        LogAgain(inner, kind.Level, kind.Name, Figures.Times(kind.LeftOut), span, kind.Last);
        kind.LeftOut = 0;
    }

    [LoggerMessage(EventId = 8002, Message = "{Kind}: again, {Times} in {Span}; the last: {Last}")]
    private static partial void LogAgain(ILogger logger, LogLevel level, string kind, string times, string span, string last);

    private sealed class Kind
    {
        public required string Name { get; init; }

        public required int LinesMax { get; init; }

        public required long LastAt { get; set; }

        /// <summary>The lines written since the kind began anew.</summary>
        public int Written { get; set; }

        public TimeSpan Interval { get; set; } = FirstInterval;

        public long LeftOut { get; set; }

        /// <summary>The time of the first line left out.</summary>
        public long CountedSince { get; set; }

        public LogLevel Level { get; set; }

        public string Last { get; set; } = "";

        public ITimer? Timer { get; set; }
    }
}
