using Gateway.Client.Wire;

namespace Gateway.Links;

/// <summary>The end of a connection or of an attempt, and the recording of each change of state or cause in the history.</summary>
internal sealed partial class OutgoingLink
{
    /// <summary>In UTF-8. JSON escaping makes it up to six times as large, which leaves room for the rest in a store event.</summary>
    private const int EvidenceBytesMax = 1024;

    /// <summary>The connection, or the attempt to make one, ended.</summary>
    public void OnLost(LinkCause cause, string evidence)
    {
        if (cause == LinkCause.PeerSilent) evidence = $"{evidence}; {AnsweredBefore}";
        // A changed address explains why an attempt fails, but not the end of a connection made before.
        if (Status.State == LinkState.Connecting && IsOfPlace(cause) && _addresses.Change is { } change)
            Drop(LinkCause.AddressChanged, $"{change}; there: {evidence} ({cause})");
        else Drop(cause, evidence);
    }

    private void Drop(LinkCause cause, string evidence, LinkState state = LinkState.Down)
    {
        _connection.HangUp();
        Keep();
        if (state == LinkState.Down) (cause, evidence) = WhileExamined(cause, evidence);
        _examines = false;
        _stalledFor = null;
        // One attempt may come between the end of the peer and the news of it.
        var isPeerThere = _isPeerHere && Status.Cause == cause;
        if (isPeerThere && cause is LinkCause.Refused or LinkCause.ConnectTimeout or LinkCause.Unreachable)
            evidence = $"{evidence}; the peer runs all the same: its own connection to this gateway stands";
        var wasUp = Status.State == LinkState.Up;
        if (!wasUp && state == LinkState.Down && IsOfHistory(Status.Cause) && !IsOfHistory(cause))
            (cause, evidence) = (Status.Cause, Status.Evidence);
        var upFor = _clock.Uptime - _upSince;
        if (wasUp && OwnPause is { } pause)
            evidence = $"{evidence}; this gateway itself had stood still for {pause.TotalSeconds:0.#} s before";
        var (unanswered, answered) = ((int)_queues.OutstandingBytes, _tally.AcknowledgedBytesMax);
        if (wasUp)
        {
            _tally.OnEnded(_clock.Uptime);
            _upUntil = _clock.Uptime;
            _lastEnd = new LinkEnd(_clock.Now, cause, evidence);
            if (upFor >= _settings.StableAfter) _lastWait = TimeSpan.Zero;
        }

        if (cause != LinkCause.StoreForked) _lastWait = _backoff.Next(_lastWait, PauseMax);
        _nextAttempt = _clock.Uptime + (cause == LinkCause.StoreForked ? _forkedRetry : _lastWait);
        foreach (var queue in _queues.All) queue.Suspend();
        BeginToNote();
        _queues.ForgetTurns();
        _roomLine.Clear();
        ForgetQuestions();
        SetStatus(state, cause, evidence, change => wasUp
            ? change with
            {
                UpSeconds = upFor.TotalSeconds,
                QuietSeconds = _quiet.Time.TotalSeconds,
                InDoubt = Doubts,
                UnansweredBytes = unanswered,
                AnsweredBytesMax = answered
            }
            : change);
    }

    private void SetStatus(LinkState state, LinkCause cause, string evidence, Func<LinkChange, LinkChange>? describe = null)
    {
        // Part of it is the peer's text, or a stranger's certificate, so the size kept per change is limited.
        evidence = WireText.Cut(evidence, EvidenceBytesMax);
        var isUpOrDown = Status.State != state && (Status.State == LinkState.Up || state == LinkState.Up);
        var isNews = isUpOrDown || Status.Cause != cause;
        var flaps = _tally.Flaps(_clock.Uptime);
        var isHindered = state == LinkState.Up
            && (flaps > 0 || cause is LinkCause.PeerRefuses or LinkCause.PeerTwice
                || (cause == LinkCause.PeerStuck && _stalledFor is not null));
        var advice = state == LinkState.Up && _tally.Fruitless == 0 && !isHindered && cause is not (LinkCause.PeerRestarted
            or LinkCause.LocalQuota or LinkCause.LocalDisk or LinkCause.DuplicateName)
                ? "" : LinkAdvice.For(cause, _isPeerHere && Status.Cause == cause);
        Status = new LinkStatus(PeerName, state, cause, SinceOf(state, isNews), evidence, advice)
        { Fruitless = _tally.Fruitless, IsHindered = isHindered, Flaps = flaps };
        if (!isNews) return;
        var change = new LinkChange(_clock.Now, state, cause, evidence);
        foreach (var kept in History.AddRepeatable(describe is null ? change : describe(change)))
            LogChanged(kept.State, kept.Cause, kept.Again is null ? evidence : kept.Evidence);
    }

    /// <summary>
    /// For a link that is not up, the end of its connection, in this run or an earlier one, however often and for whatever causes attempts
    /// have failed since: the history has those and their times. For a link that is up, the last change of its cause.
    /// </summary>
    private DateTimeOffset SinceOf(LinkState state, bool isNews)
    {
        if (!isNews) return Status.Since;
        var wasDown = Status.State is LinkState.Down or LinkState.Connecting && Status.Cause != LinkCause.PausedByOperator;
        if (state != LinkState.Down || !wasDown) return _clock.Now;
        return Status.Cause == LinkCause.None ? History.DownSince ?? _clock.Now : Status.Since;
    }

    private void LogChanged(LinkState state, LinkCause cause, string evidence)
    {
        var advice = Status.Advice;
        var after = cause == LinkCause.None ? "" : $" ({cause})";
        var why = string.Concat(new[] { evidence.Length > 0 ? $"{evidence}." : "", advice }.Where(text => text.Length > 0)
            .Select(text => $" {text}"));
        if (state == LinkState.Down) LogDown(PeerName, state, after, why);
        else LogUp(PeerName, state, after, why);
    }

    /// <summary>Causes that another host at the address can explain.</summary>
    private static bool IsOfPlace(LinkCause cause) => cause is
        LinkCause.Refused or LinkCause.Unreachable
            or LinkCause.ConnectTimeout or LinkCause.PeerSilent or LinkCause.ResetByPeer or LinkCause.ClosedByPeer
            or LinkCause.WrongService or LinkCause.TlsFailed;

    private static LinkCause CauseOf(RefusalCode code) => code switch
    {
        RefusalCode.Version => LinkCause.VersionMismatch,
        RefusalCode.UnknownPeer or RefusalCode.WrongName or RefusalCode.NotAuthorised => LinkCause.NotAuthorised,
        RefusalCode.Displaced => LinkCause.DuplicateName,
        RefusalCode.Silent => LinkCause.HalfOpen,
        RefusalCode.Forked => LinkCause.StoreForked,
        RefusalCode.StoreTwice => LinkCause.StoreTwice,
        _ => LinkCause.WrongService,
    };
}
