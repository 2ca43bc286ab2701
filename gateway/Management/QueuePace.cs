using Gateway.Store.Commands;

namespace Gateway.Management;

/// <summary>How fast one queue moves, and how old its first message is, as far as somebody looked. Owned by the loop.</summary>
internal sealed class QueuePace
{
    private static readonly TimeSpan _span = TimeSpan.FromSeconds(5);

    private readonly Queue<(TimeSpan At, long Last, long Messages)> _samples = [];
    private long _head;

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

    /// <summary>Messages a second in and out, since the oldest sample of the last seconds, or the one before if there is none so young.</summary>
    public (double Stored, double Removed) Count(QueueDescription queue, TimeSpan now)
    {
        while (_samples.Count > 1 && _samples.Peek().At < now - _span) _samples.Dequeue();
        var isFirst = !_samples.TryPeek(out var before);
        _samples.Enqueue((now, queue.LastNumber, queue.Messages));
        var seconds = (now - before.At).TotalSeconds;
        if (isFirst || seconds <= 0) return (0, 0);
        var stored = queue.LastNumber - before.Last;
        return (stored / seconds, Math.Max(0, stored - (queue.Messages - before.Messages)) / seconds);
    }
}
