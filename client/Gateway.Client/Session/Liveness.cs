namespace Gateway.Client.Session;

/// <summary>Decides whether the other side is alive: any reply counts, and a PING asks for one.</summary>
internal sealed class Liveness(TimeSpan heartbeatInterval, TimeSpan deadAfter)
{
    private TimeSpan _heardAt;
    private TimeSpan _pingedAt;
    private TimeSpan _tickedAt;

    public void Begin(TimeSpan now) => _heardAt = _pingedAt = _tickedAt = now;

    public void Hear(TimeSpan now) => _heardAt = now;

    /// <summary>Time during which this process did not run (suspended, stopped in a debugger) does not count as silence.</summary>
    public bool IsDead(TimeSpan now)
    {
        var gap = now - _tickedAt;
        _tickedAt = now;
        if (gap > deadAfter / 2)
            _heardAt += gap;
        return now - _heardAt > deadAfter;
    }

    public bool IsPingDue(TimeSpan now)
    {
        if (now - _pingedAt < heartbeatInterval)
            return false;
        _pingedAt = now;
        return true;
    }
}
