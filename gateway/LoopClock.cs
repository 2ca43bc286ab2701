namespace Gateway;

/// <summary>
/// The time as the gateway's loop sees it, taken once an event: what the wall clock shows, and how long the loop has run. People and other hosts are told the first, and messages expire
/// by it; patience of every kind (leases, time-outs, retries) counts in the second, which nobody can set. Owned by the loop; the state machines read it.
/// </summary>
internal sealed class LoopClock
{
    private bool _isHeld;

    public DateTimeOffset Now { get; private set; }

    public long NowUnixMs => Now.ToUnixTimeMilliseconds();

    public TimeSpan Uptime { get; private set; }

    public void Advance(DateTimeOffset now, TimeSpan uptime)
    {
        Invariant.Require(uptime >= Uptime, "a loop does not run backwards");
        if (now > Now || !_isHeld) Now = now;
        Uptime = uptime;
    }

    /// <summary>Until it is let go it does not follow a wall clock that is set back: somebody relies on it that what has expired now will have expired later.</summary>
    public void Hold() => _isHeld = true;

    public void LetGo() => _isHeld = false;
}
