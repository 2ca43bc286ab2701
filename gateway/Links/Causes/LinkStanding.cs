using Gateway.Client.Wire;
using Gateway.Links.Protocol;

namespace Gateway.Links.Causes;

/// <summary>
/// The state of a link and its cause, and the recording of each change of them in the history and in the log. Pure; owned by its link.
/// </summary>
internal sealed class LinkStanding(
    string peerName, LoopClock clock, LinkHistory history, PeerPresence peer, ConnectionTally tally, LinkLog log)
{
    /// <summary>In UTF-8. JSON escaping makes it up to six times as large, which leaves room for the rest in a store event.</summary>
    public const int EvidenceBytesMax = 1024;

    /// <summary>Since when this gateway's own store has not answered; null while it answers.</summary>
    private DateTimeOffset? _stalledHereSince;

    public LinkStatus Status { get; private set; } = new(peerName, LinkState.Down, LinkCause.None, clock.Now, "", "");

    public bool IsUp => Status.State == LinkState.Up;

    /// <summary>The end of the last connection, until it is explained by a new run of the peer or compared with the peer's view.</summary>
    public LinkEnd? LastEnd { get; set; }

    /// <summary>The evidence of that end, or of the present state.</summary>
    public string EndEvidence => LastEnd?.Evidence ?? Status.Evidence;

    /// <summary>For how long the peer's store has not answered, as the peer says on this connection; null if it does not say so.</summary>
    public TimeSpan? StalledFor { get; private set; }

    /// <summary>The last attempt ended suddenly before anybody had answered the hello.</summary>
    public bool IsEndUnanswered { get; set; }

    /// <summary>The cause of the last end stays visible until the link is up again.</summary>
    public void BeConnecting() => Status = Status with { State = LinkState.Connecting };

    /// <param name="describe">Adds to the change, if it is one.</param>
    public void Set(LinkState state, LinkCause cause, string evidence, Func<LinkChange, LinkChange>? describe = null)
    {
        // Part of it is the peer's text, or a stranger's certificate, so the size kept per change is limited.
        evidence = WireText.Cut(evidence, EvidenceBytesMax);
        var isUpOrDown = Status.State != state && (Status.State == LinkState.Up || state == LinkState.Up);
        var isNews = isUpOrDown || Status.Cause != cause;
        var flaps = tally.Flaps(clock.Uptime);
        var isHindered = state == LinkState.Up
            && (flaps > 0 || cause is LinkCause.PeerRefuses or LinkCause.PeerTwice
                || (cause == LinkCause.PeerStuck && StalledFor is not null)
                || (cause == LinkCause.LocalDisk && _stalledHereSince is not null));
        var advice = state == LinkState.Up && tally.Fruitless == 0 && !isHindered && cause is not (LinkCause.PeerRestarted
            or LinkCause.PeerTookOver or LinkCause.LocalQuota or LinkCause.LocalDisk or LinkCause.DuplicateName)
                ? "" : IsEndUnanswered && state == LinkState.Down ? LinkAdvice.ForUnanswered(cause)
                : LinkAdvice.For(cause, peer.IsHere && Status.Cause == cause);
        Status = new LinkStatus(peerName, state, cause, SinceOf(state, isNews), evidence, advice)
        { Fruitless = tally.Fruitless, IsHindered = isHindered, Flaps = flaps };
        if (!isNews) return;
        var change = new LinkChange(clock.Now, state, cause, evidence);
        foreach (var kept in history.AddRepeatable(describe is null ? change : describe(change)))
            LogChanged(kept.State, kept.Cause, kept.Again is null ? evidence : kept.Evidence);
        SayStalledHere();
    }

    public void OnStalledHere(DateTimeOffset since)
    {
        _stalledHereSince = since;
        SayStalledHere();
    }

    /// <summary>This gateway's own store answers again.</summary>
    public void OnStoreAnswersHere()
    {
        _stalledHereSince = null;
        if (Status is { State: LinkState.Up, Cause: LinkCause.LocalDisk })
            Set(LinkState.Up, LinkCause.None, "this gateway's own store answers again");
    }

    /// <summary>A cause that the peer reports of itself stays: it needs attention too, and is visible only here.</summary>
    private void SayStalledHere()
    {
        if (_stalledHereSince is not { } since || Status.State != LinkState.Up || Status.Cause is LinkCause.LocalDisk
            or LinkCause.PeerRefuses or LinkCause.PeerStuck or LinkCause.PeerTwice) return;
        Set(LinkState.Up, LinkCause.LocalDisk,
            $"this gateway's own store has not answered since {Figures.Time(since)}, as when its disk hangs");
    }

    /// <summary>Two gateways have the peer's name. A healthy connection is not ended, since the peer was not restarted.</summary>
    public void OnTwo()
    {
        if (Status is { State: LinkState.Up, Cause: not LinkCause.PeerTwice })
            Set(LinkState.Up, LinkCause.PeerTwice, peer.DescribeTwo());
    }

    /// <summary>The peer says that its store does not answer; missing acknowledgements are no news then.</summary>
    public void OnStalled(TimeSpan time)
    {
        StalledFor = time;
        if (IsUp) Set(LinkState.Up, LinkCause.PeerStuck, StallOf(time));
    }

    /// <summary>The peer has answered something, so its store has.</summary>
    public void OnStoreAnswers()
    {
        if (StalledFor is null) return;
        StalledFor = null;
        if (Status is { State: LinkState.Up, Cause: LinkCause.PeerStuck })
            Set(LinkState.Up, LinkCause.None, "the peer's store answers again");
    }

    /// <summary>The connection is gone, and with it the peer's report about its store.</summary>
    public void ForgetStall() => StalledFor = null;

    public static string StallOf(TimeSpan time) =>
        $"the peer says that its own store has not answered for {Figures.Span(time)}, as when a disk hangs";

    /// <summary>The peer processes messages sent, or none were sent: the count of fruitless connections is reset.</summary>
    /// <param name="acknowledgedBytes">The size of the largest batch that it acknowledged.</param>
    public void OnAnswered(int acknowledgedBytes = 0)
    {
        tally.OnAnswered(acknowledgedBytes);
        if (Status.Fruitless > 0) Set(Status.State, Status.Cause, EndEvidence);
    }

    /// <summary>Records an observation in the history, beside the state and its cause.</summary>
    public void Note(string evidence) => history.Add(ChangeOf(evidence));

    /// <summary>Likewise, and in the log.</summary>
    public void Tell(string evidence)
    {
        Note(evidence);
        log.Compared(peerName, evidence);
    }

    /// <summary>Records the outcome of the messages that were under way when the last connection ended.</summary>
    public void NoteResolved(IReadOnlyList<InDoubt> resolved) =>
        history.AddRepeatable(ChangeOf("the peer told what had arrived of the messages in doubt") with { InDoubt = resolved }, "doubt");

    /// <summary>The same run of the peer reports how it saw the end of the last connection.</summary>
    public void OnLastEnd(LinkFrame.LastEnd end)
    {
        if (LastEnd is not { } here) return;
        LastEnd = null;
        var verdict = LinkDiagnosis.Compare(
            here.Cause, new LinkEnd(DateTimeOffset.FromUnixTimeMilliseconds(end.AtUnixMs), end.Cause, end.Text));
        foreach (var kept in history.AddRepeatable(ChangeOf(WireText.Cut(verdict, EvidenceBytesMax)), "compared"))
            log.Compared(peerName, kept.Evidence);
    }

    private LinkChange ChangeOf(string evidence) => new(clock.Now, Status.State, Status.Cause, evidence);

    /// <summary>
    /// For a link that is not up, the end of its connection, in this run or an earlier one, however often and for whatever causes attempts
    /// have failed since: the history has those and their times. For a link that is up, the last change of its cause.
    /// </summary>
    private DateTimeOffset SinceOf(LinkState state, bool isNews)
    {
        if (!isNews) return Status.Since;
        var wasDown = Status.State is LinkState.Down or LinkState.Connecting && Status.Cause != LinkCause.PausedByOperator;
        if (state != LinkState.Down || !wasDown) return clock.Now;
        return Status.Cause == LinkCause.None ? history.DownSince ?? clock.Now : Status.Since;
    }

    private void LogChanged(LinkState state, LinkCause cause, string evidence)
    {
        var advice = Status.Advice;
        var after = cause == LinkCause.None ? "" : state == LinkState.Up && Status.IsCauseOver ? $", after {cause}" : $" ({cause})";
        var why = string.Concat(new[] { Figures.Sentence(evidence), advice }.Where(text => text.Length > 0).Select(text => $" {text}"));
        if (state == LinkState.Down) log.Down(peerName, state, after, why);
        else log.Up(peerName, state, after, why);
    }
}
