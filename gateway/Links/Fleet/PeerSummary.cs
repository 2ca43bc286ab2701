using Gateway.Links.Protocol;

namespace Gateway.Links.Fleet;

/// <summary>
/// The question for a peer's summary over the link to it, and the last answer. It asks when somebody wants to know, at a limited rate, one
/// question at a time; whatever is answered, or not, changes nothing for the link. Pure; owned by its link.
/// </summary>
internal sealed class PeerSummary(LoopClock clock, ILinkOutput connection)
{
    /// <summary>The shortest time between two questions.</summary>
    public static readonly TimeSpan AskEvery = TimeSpan.FromSeconds(2);

    /// <summary>A peer that answers nothing useful is asked more rarely.</summary>
    public static readonly TimeSpan AskInVainEvery = TimeSpan.FromSeconds(30);

    /// <summary>The time after which a peer counts as silent.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>On a slow line questions and answers take no more than a tenth of the time.</summary>
    private const int TimesLatency = 10;

    private readonly List<Action> _settled = [];
    private TimeSpan _askedAt;
    private TimeSpan _nextAt;
    private bool _isUnanswered;

    /// <summary>The last readable answer, perhaps of an earlier connection; null if there is none.</summary>
    public GatewaySummary? Last { get; private set; }

    /// <summary>When it was true, by the clock of this gateway; meaningful only with <see cref="Last"/>.</summary>
    public DateTimeOffset LastAt { get; private set; }

    /// <summary>What came of the last question.</summary>
    public PeerAnswer Answer { get; private set; }

    /// <summary>A question is on its way to a peer that has not been silent before.</summary>
    public bool IsAwaited => _isUnanswered && Answer != PeerAnswer.Silent;

    /// <summary>Asks, unless that is too early, or an answer is on its way. Called only while the link is up.</summary>
    /// <param name="settled">Called once it is answered, or the connection has ended; not called if nothing was asked.</param>
    /// <returns>True if it was asked.</returns>
    public bool Ask(Action settled)
    {
        if (_isUnanswered && clock.Uptime - _askedAt >= Patience) OnSilence();
        if (_isUnanswered || clock.Uptime < _nextAt) return false;
        (_isUnanswered, _askedAt) = (true, clock.Uptime);
        _settled.Add(settled);
        connection.Send(new LinkFrame.Ping(LinkFrame.Ping.AsksForSummary));
        return true;
    }

    /// <summary>An answer, perhaps a late one; one that was not asked for is passed over.</summary>
    public void OnAnswer(LinkFrame.Summary answer)
    {
        if (!IsAnswerTo) return;
        if (SummaryCodec.Decode(answer.Content.Span) is { } summary)
        {
            var latency = clock.Uptime - _askedAt;
            (Last, LastAt) = (summary, clock.Now - TimeSpan.FromMilliseconds(summary.AgeMs));
            Settle(PeerAnswer.Summary, TimesLatency * latency > AskEvery ? TimesLatency * latency : AskEvery);
        }
        else
        {
            Settle(PeerAnswer.Unreadable, AskInVainEvery);
        }
    }

    /// <summary>The peer has taken the question for a mere ping: it does not know it.</summary>
    public void OnPong()
    {
        if (IsAnswerTo) Settle(PeerAnswer.NotKnown, AskInVainEvery);
    }

    /// <summary>The connection has ended; on the next one there may be another version of the peer.</summary>
    public void OnLost()
    {
        var answer = Answer is PeerAnswer.NotKnown or PeerAnswer.Silent ? PeerAnswer.None : Answer;
        Settle(answer, TimeSpan.Zero);
    }

    private bool IsAnswerTo => _isUnanswered || Answer == PeerAnswer.Silent;

    private void OnSilence() => Settle(PeerAnswer.Silent, AskInVainEvery - Patience);

    private void Settle(PeerAnswer answer, TimeSpan pause)
    {
        (Answer, _isUnanswered, _nextAt) = (answer, false, clock.Uptime + pause);
        var settled = _settled.ToList();
        _settled.Clear();
        foreach (var told in settled) told();
    }
}
