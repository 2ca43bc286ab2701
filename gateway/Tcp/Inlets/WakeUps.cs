namespace Gateway.Tcp.Inlets;

/// <summary>
/// The parts of the inlets that wait for a time, ordered by it, so that a tick costs nothing for the others. Owned by the loop.
/// </summary>
internal sealed class WakeUps(LoopClock clock)
{
    private readonly SortedSet<Sleeper> _byTime =
        new(Comparer<Sleeper>.Create((left, right) => (left.WakeAt, left.Serial).CompareTo((right.WakeAt, right.Serial))));
    private long _lastSerial;

    /// <summary>The earliest time, in the loop's uptime; <see cref="TimeSpan.MaxValue"/> for none.</summary>
    public TimeSpan Next => _byTime.Min?.WakeAt ?? TimeSpan.MaxValue;

    public long NextSerial() => ++_lastSerial;

    public void Set(Sleeper sleeper, TimeSpan at)
    {
        // What is due already comes with the next tick: nobody who sets the past again and again keeps a tick from ending.
        if (at <= clock.Uptime) at = clock.Uptime + TimeSpan.FromTicks(1);
        if (sleeper.WakeAt != TimeSpan.MaxValue) _byTime.Remove(sleeper);
        sleeper.WakeAt = at;
        if (at != TimeSpan.MaxValue) _byTime.Add(sleeper);
    }

    public void Tick()
    {
        while (_byTime.Min is { } first && first.WakeAt <= clock.Uptime)
        {
            Set(first, TimeSpan.MaxValue);
            first.OnWake();
        }
    }
}

/// <summary>What waits for a time. Owned by the loop.</summary>
internal abstract class Sleeper
{
    private readonly WakeUps _wakeUps;

    protected Sleeper(WakeUps wakeUps)
    {
        _wakeUps = wakeUps;
        Serial = wakeUps.NextSerial();
    }

    public long Serial { get; }

    /// <summary>In the loop's uptime; kept by <see cref="WakeUps"/>.</summary>
    public TimeSpan WakeAt { get; set; } = TimeSpan.MaxValue;

    /// <summary>Its time has come, or an earlier one: it looks, and sets the next.</summary>
    public abstract void OnWake();

    /// <summary>Wakes it at this time, unless it wakes earlier anyway.</summary>
    protected void WakeBy(TimeSpan at)
    {
        if (at < WakeAt) _wakeUps.Set(this, at);
    }

    protected void NeverWake() => _wakeUps.Set(this, TimeSpan.MaxValue);
}
