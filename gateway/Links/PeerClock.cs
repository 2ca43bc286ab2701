namespace Gateway.Links;

/// <summary>
/// Compares a peer's wall clock with this one, for as long as a connection is up: the peer shows its own in the welcome and in each answer
/// to a ping, and whether this one was set shows beside the time that has passed. Pure; owned by its link.
/// </summary>
internal sealed class PeerClock(LinkSettings settings, LoopClock clock)
{
    /// <summary>On a link that is never silent a ping is sent after so many heartbeats all the same.</summary>
    private const int HeartbeatsPerQuestion = 6;

    /// <summary>Clocks that drift are not set.</summary>
    private static readonly TimeSpan _stepMin = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The peer's clock less this one, as far as is known; and what this one showed when the loop began, when that was so, as a span, since
    /// a peer may show any time; contains what the answer took.
    /// </summary>
    private TimeSpan _ahead;
    private TimeSpan _ownStart;

    private TimeSpan _askedAt;
    private (long Token, TimeSpan SentAt)? _question;

    /// <summary>Empty while the clocks agree, and before the first connection.</summary>
    public string Warning { get; private set; } = "";

    /// <summary>When a ping is due whatever else comes.</summary>
    public TimeSpan NextQuestion => _askedAt + (HeartbeatsPerQuestion * settings.HeartbeatInterval);

    private TimeSpan OwnStart => clock.Now - DateTimeOffset.UnixEpoch - clock.Passed;

    /// <summary>A connection is up.</summary>
    public void OnWelcome(DateTimeOffset shown)
    {
        (_askedAt, _question) = (clock.Uptime, null);
        Compare(shown - clock.Now, isWarned: false);
    }

    /// <summary>
    /// A ping goes out. Until the answer to one has come, later ones tell nothing about the clock: on a slow line each is answered long
    /// after the next was sent.
    /// </summary>
    public void OnAsked(long token)
    {
        _askedAt = clock.Uptime;
        _question ??= (token, clock.Passed);
    }

    /// <summary>The answer to a ping. True if the warning begins or ends with it.</summary>
    public bool OnPong(long token, DateTimeOffset shown)
    {
        if (_question is not { } question || token < question.Token) return false;
        _question = null;
        if (token != question.Token) return false;
        // It was answered at some time since it was sent, wherever it then waited. What was known before stands, as far as that allows.
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
