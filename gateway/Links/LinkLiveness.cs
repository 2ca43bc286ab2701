namespace Gateway.Links;

/// <summary>
/// Tells from when on the other side of a connection counts as dead, and when it is to be asked for a sign of life. Bytes that arrive are
/// life, also those of a frame that is far from complete: on a slow line one body takes minutes. Either end of a connection has one. Pure;
/// owned by its link.
/// </summary>
internal sealed class LinkLiveness(LinkSettings settings, LoopClock clock)
{
    /// <summary>Whoever is slower than this does not move: what waits for the peer may be kept waiting by a byte now and then.</summary>
    public const int SlowestBytesPerSecond = 1024;

    private TimeSpan _byteAt = clock.Uptime;
    private TimeSpan _frameAt = clock.Uptime;
    private TimeSpan _askedAt = clock.Uptime;

    /// <summary>For how long nothing has arrived.</summary>
    public TimeSpan Silence => clock.Uptime - _byteAt;

    public bool IsDead => Silence > settings.DeadAfter;

    /// <summary>When it is dead, if nothing arrives.</summary>
    public TimeSpan DeadAt => _byteAt + settings.DeadAfter;

    /// <summary>A new connection stands, and has its whole time.</summary>
    public void Begin() => _byteAt = _frameAt = _askedAt = clock.Uptime;

    /// <summary>Something has arrived since the last look, whether it makes a frame yet or not.</summary>
    public void OnBytes() => _byteAt = clock.Uptime;

    public void OnFrame() => _byteAt = _frameAt = clock.Uptime;

    public void OnAsked() => _askedAt = clock.Uptime;

    /// <summary>
    /// When to ask. A peer whose frames come is not asked. One of whose frame only a part has come so far is: to that one the question is
    /// the sign that its bytes arrive.
    /// </summary>
    /// <param name="isAwaited">An answer is wanted whatever else comes: something was sent of which nothing shows that it arrived.</param>
    public TimeSpan NextQuestion(TimeSpan interval, bool isAwaited = false) =>
        (_frameAt > _askedAt && !isAwaited ? _frameAt : _askedAt) + interval;
}
