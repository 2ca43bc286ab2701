using Microsoft.Extensions.Logging;

namespace Gateway.Logging;

/// <summary>
/// Limits the log lines that strangers on the network can cause. Within a period only a number of lines of each kind are written; the rest
/// are counted, and a line reports the count. Thread-safe.
/// </summary>
internal sealed partial class LimitedLogger(ILogger inner, TimeProvider time) : ILogger
{
    /// <summary>The maximum number of lines of one kind within <see cref="Span"/>.</summary>
    public const int LinesMax = 100;

    public static readonly TimeSpan Span = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();

    /// <summary>By event id; their number is fixed by the code.</summary>
    private readonly Dictionary<int, Kind> _kinds = [];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => inner.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel);

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        lock (_lock)
        {
            if (!_kinds.TryGetValue(eventId.Id, out var kind)) _kinds[eventId.Id] = kind = new Kind { Event = eventId };
            if (kind.Written == 0 || time.GetElapsedTime(kind.Began) >= Span)
            {
                Tell(kind);
                kind.Began = time.GetTimestamp();
            }

            if (kind.Written == LinesMax)
            {
                kind.Level = logLevel;
                kind.Last = formatter(state, exception);
                // The count is reported even if no further line follows.
                if (kind.LeftOut++ == 0) kind.Timer = time.CreateTimer(_ => OnOver(kind),
                    null, TimeSpan.FromTicks(Math.Max(0, (Span - time.GetElapsedTime(kind.Began)).Ticks)), Timeout.InfiniteTimeSpan);
                return;
            }

            kind.Written++;
        }

        inner.Log(logLevel, eventId, state, exception, formatter);
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
        if (kind.LeftOut > 0) LogLeftOut(inner, kind.Level, kind.LeftOut, kind.Event.Name ?? "unnamed", Span.TotalSeconds, kind.Last);
        kind.LeftOut = 0;
    }

    [LoggerMessage(EventId = 8002, Message = "{Count} more lines of the kind {Kind} were left out within {Seconds} s; the last: {Last}")]
    private static partial void LogLeftOut(ILogger logger, LogLevel level, long count, string kind, double seconds, string last);

    private sealed class Kind
    {
        public required EventId Event { get; init; }

        public long Began { get; set; }

        public int Written { get; set; }

        public long LeftOut { get; set; }

        public LogLevel Level { get; set; }

        public string Last { get; set; } = "";

        public ITimer? Timer { get; set; }
    }
}
