using Gateway.Links.Protocol;

namespace Gateway.Links.Receiving;

/// <summary>
/// For how long the store has answered nothing, although it was asked: a disk that hangs must be said to the peer, which sees only that
/// nothing is acknowledged. Pure; owned by its link.
/// </summary>
/// <param name="patience">Before it is said, and before it is said again.</param>
internal sealed class StoreWait(LoopClock clock, TimeSpan patience)
{
    private int _asked;
    private TimeSpan _since;
    private TimeSpan _saidAt;

    /// <summary>Well within the time in which a peer would call this gateway silent, or stuck.</summary>
    public static TimeSpan PatienceOf(LinkSettings settings)
    {
        var (hello, acknowledgement) = (settings.HandshakeTimeout * 0.6, settings.AckTimeout / 6);
        return hello < acknowledgement ? hello : acknowledgement;
    }

    /// <summary>The time at which the stall is to be reported; never, when nothing waits.</summary>
    public TimeSpan Due => _asked == 0 ? TimeSpan.MaxValue : (_saidAt > _since ? _saidAt : _since) + patience;

    /// <summary>A command goes to the store.</summary>
    public void OnAsked()
    {
        if (_asked++ == 0) _since = clock.Uptime;
    }

    /// <summary>The store has answered one, and so lives.</summary>
    public void OnAnswered()
    {
        _asked--;
        _since = clock.Uptime;
    }

    /// <summary>For how long it has answered nothing, if that is to be said now; null otherwise.</summary>
    public TimeSpan? Take()
    {
        if (clock.Uptime < Due) return null;
        _saidAt = clock.Uptime;
        return clock.Uptime - _since;
    }
}
