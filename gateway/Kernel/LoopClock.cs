namespace Gateway.Kernel;

/// <summary>
/// The time as seen by the gateway's loop, updated once per event: the wall clock and the loop's running time. The wall clock is for
/// people, other hosts and message expiry. Leases, time-outs and retries use the running time, which nobody can set. Owned by the loop; the
/// state machines read it.
/// </summary>
internal sealed class LoopClock
{
    /// <summary>If the wall clock is set back by less than this, it is waited for.</summary>
    private static readonly TimeSpan _aheadMax = TimeSpan.FromSeconds(1);

    /// <summary>The lateness that does not yet count as a pause of the loop.</summary>
    private static readonly TimeSpan _lateMax = TimeSpan.FromMilliseconds(250);

    private const int PausesMax = 16;

    private readonly Queue<(TimeSpan Until, TimeSpan Length)> _pauses = [];
    private DateTimeOffset _shown;
    private TimeSpan _passed;
    private TimeSpan _paused;

    /// <summary>The wall clock at the loop's start, in ticks; null before the start.</summary>
    private long? _beganTicks;

    /// <summary>Never goes back by itself, so that a message once found expired stays expired; see <see cref="GoBack"/>.</summary>
    public DateTimeOffset Now { get; private set; }

    public long NowUnixMs => Now.ToUnixTimeMilliseconds();

    /// <summary>The loop's running time, without pauses: no one else is to blame for those.</summary>
    public TimeSpan Uptime { get; private set; }

    /// <summary>The running time including pauses: the time that has passed for everyone else.</summary>
    public TimeSpan Passed => Uptime + _paused;

    /// <summary>
    /// The wall clock was set back; this clock stands still until the wall clock catches up or <see cref="GoBack"/> is called.
    /// </summary>
    public bool IsAhead => Now - _shown > _aheadMax;

    /// <summary>The number of times that this clock has followed a wall clock back.</summary>
    public int Setbacks { get; private set; }

    public void Advance(DateTimeOffset now, TimeSpan uptime)
    {
        Invariant.Require(uptime >= Uptime, "a loop does not run backwards");
        _beganTicks ??= now.UtcTicks - uptime.Ticks;
        _shown = now;
        if (now > Now) Now = now;
        Uptime = uptime;
    }

    /// <summary>
    /// Advances a loop woken by a timer. If the timer comes late, the process was stopped, the host was too busy, or the loop's own work
    /// took that long. The loop heard nothing meanwhile, so the time counts as a pause.
    /// </summary>
    /// <param name="passed">The time since the loop began.</param>
    /// <param name="rest">The time after the last event within which the timer was due.</param>
    /// <returns>The length of the pause, or zero.</returns>
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

    /// <summary>The total length of the pauses within the given recent time of the loop.</summary>
    public TimeSpan PausedWithin(TimeSpan time) =>
        _pauses.Where(pause => pause.Until >= Uptime - time).Aggregate(TimeSpan.Zero, (sum, pause) => sum + pause.Length);

    /// <summary>
    /// The last common moment up to <paramref name="due"/>. Common moments are the full multiples of <paramref name="apart"/> by the wall
    /// clock as it was at the loop's start. Work that may come a little early is done then, together with all other such work and at the
    /// same time as in other gateways: waking once for many things costs far less than waking for each.
    /// </summary>
    public TimeSpan CommonMoment(TimeSpan due, TimeSpan apart)
    {
        var since = ((_beganTicks ?? 0) + (due + _paused).Ticks) % apart.Ticks;
        return due - TimeSpan.FromTicks(since < 0 ? since + apart.Ticks : since);
    }

    /// <summary>
    /// Follows a wall clock that was set back. A message that the store has found expired by the old clock may still be in memory: before
    /// anything is taken from memory, it is read again if <see cref="Setbacks"/> has risen since it was loaded.
    /// </summary>
    public void GoBack()
    {
        Now = _shown;
        Setbacks++;
    }
}
