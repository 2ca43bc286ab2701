namespace Gateway.Kernel;

/// <summary>
/// The time as the gateway's loop sees it, taken once an event: what the wall clock shows, and how long the loop has run. People and other
/// hosts are told the first, and messages expire by it; patience of every kind (leases, time-outs, retries) counts in the second, which
/// nobody can set. Owned by the loop; the state machines read it.
/// </summary>
internal sealed class LoopClock
{
    /// <summary>A wall clock that is set back by less is waited for.</summary>
    private static readonly TimeSpan _aheadMax = TimeSpan.FromSeconds(1);

    /// <summary>A loop may be late by so much without having stood still.</summary>
    private static readonly TimeSpan _lateMax = TimeSpan.FromMilliseconds(250);

    private const int PausesMax = 16;

    private readonly Queue<(TimeSpan Until, TimeSpan Length)> _pauses = [];
    private DateTimeOffset _shown;
    private TimeSpan _passed;
    private TimeSpan _paused;

    /// <summary>
    /// Does not go back by itself, so that a message found expired at one point is expired at every later one; see <see cref="GoBack"/>.
    /// </summary>
    public DateTimeOffset Now { get; private set; }

    public long NowUnixMs => Now.ToUnixTimeMilliseconds();

    /// <summary>How long the loop has run. Time in which it stood still is not in it: nobody else can be blamed for that.</summary>
    public TimeSpan Uptime { get; private set; }

    /// <summary>The same, with the time in which it stood still: the time that has passed for everybody.</summary>
    public TimeSpan Passed => Uptime + _paused;

    /// <summary>
    /// The wall clock was set back, and this one stands still until it is reached again, or <see cref="GoBack"/> is called.
    /// </summary>
    public bool IsAhead => Now - _shown > _aheadMax;

    public void Advance(DateTimeOffset now, TimeSpan uptime)
    {
        Invariant.Require(uptime >= Uptime, "a loop does not run backwards");
        _shown = now;
        if (now > Now) Now = now;
        Uptime = uptime;
    }

    /// <summary>
    /// The same for a loop that is woken by a timer. When it comes late, its process was stopped, its host was too busy to let it run, or
    /// what it did took so long: it stood still, heard nobody, and that time does not count.
    /// </summary>
    /// <param name="passed">Since the loop began.</param>
    /// <param name="rest">Within so long of the last event it was to be woken.</param>
    /// <returns>How long it stood still; nothing, if it did not.</returns>
    public TimeSpan Advance(DateTimeOffset now, TimeSpan passed, TimeSpan rest)
    {
        var step = passed - _passed;
        _passed = passed;
        var pause = step - rest > _lateMax ? step - rest : TimeSpan.Zero;
        Advance(now, Uptime + step - pause);
        if (pause == TimeSpan.Zero) return pause;
        _paused += pause;
        _pauses.Enqueue((Uptime, pause));
        if (_pauses.Count > PausesMax) _pauses.Dequeue();
        return pause;
    }

    /// <summary>How long the loop stood still, in all, since so much of its time ago.</summary>
    public TimeSpan PausedWithin(TimeSpan time) =>
        _pauses.Where(pause => pause.Until >= Uptime - time).Aggregate(TimeSpan.Zero, (sum, pause) => sum + pause.Length);

    /// <summary>
    /// Follows a wall clock that was set back. Whoever calls this has made sure that nothing found expired before is in memory as a message
    /// that is still there.
    /// </summary>
    public void GoBack() => Now = _shown;
}
