using Gateway.Client.Wire;
using Gateway.Intake;
using Gateway.Links.Protocol;

namespace Gateway.Tcp.Inlets;

/// <summary>
/// The waiting of something that the intake does not take: it is offered again and again, at growing intervals, until it is taken. Pure;
/// one owner.
/// </summary>
/// <param name="told">The time after which it is told.</param>
internal sealed class HoldBack(TimeSpan told, LoopClock clock)
{
    private static readonly TimeSpan _retryMin = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan _retryMax = TimeSpan.FromSeconds(1);

    private TimeSpan? _since;
    private DateTimeOffset _sinceTime;
    private TimeSpan _pause = _retryMin;
    private IntakeRefusal? _last;

    /// <summary>The time of the next attempt, in the loop's uptime; <see cref="TimeSpan.MinValue"/> if none must be waited for.</summary>
    public TimeSpan RetryAt { get; private set; } = TimeSpan.MinValue;

    /// <summary>
    /// The time of the next attempt or of the telling, in the loop's uptime; <see cref="TimeSpan.MaxValue"/> for none.
    /// </summary>
    public TimeSpan Due
    {
        get
        {
            var due = RetryAt > clock.Uptime ? RetryAt : TimeSpan.MaxValue;
            if (_since is { } since && since + told > clock.Uptime && since + told < due) due = since + told;
            return due;
        }
    }

    /// <summary>It has lasted so long that people are told.</summary>
    public bool IsTold => _since is { } since && since + told <= clock.Uptime;

    /// <summary>Since when it is held back.</summary>
    public DateTimeOffset Since => _sinceTime;

    public LinkCause Cause => _last switch
    {
        null or { Code: WireCode.Busy } or { IsForDisk: true } => LinkCause.LocalDisk,
        { Code: WireCode.NoRoute or WireCode.BadDestination } => LinkCause.NoRoute,
        _ => LinkCause.LocalQuota,
    };

    public string Evidence => _last is { } refusal ? refusal.Text : "the store has not answered yet";

    /// <summary>It is offered to the intake.</summary>
    public void OnOffered()
    {
        if (_since is not null) return;
        _since = clock.Uptime;
        _sinceTime = clock.Now;
    }

    public void OnRefused(IntakeRefusal refusal)
    {
        _last = refusal;
        RetryAt = clock.Uptime + _pause;
        _pause = _pause + _pause < _retryMax ? _pause + _pause : _retryMax;
    }

    /// <summary>It was taken.</summary>
    public void OnTaken()
    {
        (_since, _last, _pause, RetryAt) = (null, null, _retryMin, TimeSpan.MinValue);
    }
}
