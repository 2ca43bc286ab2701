namespace Gateway.Links;

/// <summary>The scheduled work of a link: retries, pings, and giving up a connection that has not answered for too long.</summary>
internal sealed partial class OutgoingLink
{
    private static readonly TimeSpan _longGonePause = TimeSpan.FromSeconds(10);

    /// <summary>The time of the next scheduled tick, in the loop's uptime; <see cref="TimeSpan.MaxValue"/> for none.</summary>
    public TimeSpan NextTick => Status.State switch
    {
        LinkState.Down => _nextAttempt,
        LinkState.Connecting when _welcomeDue is { } due => due,
        LinkState.Up => NextWatch,
        _ => TimeSpan.MaxValue,
    };

    public void Tick()
    {
        switch (Status.State)
        {
            case LinkState.Down when _clock.Uptime >= _nextAttempt:
                Connect();
                break;
            case LinkState.Connecting when _clock.Uptime > _welcomeDue:
                DropUnanswered();
                break;
            case LinkState.Up:
                Watch();
                break;
        }
    }

    /// <summary>
    /// The longest time until the next attempt. A peer that dials this gateway is dialed back at once, so one that has long been gone is
    /// tried less often: after a twentieth of that time, at most ten seconds, unless the settings have a longer pause.
    /// </summary>
    private TimeSpan PauseMax
    {
        get
        {
            if (!_dialsUs) return _settings.BackoffMax;
            var share = (_clock.Uptime - _upUntil) / 20;
            var longest = share < _longGonePause ? share : _longGonePause;
            return longest > _settings.BackoffMax ? longest : _settings.BackoffMax;
        }
    }

    private TimeSpan NextWatch
    {
        get
        {
            var next = _liveness.DeadAt;
            if (NextPing < next) next = NextPing;
            if (_queues.Slowest?.StuckSince(_arrivals) + _settings.AckTimeout is { } stuck && stuck < next) next = stuck;
            if (UnansweredSince + _settings.AckTimeout is { } unanswered && unanswered < next) next = unanswered;
            if (_queues.NextHeld is { } held && held < next) next = held;
            if (NextKeep < next) next = NextKeep;
            if (_roomLine.NextTurn is { } turn && turn < next) next = turn;
            return next;
        }
    }

    /// <summary>Early enough to come together with the pings of other links, never late.</summary>
    private TimeSpan NextPing
    {
        get
        {
            var (alive, clock) = (_liveness.NextQuestion(_settings.HeartbeatInterval, _arrivals.IsAwaited), _peerClock.NextQuestion);
            return _clock.CommonMoment(alive < clock ? alive : clock, _settings.HeartbeatInterval / 2);
        }
    }

    private void OnPong(LinkFrame.Pong pong)
    {
        _arrivals.OnAnswered(pong.Token, _clock.Uptime);
        if (_peerClock.OnPong(pong.Token, DateTimeOffset.FromUnixTimeMilliseconds(pong.ClockUnixMs))) TellClock();
    }

    private void TellClock()
    {
        if (Warning.Length > 0) LogWarning(PeerName, Warning);
        else LogClockRight(PeerName);
    }

    private void Watch()
    {
        if (_peerClock.OnOwnClock()) TellClock();
        KeepWhenDue();
        if (_liveness.IsDead)
        {
            Drop(LinkCause.HalfOpen, $"nothing heard for {_liveness.Silence.TotalSeconds:0.#} s");
            return;
        }

        if (_queues.Slowest is { } stuck && _clock.Uptime - stuck.StuckSince(_arrivals) > _settings.AckTimeout)
        {
            Drop(LinkCause.PeerStuck, $"the peer answers, but acknowledged nothing of queue {stuck.Name} "
                + $"for {(_clock.Uptime - stuck.StuckSince(_arrivals))?.TotalSeconds:0.#} s");
            return;
        }

        if (_clock.Uptime - UnansweredSince > _settings.AckTimeout)
        {
            Drop(LinkCause.PeerStuck, $"the peer answers, but has not told how far it has stored the queues that it was asked for "
                + $"{(_clock.Uptime - _askedSince)?.TotalSeconds:0.#} s ago");
            return;
        }

        _queues.GiveTurnToHeld(_clock.Uptime);
        GiveTurnToRoomLine();
        Pump();
        if (_clock.Uptime < NextPing) return;
        if (Status.Cause == LinkCause.PeerTwice && !_runs.AreTwo(_clock.Uptime))
            SetStatus(LinkState.Up, LinkCause.None, "no second gateway of the peer's name was seen of late");
        if (Status.Flaps > 0 && _tally.Flaps(_clock.Uptime) == 0) SetStatus(Status.State, Status.Cause, Status.Evidence);
        // Everything was answered or removed from the queues: nothing is left that earlier connections failed to deliver.
        if (Status.Fruitless > 0 && _queues.OutstandingMessages == 0 && _askedSince is null) OnAnswered();
        _liveness.OnAsked();
        var token = _arrivals.Next();
        _peerClock.OnAsked(token);
        Send(new LinkFrame.Ping(token));
    }
}
