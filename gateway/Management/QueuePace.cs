namespace Gateway.Management;

/// <summary>How fast one queue moves, and how old its first message is, as far as somebody looked. Owned by the loop.</summary>
internal sealed class QueuePace
{
    private static readonly TimeSpan _span = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _intervalMin = TimeSpan.FromMilliseconds(100);

    private readonly Queue<(TimeSpan At, long Last, long Messages)> _samples = [];
    private long _head;
    private TimeSpan _latest;

    /// <summary>In the uptime of the loop; negative before the first look.</summary>
    public TimeSpan LookedAt { get; private set; } = TimeSpan.MinValue;

    /// <summary>When the message that was first, when somebody last looked, was accepted; null when it could not be read.</summary>
    public DateTimeOffset? OldestAt { get; private set; }

    /// <summary>Another message is first now, and the last look was before this time.</summary>
    public bool WantsLook(long head, TimeSpan before) => head != _head && LookedAt <= before;

    public void Looked(long head, long? enqueuedUnixMs, TimeSpan now)
    {
        _head = head;
        LookedAt = now;
        OldestAt = enqueuedUnixMs is { } time ? DateTimeOffset.FromUnixTimeMilliseconds(time) : null;
    }

    /// <summary>When somebody last wanted to know it; in the uptime of the loop.</summary>
    public TimeSpan AskedAt { get; set; }

    public double StoredPerSecond { get; private set; }

    public double RemovedPerSecond { get; private set; }

    /// <summary>
    /// Takes a sample. The rates are since the oldest sample of the last seconds, or the one before if there is none so young.
    /// </summary>
    /// <param name="last">The last number given.</param>
    public void Count(long last, long messages, TimeSpan now)
    {
        while (_samples.Count > 1 && _samples.Peek().At < now - _span) _samples.Dequeue();
        var isFirst = !_samples.TryPeek(out var before);
        // Many may look at once.
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
