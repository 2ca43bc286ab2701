namespace Gateway.Links;

/// <summary>What a link does as time passes: it tries again, asks whether the peer lives, and gives up a connection on which it has waited for too long.</summary>
internal sealed partial class OutgoingLink
{
    /// <summary>When <see cref="Tick"/> has something to do, unless something happens before.</summary>
    public TimeSpan NextTick => Status.State switch
    {
        LinkState.Down => _nextAttempt,
        LinkState.Connecting when _helloSaid is { } said => said + _settings.HandshakeTimeout,
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
            case LinkState.Connecting when _clock.Uptime - _helloSaid > _settings.HandshakeTimeout:
                Drop(LinkCause.ConnectTimeout, $"no answer to the hello within {_settings.HandshakeTimeout.TotalSeconds:0.#} s");
                break;
            case LinkState.Up:
                Watch();
                break;
        }
    }

    private TimeSpan NextWatch
    {
        get
        {
            var next = _lastHeard + _settings.DeadAfter;
            if (NextPing < next) next = NextPing;
            if (_queues.Slowest?.StuckSince + _settings.AckTimeout is { } stuck && stuck < next) next = stuck;
            if (_askedSince + _settings.AckTimeout is { } unanswered && unanswered < next) next = unanswered;
            if (_queues.NextHeld is { } held && held < next) next = held;
            return next;
        }
    }

    /// <summary>A peer that is heard is not asked whether it lives.</summary>
    private TimeSpan NextPing => (_lastHeard > _lastPing ? _lastHeard : _lastPing) + _settings.HeartbeatInterval;

    private void Watch()
    {
        if (_clock.Uptime - _lastHeard > _settings.DeadAfter)
        {
            Drop(LinkCause.HalfOpen, $"nothing heard for {(_clock.Uptime - _lastHeard).TotalSeconds:0.#} s");
            return;
        }

        if (_queues.Slowest is { } stuck && _clock.Uptime - stuck.StuckSince > _settings.AckTimeout)
        {
            Drop(LinkCause.PeerStuck, $"the peer answers, but acknowledged nothing of queue {stuck.Name} for {(_clock.Uptime - stuck.StuckSince)?.TotalSeconds:0.#} s");
            return;
        }

        if (_clock.Uptime - _askedSince > _settings.AckTimeout)
        {
            Drop(LinkCause.PeerStuck, $"the peer answers, but has not told how far it has stored the queues that it was asked for {(_clock.Uptime - _askedSince)?.TotalSeconds:0.#} s ago");
            return;
        }

        _queues.GiveTurnToHeld(_clock.Uptime);
        Pump();
        if (_clock.Uptime < NextPing) return;
        _lastPing = _clock.Uptime;
        _connection.Send(new LinkFrame.Ping(++_pingToken));
    }
}
