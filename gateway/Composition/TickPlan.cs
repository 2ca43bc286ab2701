namespace Gateway.Composition;

/// <summary>
/// Plans the loop's ticks. A tick soon after each event would cost an idle gateway processor time for nothing, so before it sleeps the loop
/// looks at what is due, and sleeps until then. Events may move a tick only as far as the work that is due, never beyond it: a gateway that
/// is polled all the time must still notice a silent peer. Pure; owned by the loop.
/// </summary>
/// <param name="clock">The loop's clock, advanced before each call.</param>
internal sealed class TickPlan(LoopClock clock)
{
    /// <summary>
    /// The resolution of timers: the shortest time between ticks, and the longest from an event without a look to its tick.
    /// </summary>
    public static readonly TimeSpan Precision = TimeSpan.FromMilliseconds(50);

    /// <summary>Looks that may come in a row after a quiet time: an answer is close to its question.</summary>
    private const int LooksInARow = 8;

    /// <summary>The longest time that an idle loop sleeps before it checks for work again.</summary>
    private static readonly TimeSpan _restMax = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The pace of looks. A look costs a little for each peer, so events that come faster are followed by a tick instead, one for all
    /// events of its time.
    /// </summary>
    private static readonly TimeSpan _lookEvery = TimeSpan.FromMilliseconds(25);

    private TimeSpan _ticked;
    private bool _isUnplanned;

    /// <summary>The time at which all looks so far would be over at their pace.</summary>
    private TimeSpan _looksUntil;

    /// <summary>The time of the next tick, in the loop's uptime. Before the first event no tick is planned.</summary>
    public TimeSpan Next { get; private set; } = TimeSpan.FromMilliseconds(int.MaxValue);

    /// <summary>The time from the last event to the next tick.</summary>
    public TimeSpan Rest => Next > clock.Uptime ? Next - clock.Uptime : TimeSpan.Zero;

    /// <summary>An event has come since the last look and tick, and the pace allows a look.</summary>
    public bool MayLook => _isUnplanned && _looksUntil <= clock.Uptime + (LooksInARow * _lookEvery);

    /// <summary>An event was handled. It may have changed what is due; a tick soon finds out, unless a look does.</summary>
    public void OnEvent()
    {
        _isUnplanned = true;
        if (Next > clock.Uptime + Precision) Next = clock.Uptime + Precision;
    }

    /// <summary>The loop is about to sleep and has looked.</summary>
    /// <param name="due">The time of the next work, in the loop's uptime.</param>
    public void OnLook(TimeSpan due)
    {
        _looksUntil = (_looksUntil > clock.Uptime ? _looksUntil : clock.Uptime) + _lookEvery;
        Plan(due);
    }

    /// <summary>The loop has ticked.</summary>
    /// <param name="due">The time of the next work, in the loop's uptime.</param>
    public void OnTick(TimeSpan due)
    {
        _ticked = clock.Uptime;
        Plan(due);
    }

    /// <summary>Counts from the last tick: counted from the last event, a tick would move with each further one.</summary>
    private void Plan(TimeSpan due)
    {
        _isUnplanned = false;
        var (soonest, latest) = (_ticked + Precision, clock.CommonMoment(_ticked + _restMax, _restMax));
        Next = due < latest ? due : latest;
        if (Next < soonest) Next = soonest;
    }
}
