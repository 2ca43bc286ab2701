namespace Gateway.Management;

/// <summary>The rates of one queue, and the age of its first message as of the last look. Owned by the loop.</summary>
internal sealed class QueuePace
{
    private static readonly TimeSpan _span = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _intervalMin = TimeSpan.FromMilliseconds(100);

    private readonly Queue<(TimeSpan At, long Last, long Messages)> _samples = [];
    private long _head;
    private TimeSpan _latest;

    /// <summary>The time of the last look, in the loop's uptime; negative before the first.</summary>
    public TimeSpan LookedAt { get; private set; } = TimeSpan.MinValue;

    /// <summary>The time at which the first message was accepted, as of the last look; null if it was unreadable.</summary>
    public DateTimeOffset? OldestAt { get; private set; }

    /// <summary>The first message has changed since the last look, which was before this time.</summary>
    public bool WantsLook(long head, TimeSpan before) => head != _head && LookedAt <= before;

    public void Looked(long head, long? enqueuedUnixMs, TimeSpan now)
    {
        _head = head;
        LookedAt = now;
        OldestAt = enqueuedUnixMs is { } time ? DateTimeOffset.FromUnixTimeMilliseconds(time) : null;
    }

    /// <summary>The time of the last request, in the loop's uptime.</summary>
    public TimeSpan AskedAt { get; set; }

    public double StoredPerSecond { get; private set; }

    public double RemovedPerSecond { get; private set; }

    /// <summary>
    /// Takes a sample. The rates are measured since the oldest sample of the last seconds, or the one before if there is none as recent.
    /// </summary>
    /// <param name="last">The last number assigned.</param>
    public void Count(long last, long messages, TimeSpan now)
    {
        while (_samples.Count > 1 && _samples.Peek().At < now - _span) _samples.Dequeue();
        var isFirst = !_samples.TryPeek(out var before);
        // Many callers may ask at once.
        if (isFirst || now - _latest >= _intervalMin)
        {
            _samples.Enqueue((now, last, messages));
            _latest = now;
        }

        var seconds = (now - before.At).TotalSeconds;
        var stored = last - before.Last;
        (StoredPerSecond, RemovedPerSecond) = isFirst
            || seconds <= 0 ? (0, 0) : (stored / seconds, Math.Max(0, stored - (messages - before.Messages)) / seconds);
    }
}
