using Gateway.Links.Protocol;

namespace Gateway.Links.Causes;

/// <summary>
/// Compares a peer's wall clock with this one while a connection is up. The peer shows its clock in the welcome and in each answer to a
/// ping; a change of this gateway's own clock shows against the monotonic time. Pure; owned by its link.
/// </summary>
internal sealed class PeerClock(LinkSettings settings, LoopClock clock)
{
    /// <summary>On a link that is never silent, a ping is still sent after this many heartbeats.</summary>
    private const int HeartbeatsPerQuestion = 6;

    /// <summary>Smaller differences are drift, not a clock that was set.</summary>
    private static readonly TimeSpan _stepMin = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The peer's clock minus this one, as far as known; the next field is what this clock showed when the loop began, at that time, as a
    /// span, since a peer may show any time. Includes the delay of the answer.
    /// </summary>
    private TimeSpan _ahead;
    private TimeSpan _ownStart;

    private TimeSpan _askedAt;
    private (long Token, TimeSpan SentAt)? _question;

    /// <summary>Empty while the clocks agree, and before the first connection.</summary>
    public string Warning { get; private set; } = "";

    /// <summary>The peer's clock minus this one, as far as known.</summary>
    public TimeSpan Ahead => _ahead - (OwnStart - _ownStart);

    /// <summary>The time at which a ping is due in any case.</summary>
    public TimeSpan NextQuestion => _askedAt + (HeartbeatsPerQuestion * settings.HeartbeatInterval);

    private TimeSpan OwnStart => clock.Now - DateTimeOffset.UnixEpoch - clock.Passed;

    /// <summary>A connection is up.</summary>
    public void OnWelcome(DateTimeOffset shown)
    {
        (_askedAt, _question) = (clock.Uptime, null);
        Compare(shown - clock.Now, isWarned: false);
    }

    /// <summary>
    /// A ping is sent. Until one is answered, later ones tell nothing about the clock: on a slow line each is answered long after the next
    /// was sent.
    /// </summary>
    public void OnAsked(long token)
    {
        _askedAt = clock.Uptime;
        _question ??= (token, clock.Passed);
    }

    /// <summary>Handles the answer to a ping. True if the warning begins or ends with it.</summary>
    public bool OnPong(long token, DateTimeOffset shown)
    {
        if (_question is not { } question || token < question.Token) return false;
        _question = null;
        if (token != question.Token) return false;
        // It was answered at some time since the ping was sent, wherever it then waited. The earlier estimate stands as far as that allows.
        var (least, most) = (shown - clock.Now, shown - clock.Now + (clock.Passed - question.SentAt));
        var before = _ahead - (OwnStart - _ownStart);
        return Compare(before < least ? least : before > most ? most : before, Warning.Length > 0);
    }

    /// <summary>This gateway's own clock may have been set. True if the warning begins or ends with that.</summary>
    public bool OnOwnClock()
    {
        var set = OwnStart - _ownStart;
        return set.Duration() >= _stepMin && Compare(_ahead - set, Warning.Length > 0);
    }

    private bool Compare(TimeSpan ahead, bool isWarned)
    {
        (_ahead, _ownStart) = (ahead, OwnStart);
        var hadWarning = Warning.Length > 0;
        Warning = LinkDiagnosis.WarnOfClock(ahead, isWarned);
        return Warning.Length > 0 != hadWarning;
    }
}
