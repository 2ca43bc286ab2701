namespace Gateway;

/// <summary>
/// The time as the gateway's loop sees it, taken once an event: what the wall clock shows, and how long the loop has run. People and other hosts are told the first, and messages expire
/// by it; patience of every kind (leases, time-outs, retries) counts in the second, which nobody can set. Owned by the loop; the state machines read it.
/// </summary>
internal sealed class LoopClock
{
    /// <summary>A wall clock that is set back by less is waited for.</summary>
    private static readonly TimeSpan _aheadMax = TimeSpan.FromSeconds(1);

    private DateTimeOffset _shown;

    /// <summary>Does not go back by itself, so that a message found expired at one point is expired at every later one; see <see cref="GoBack"/>.</summary>
    public DateTimeOffset Now { get; private set; }

    public long NowUnixMs => Now.ToUnixTimeMilliseconds();

    public TimeSpan Uptime { get; private set; }

    /// <summary>The wall clock was set back, and this one stands still until it is reached again, or <see cref="GoBack"/> is called.</summary>
    public bool IsAhead => Now - _shown > _aheadMax;

    public void Advance(DateTimeOffset now, TimeSpan uptime)
    {
        Invariant.Require(uptime >= Uptime, "a loop does not run backwards");
        _shown = now;
        if (now > Now) Now = now;
        Uptime = uptime;
    }

    /// <summary>Follows a wall clock that was set back. Whoever calls this has made sure that nothing found expired before is in memory as a message that is still there.</summary>
    public void GoBack() => Now = _shown;
}
