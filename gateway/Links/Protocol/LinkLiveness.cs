namespace Gateway.Links.Protocol;

/// <summary>
/// Determines when the other side of a connection counts as dead, and when to ask it for a sign of life. Arriving bytes are life, even
/// those of an incomplete frame: on a slow line one body takes minutes. Each end of a connection has one. Pure; owned by its link.
/// </summary>
internal sealed class LinkLiveness(LinkSettings settings, LoopClock clock)
{
    /// <summary>Slower progress counts as none; otherwise a byte now and then could hold up everything waiting for the peer.</summary>
    public const int SlowestBytesPerSecond = 1024;

    private TimeSpan _byteAt = clock.Uptime;
    private TimeSpan _frameAt = clock.Uptime;
    private TimeSpan _askedAt = clock.Uptime;

    /// <summary>The time in which nothing has arrived.</summary>
    public TimeSpan Silence => clock.Uptime - _byteAt;

    public bool IsDead => Silence > settings.DeadAfter;

    /// <summary>The time at which it counts as dead unless something arrives.</summary>
    public TimeSpan DeadAt => _byteAt + settings.DeadAfter;

    /// <summary>A new connection is open and has its whole time.</summary>
    public void Begin() => _byteAt = _frameAt = _askedAt = clock.Uptime;

    /// <summary>Bytes have arrived since the last look, whole frames or not.</summary>
    public void OnBytes() => _byteAt = clock.Uptime;

    public void OnFrame() => _byteAt = _frameAt = clock.Uptime;

    public void OnAsked() => _askedAt = clock.Uptime;

    /// <summary>
    /// The time of the next ping. A peer whose frames arrive is not asked. A peer of whose current frame only a part has arrived is: the
    /// ping shows it that its bytes arrive.
    /// </summary>
    /// <param name="isAwaited">An answer is wanted in any case: the arrival of something sent is not proven yet.</param>
    public TimeSpan NextQuestion(TimeSpan interval, bool isAwaited = false) =>
        (_frameAt > _askedAt && !isAwaited ? _frameAt : _askedAt) + interval;
}
