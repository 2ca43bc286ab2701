using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Gateway.Links.Sending;

namespace Gateway.Links;

/// <summary>
/// The scheduled work on a connection: pings, the comparison of clocks, and giving up a peer that has not answered for too long. Owned by
/// its link.
/// </summary>
internal sealed class LinkWatch(
    LinkSettings settings,
    LoopClock clock,
    OutgoingQueues queues,
    LinkSender sender,
    OutgoingConnection connection,
    PositionQuestions questions,
    PeerPresence peer,
    PeerPast past,
    LinkStanding standing,
    LinkLog log,
    ILinkEnd link)
{
    private readonly PeerClock _peerClock = new(settings, clock);

    /// <summary>A warning beside the cause; empty if there is none.</summary>
    public string Warning => _peerClock.Warning;

    /// <summary>The peer's clock minus this one, as last compared.</summary>
    public TimeSpan PeerAhead => _peerClock.Ahead;

    /// <summary>The time of the next tick that finds something to do on a link that is up.</summary>
    public TimeSpan Next
    {
        get
        {
            var next = connection.Liveness.DeadAt;
            if (NextPing < next) next = NextPing;
            if (queues.Slowest?.StuckSince(connection.Arrivals) + settings.AckTimeout is { } stuck && stuck < next) next = stuck;
            if (questions.UnansweredSince + settings.AckTimeout is { } unanswered && unanswered < next) next = unanswered;
            if (queues.NextHeld is { } held && held < next) next = held;
            if (past.NextKeep < next) next = past.NextKeep;
            if (sender.NextTurnInRoomLine is { } turn && turn < next) next = turn;
            return next;
        }
    }

    /// <summary>Early enough to come together with the pings of other links, never late.</summary>
    private TimeSpan NextPing
    {
        get
        {
            var (alive, ofClock) = (
                connection.Liveness.NextQuestion(settings.HeartbeatInterval, connection.Arrivals.IsAwaited), _peerClock.NextQuestion);
            return clock.CommonMoment(alive < ofClock ? alive : ofClock, settings.HeartbeatInterval / 2);
        }
    }

    /// <summary>The peer has answered the hello and shown its clock.</summary>
    public void OnWelcome(DateTimeOffset shown)
    {
        _peerClock.OnWelcome(shown);
        if (Warning.Length > 0) log.Warning(standing.Status.Peer, Warning);
        connection.Liveness.OnAsked();
    }

    public void OnPong(LinkFrame.Pong pong)
    {
        connection.Arrivals.OnAnswered(pong.Token, clock.Uptime);
        if (_peerClock.OnPong(pong.Token, DateTimeOffset.FromUnixTimeMilliseconds(pong.ClockUnixMs))) TellClock();
    }

    /// <summary>The hello was not answered in time.</summary>
    public void GiveUpSilent()
    {
        var limit =
            $"no answer to the hello within {Figures.Span(settings.HandshakeTimeout)}";
        if (standing.StalledFor is { } time) link.GiveUp(LinkCause.PeerStuck, $"{limit}: {LinkStanding.StallOf(time)}");
        else link.GiveUp(LinkCause.PeerSilent, $"{limit}, though the connection was taken and greeted; {peer.AnsweredBefore}");
    }

    /// <summary>Performs the acts that are due on a link that is up.</summary>
    public void Tick()
    {
        if (_peerClock.OnOwnClock()) TellClock();
        past.KeepWhenDue();
        if (connection.Liveness.IsDead)
        {
            link.GiveUp(LinkCause.HalfOpen, $"nothing heard for {Figures.Span(connection.Liveness.Silence)}");
            return;
        }

        if (queues.Slowest is { } stuck && clock.Uptime - stuck.StuckSince(connection.Arrivals) > settings.AckTimeout)
        {
            link.GiveUp(LinkCause.PeerStuck, $"the peer answers, but acknowledged nothing of queue {stuck.Name} "
                + $"for {Figures.Span((clock.Uptime - stuck.StuckSince(connection.Arrivals))?.TotalSeconds)}");
            return;
        }

        if (clock.Uptime - questions.UnansweredSince > settings.AckTimeout)
        {
            link.GiveUp(LinkCause.PeerStuck, $"the peer answers, but has not said how far it has stored the queues that it was asked about "
                + $"{Figures.Span((clock.Uptime - questions.AskedSince)?.TotalSeconds)} ago");
            return;
        }

        sender.PumpDue();
        if (clock.Uptime >= NextPing) Ping();
    }

    private void Ping()
    {
        var status = standing.Status;
        if (status.Cause == LinkCause.PeerTwice && !peer.AreTwo)
            standing.Set(LinkState.Up, LinkCause.None, "no second gateway of the peer's name was seen of late");
        status = standing.Status;
        if (status.Flaps > 0 && connection.Tally.Flaps(clock.Uptime) == 0) standing.Set(status.State, status.Cause, status.Evidence);
        // Everything was answered or removed from the queues: nothing is left that earlier connections failed to deliver.
        if (standing.Status.Fruitless > 0 && queues.OutstandingMessages == 0 && questions.IsDone) standing.OnAnswered();
        connection.Liveness.OnAsked();
        var token = connection.Arrivals.Next();
        _peerClock.OnAsked(token);
        connection.Send(new LinkFrame.Ping(token));
    }

    private void TellClock()
    {
        if (Warning.Length > 0) log.Warning(standing.Status.Peer, Warning);
        else log.ClockRight(standing.Status.Peer);
    }
}
