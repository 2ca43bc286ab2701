namespace Gateway.Links.Causes;

/// <summary>
/// Tracks whether messages sent on a link's connections were answered. A link that comes up repeatedly without any answer is not healthy in
/// the moments between. Pure; owned by its link.
/// </summary>
internal sealed class ConnectionTally
{
    /// <summary>So many ends within the window are more than any restart or short fault explains.</summary>
    private const int FlappingMin = 10;

    private const int EndsMax = 1000;

    private static readonly TimeSpan _window = TimeSpan.FromMinutes(5);

    private readonly Queue<TimeSpan> _ends = [];
    private bool _hasSent;
    private bool _isAnswered;

    /// <summary>The number of successive connections that ended with messages sent and none answered; reset by an answer.</summary>
    public int Fruitless { get; private set; }

    /// <summary>The largest batch acknowledged on this connection.</summary>
    public int AcknowledgedBytesMax { get; private set; }

    public void Begin()
    {
        _hasSent = _isAnswered = false;
        AcknowledgedBytesMax = 0;
    }

    /// <summary>The number of connections that ended of late, if they are too many for a link that is well; otherwise 0.</summary>
    public int Flaps(TimeSpan now)
    {
        while (_ends.TryPeek(out var end) && now - end > _window) _ends.Dequeue();
        return _ends.Count >= FlappingMin ? _ends.Count : 0;
    }

    public void OnSent() => _hasSent = true;

    /// <summary>The peer has answered messages, or there are none it could answer.</summary>
    /// <param name="acknowledgedBytes">The size of the largest batch that it acknowledged.</param>
    public void OnAnswered(int acknowledgedBytes = 0)
    {
        _isAnswered = true;
        Fruitless = 0;
        AcknowledgedBytesMax = Math.Max(AcknowledgedBytesMax, acknowledgedBytes);
    }

    public void OnEnded(TimeSpan now)
    {
        _ends.Enqueue(now);
        if (_ends.Count > EndsMax) _ends.Dequeue();
        if (_hasSent && !_isAnswered) Fruitless++;
    }
}
