namespace Gateway.Links.Sending;

/// <summary>
/// For how long a connection was quiet when it ended: no frame went over it in either direction, heartbeats included, since those are what
/// a firewall counts. When a frame of this side has had no answer, the quiet before it may be what it met at the other end. Pure; owned by
/// its link.
/// </summary>
internal sealed class LinkQuiet(LoopClock clock)
{
    private TimeSpan _last = clock.Uptime;
    private TimeSpan _beforeUnanswered;

    /// <summary>
    /// The time without a frame, until now or until the first frame of this side that nothing has followed from the other.
    /// </summary>
    public TimeSpan Time => clock.Uptime - _last > _beforeUnanswered ? clock.Uptime - _last : _beforeUnanswered;

    public void Begin() => OnReceived();

    public void OnReceived() => (_last, _beforeUnanswered) = (clock.Uptime, default);

    public void OnSent() => (_last, _beforeUnanswered) = (clock.Uptime, Time);
}
