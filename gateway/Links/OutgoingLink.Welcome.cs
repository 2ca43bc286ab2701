using Gateway.Client.Wire;

namespace Gateway.Links;

/// <summary>How a link comes up: who answers, and what that tells about the time before.</summary>
internal sealed partial class OutgoingLink
{
    private void OnWelcome(LinkFrame.Welcome welcome)
    {
        if (welcome.From.Name != PeerName)
        {
            Drop(LinkCause.NotAuthorised, $"the gateway at this address is {welcome.From.Name}, not {PeerName}");
            return;
        }

        if (HasContradiction(welcome)) return;
        var past = DescribePast(welcome);
        var isAccepted = _accepted.Length > 0;
        Rely(welcome);

        // While the link is up the cause describes its last end; before its first connection there was none.
        var isFirst = _peer is null;
        var causeBefore = isFirst || IsOfHistory(Status.Cause) ? LinkCause.None : Status.Cause;
        var isRestarted = (_peer?.Incarnation ?? History.LastIncarnation) is { } known && known != welcome.From.Incarnation;
        _peer = welcome.From;
        _welcomedAt = _clock.Now;
        _runs.OnSeen(welcome.From, _clock.Uptime);
        // The peer records a run with its first batch: a peer that knows an earlier run has no message of this one, whatever its positions
        // are.
        _peerKnowsThisRun = welcome.Known is not { } lastRun || lastRun.Run >= _self.Run;
        _peerClock.OnWelcome(DateTimeOffset.FromUnixTimeMilliseconds(welcome.ClockUnixMs));
        if (Warning.Length > 0) LogWarning(PeerName, Warning);
        _peerLimits = welcome.Limits;
        _liveness.OnAsked();
        _upSince = _clock.Uptime;
        var (cause, evidence) = isAccepted ? (LinkCause.None, "") : ReturnOf(_peer, isRestarted, isFirst, causeBefore);
        if (past.Length > 0) evidence = evidence.Length > 0 ? $"{evidence}; {past}" : past;
        _addresses.OnUp();
        SetStatus(LinkState.Up, cause, evidence, change => change with
        {
            Evidence = evidence.Length > 0 ? evidence : "connected for the first time in this run",
            Incarnation = _peer.Incarnation,
            PeerStarted = DateTimeOffset.FromUnixTimeMilliseconds(_peer.StartedUnixMs),
            Address = _addresses.Last,
        });
        if (isRestarted) _lastEnd = null;
        if (_lastEnd is { } end) Send(new LinkFrame.LastEnd(end.Cause, end.At.ToUnixTimeMilliseconds(), end.Evidence));
        BeginToAsk();
    }

    /// <summary>
    /// Why the link was down, as far as its coming up shows. A new run is the end of the previous one, wherever it has moved to.
    /// </summary>
    private (LinkCause Cause, string Evidence) ReturnOf(GatewayIdentity peer, bool isRestarted, bool isFirst, LinkCause before)
    {
        var moved = _addresses.Change;
        // The end of the run known from the history was not observed: this gateway itself was restarted since then.
        var when = isFirst ? ", while this gateway was down or before" : "";
        if (isRestarted && _runs.AreTwo(_clock.Uptime)) return (LinkCause.PeerTwice, _runs.Describe(_clock.Uptime));
        if (isRestarted) return (LinkCause.PeerRestarted, $"the peer came back with incarnation {peer.Incarnation:N}, "
            + $"started {DateTimeOffset.FromUnixTimeMilliseconds(peer.StartedUnixMs):O}{when}{(moved is null ? "" : $"; {moved}")}");
        if (moved is not null) return (LinkCause.AddressChanged, moved);
        if (before != LinkCause.None && _tally.Fruitless > 0) return (before, $"{Times(_tally.Fruitless)} without an acknowledgement "
            + $"of anything that was sent on it; the last: {_lastEnd?.Evidence ?? Status.Evidence}");
        if (before != LinkCause.None && _tally.Flaps(_clock.Uptime) is > 0 and var flaps)
            return (before, $"{flaps} connections ended in the last five minutes; the last: {_lastEnd?.Evidence ?? Status.Evidence}");
        return before == LinkCause.None ? (before, "") : (before, Status.Evidence);
    }

    /// <summary>The same run of the peer reports how it saw the end of the last connection.</summary>
    private void OnLastEnd(LinkFrame.LastEnd end)
    {
        if (_lastEnd is not { } here) return;
        _lastEnd = null;
        var verdict = LinkDiagnosis.Compare(
            here.Cause, new LinkEnd(DateTimeOffset.FromUnixTimeMilliseconds(end.AtUnixMs), end.Cause, end.Text));
        var change = new LinkChange(_clock.Now, Status.State, Status.Cause, WireText.Cut(verdict, EvidenceBytesMax));
        foreach (var kept in History.AddRepeatable(change, "compared")) LogCompared(PeerName, kept.Evidence);
    }
}
