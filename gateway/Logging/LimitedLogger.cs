using Microsoft.Extensions.Logging;

namespace Gateway.Logging;

/// <summary>
/// Limits the log lines that strangers on the network can cause. Within a period only a number of lines of each kind are written; the rest
/// are counted, and a line reports the count. Lines about a peer are a kind for each peer, with fewer lines in a longer period: what goes
/// wrong with one does so again at each attempt, for days. Thread-safe.
/// </summary>
internal sealed partial class LimitedLogger(ILogger inner, TimeProvider time) : ILogger
{
    /// <summary>The maximum number of lines of one kind within <see cref="Span"/>.</summary>
    public const int LinesMax = 100;

    public static readonly TimeSpan Span = TimeSpan.FromSeconds(10);

    /// <summary>The same for lines of one kind about one peer.</summary>
    public const int PeerLinesMax = 20;

    public static readonly TimeSpan PeerSpan = TimeSpan.FromMinutes(5);

    /// <summary>Beyond so many kinds all peers are one.</summary>
    private const int KindsMax = 4096;

    private readonly Lock _lock = new();

    /// <summary>By event id, of which the number is fixed by the code, and peer.</summary>
    private readonly Dictionary<(int Event, string Peer), Kind> _kinds = [];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => inner.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel);

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        lock (_lock)
        {
            var peer = _kinds.Count < KindsMax ? PeerOf(state) : "";
            if (!_kinds.TryGetValue((eventId.Id, peer), out var kind))
                _kinds[(eventId.Id, peer)] = kind = new Kind { Event = eventId, IsOfPeer = peer.Length > 0 };
            if (kind.Written == 0 || time.GetElapsedTime(kind.Began) >= kind.Span)
            {
                Tell(kind);
                kind.Began = time.GetTimestamp();
            }

            if (kind.Written == kind.LinesMax)
            {
                kind.Level = logLevel;
                kind.Last = formatter(state, exception);
                // The count is reported even if no further line follows.
                if (kind.LeftOut++ == 0) kind.Timer = time.CreateTimer(_ => OnOver(kind),
                    null, TimeSpan.FromTicks(Math.Max(0, (kind.Span - time.GetElapsedTime(kind.Began)).Ticks)), Timeout.InfiniteTimeSpan);
                return;
            }

            kind.Written++;
        }

        inner.Log(logLevel, eventId, state, exception, formatter);
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

    private void OnOver(Kind kind)
    {
        lock (_lock) Tell(kind);
    }

    private void Tell(Kind kind)
    {
        kind.Timer?.Dispose();
        kind.Timer = null;
        kind.Written = 0;
        if (kind.LeftOut > 0) LogLeftOut(inner, kind.Level, kind.LeftOut, kind.Event.Name ?? "unnamed", kind.Span.TotalSeconds, kind.Last);
        kind.LeftOut = 0;
    }

    [LoggerMessage(EventId = 8002, Message = "{Count} more lines of the kind {Kind} were left out within {Seconds} s; the last: {Last}")]
    private static partial void LogLeftOut(ILogger logger, LogLevel level, long count, string kind, double seconds, string last);

    private sealed class Kind
    {
        public required EventId Event { get; init; }

        public required bool IsOfPeer { get; init; }

        public int LinesMax => IsOfPeer ? PeerLinesMax : LimitedLogger.LinesMax;

        public TimeSpan Span => IsOfPeer ? PeerSpan : LimitedLogger.Span;

        public long Began { get; set; }

        public int Written { get; set; }

        public long LeftOut { get; set; }

        public LogLevel Level { get; set; }

        public string Last { get; set; } = "";

        public ITimer? Timer { get; set; }
    }
}
