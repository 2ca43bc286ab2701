using Gateway.Client.Pacing;
using Gateway.Links.Protocol;

namespace Gateway.Links.Causes;

/// <summary>
/// When a link is dialed again, and for how long its connections were up. Pure; owned by its link.
/// </summary>
internal sealed class LinkAttempts(LinkSettings settings, LoopClock clock, PeerPresence peer, Random random)
{
    private static readonly TimeSpan _longGonePause = TimeSpan.FromSeconds(10);

    /// <summary>The parts of the time for which the peer has been gone, of which the longest pause is one.</summary>
    private const int PartsOfGone = 20;

    /// <summary>Likewise for a peer that was never seen: its name may be mistyped, or its host not installed yet.</summary>
    private const int PartsOfUnseen = 5;

    /// <summary>
    /// Only an operator can resolve a fork, and each hello may displace a connection of the other branch, so retries are rare.
    /// </summary>
    private static readonly TimeSpan _forkedRetry = TimeSpan.FromSeconds(30);

    private readonly Backoff _backoff = new(settings.BackoffMin, settings.BackoffMax, random);
    private TimeSpan _lastWait;
    private TimeSpan _last;
    private TimeSpan _upSince;
    private TimeSpan _upUntil;

    /// <summary>The time of the next attempt, in the loop's uptime.</summary>
    public TimeSpan Next { get; private set; }

    /// <summary>The time since the connection came up; of the last one, if none is up.</summary>
    public TimeSpan UpFor => clock.Uptime - _upSince;

    /// <summary>
    /// The longest time until the next attempt. A peer that dials this gateway is dialed back at once, so one that has long been gone, or
    /// was never seen, is tried less often: after a share of that time, at most ten seconds, unless the settings have a longer pause. One
    /// that has answered but never dialed may be unable to dial, and is tried as often as ever.
    /// </summary>
    private TimeSpan PauseMax
    {
        get
        {
            if (!peer.DialsUs && peer.HasAnswered) return settings.BackoffMax;
            var share = (clock.Uptime - _upUntil) / (peer.DialsUs ? PartsOfGone : PartsOfUnseen);
            var longest = share < _longGonePause ? share : _longGonePause;
            return longest > settings.BackoffMax ? longest : settings.BackoffMax;
        }
    }

    /// <summary>
    /// How long this gateway was recently suspended while the link was up, if long enough for a peer to give it up; null otherwise.
    /// </summary>
    public TimeSpan? OwnPause
    {
        get
        {
            var (upFor, lately) = (UpFor, 2 * settings.DeadAfter);
            return clock.PausedWithin(upFor < lately ? upFor : lately) is var pause && pause >= settings.DeadAfter / 2 ? pause : null;
        }
    }

    public void OnDialed() => _last = clock.Uptime;

    public void OnUp() => _upSince = clock.Uptime;

    /// <summary>A connection that was up has ended.</summary>
    public void OnUpEnded()
    {
        _upUntil = clock.Uptime;
        if (UpFor >= settings.StableAfter) _lastWait = TimeSpan.Zero;
    }

    /// <summary>A connection or an attempt has ended: sets the time of the next attempt.</summary>
    public void OnEnded(LinkCause cause)
    {
        if (cause != LinkCause.StoreForked) _lastWait = _backoff.Next(_lastWait, PauseMax);
        Next = clock.Uptime + (cause == LinkCause.StoreForked ? _forkedRetry : _lastWait);
    }

    /// <summary>The peer is reachable now. True if it is to be dialed at once; otherwise the next attempt is brought forward.</summary>
    public bool Hasten()
    {
        // At once, unless an attempt was just made: two sides that cannot agree would otherwise dial each other without a pause.
        var soonest = _last + settings.BackoffMin;
        if (clock.Uptime >= soonest) return true;
        if (soonest < Next) Next = soonest;
        return false;
    }
}
