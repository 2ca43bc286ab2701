using Gateway.Links.Causes;
using Gateway.Links.Fleet;
using Gateway.Links.Protocol;
using Gateway.Links.Sending;
using Gateway.Store;
using Gateway.Store.Messages;
using Microsoft.Extensions.Logging;

namespace Gateway.Links;

/// <summary>
/// The dialing side of the relation with one peer, which delivers this gateway's messages: connects, says hello, sends from the receiver's
/// positions on, and starts over with a fresh connection whenever one is dead. It never gives up. A pure state machine, owned by the loop:
/// this class leads from connection to connection, and each of its parts owns a piece of the state.
/// </summary>
internal sealed partial class OutgoingLink : ILinkEnd, IDialedLink
{
    private readonly LinkSettings _settings;
    private readonly GatewayIdentity _self;
    private readonly LoopClock _clock;
    private readonly LinkLog _log;
    private readonly OutgoingQueues _queues = new();
    private readonly PeerAddresses _addresses = new();
    private readonly PeerPresence _peer;
    private readonly OutgoingConnection _connection;
    private readonly LinkStanding _standing;
    private readonly LinkAttempts _attempts;
    private readonly LinkSender _sender;
    private readonly LinkAnswers _answers;
    private readonly PeerPast _past;
    private readonly LostMessages _lost;
    private readonly LossExamination _examination;
    private readonly PositionQuestions _questions;
    private readonly SentNotes _notes;
    private readonly ForgottenQueues _forgotten;
    private readonly LinkEvidence _evidence;
    private readonly LinkWatch _watch;
    private readonly UnprovenVerdict _verdict;

    /// <param name="past">This store's own history; the same for all links.</param>
    public OutgoingLink(
        string peerName,
        LinkSettings settings,
        GatewayIdentity self,
        LoopClock clock,
        IStoreInput store,
        ILinkConnection connection,
        LinkHistory history,
        OwnPast past,
        ILinkTelemetry telemetry,
        Random random,
        ILogger<OutgoingLink> logger)
    {
        PeerName = peerName;
        _settings = settings;
        _self = self;
        _clock = clock;
        History = history;
        _log = new LinkLog(logger);
        _peer = new PeerPresence(history, clock);
        _connection = new OutgoingConnection(settings, clock, connection);
        _standing = new LinkStanding(peerName, clock, history, _peer, _connection.Tally, _log);
        _attempts = new LinkAttempts(settings, clock, _peer, random);
        _past = new PeerPast(peerName, self, past, store, clock);
        _lost = new LostMessages(store, _standing);
        _sender = new LinkSender(settings, clock, store, _queues, _standing, _connection, past, self.StartedUnixMs, telemetry);
        _forgotten = new ForgottenQueues(_queues);
        _notes = new SentNotes(_queues);
        _examination = new LossExamination(_queues, _past, _lost, _connection, this);
        _questions = new PositionQuestions(clock, store, _queues, _sender, _connection, _peer, _past, _lost, _standing, this);
        _answers = new LinkAnswers(clock, _queues, _forgotten, _sender, _connection, _past, _standing, _log, this);
        _evidence = new LinkEvidence(clock, _standing, _peer, _addresses, _attempts, _connection);
        _watch = new LinkWatch(settings, clock, _queues, _sender, _connection, _questions, _peer, _past, _standing, _log, this);
        _verdict = new UnprovenVerdict(store, _standing);
        UnderWay = new MessagesUnderWay(_queues, _standing);
        Room = new RoomHere(_standing);
        Summary = new PeerSummary(clock, _connection);
    }

    public string PeerName { get; }

    public LinkStatus Status => _standing.Status;

    /// <summary>The link is up, and the peer neither refuses messages nor leaves them unacknowledged.</summary>
    public bool TakesMessages => Status is { State: LinkState.Up, Cause: not (LinkCause.PeerRefuses or LinkCause.PeerStuck) };

    /// <inheritdoc cref="LinkSender.PeerLimits"/>
    public LinkLimits PeerLimits => _sender.PeerLimits;

    public LinkHistory History { get; }

    /// <summary>This store's own history; the same for all links.</summary>
    public OwnPast Past => _past.Own;

    /// <summary>A warning beside the cause; empty if there is none.</summary>
    public string Warning => _watch.Warning;

    /// <summary>The progress of the messages for the peer on their way.</summary>
    public MessagesUnderWay UnderWay { get; }

    /// <summary>Whether this gateway itself has room for messages to the peer.</summary>
    public RoomHere Room { get; }

    /// <summary>The peer's state in its own words, as far as it tells it.</summary>
    public PeerSummary Summary { get; }

    /// <summary>A connection that the peer has made to this gateway stands.</summary>
    public bool IsPeerHere => _peer.IsHere;

    /// <summary>The peer's clock minus this one, as last compared on this connection; null while the link is not up.</summary>
    public TimeSpan? PeerAhead => _standing.IsUp ? _watch.PeerAhead : null;

    /// <summary>Messages that the peer acknowledged since the gateway started.</summary>
    public long Delivered => _answers.Delivered;

    /// <summary>The measured bytes per second while messages wait for a slow line; null if it is not slow, or nothing waits.</summary>
    public double? SlowBytesPerSecond => _standing.IsUp && _queues.OutstandingMessages > 0 ? _connection.Pace.SlowBytesPerSecond : null;

    /// <summary>The time of the next scheduled tick, in the loop's uptime; <see cref="TimeSpan.MaxValue"/> for none.</summary>
    public TimeSpan NextTick => IsWalkDue ? _clock.Uptime : Status.State switch
    {
        LinkState.Down => _attempts.Next,
        LinkState.Connecting when _connection.WelcomeDue is { } due => due,
        LinkState.Up => _watch.Next,
        _ => TimeSpan.MaxValue,
    };

    /// <summary>
    /// Restores the peer's data kept by the store: its history, an operator's acceptance that no connection has used yet, the peer's
    /// knowledge of another history of this store, and whether the peer has dialed an earlier run. Called before <see cref="Start"/>.
    /// </summary>
    public void RestoreKnown(string? history, string? accepted, string? foreign = null, bool hasDialed = false)
    {
        _peer.Restore(hasDialed);
        _past.Restore(history, accepted, foreign);
    }

    /// <summary>
    /// Adds a queue that the store knew at the start of the gateway, with the highest number assigned in it, and how far it may have been
    /// sent, if recorded. Called for each queue before <see cref="Start"/>.
    /// </summary>
    public void AddKnownQueue(QueueId queue, long lastNumber, SentNote? sent, long acknowledged = 0) =>
        _sender.Add(queue).SetTail(lastNumber, sent, acknowledged);

    /// <summary>Begins to connect, unless the link was paused before, or the peer was seen already.</summary>
    public void Start()
    {
        _addresses.Restore(History.LastAddress);
        if (Status.State == LinkState.Down) Connect();
    }

    /// <summary>A message has got its place; <see cref="SendStored"/> follows.</summary>
    public void OnStored(QueueId queue, StoredMessage message)
    {
        Room.OnAccepted();
        _sender.OnStored(queue, message);
    }

    /// <summary>Sends the stored messages; called when all messages stored together have been reported.</summary>
    public void SendStored() => _sender.SendStored();

    /// <summary>The store has forgotten the empty queue, whose last assigned number is given.</summary>
    public void OnForgotten(QueueId id, long lastNumber) => _forgotten.OnForgotten(id, lastNumber);

    /// <summary>All queues forgotten by the store have been reported: forgets those with nothing under way.</summary>
    public void Forget() => _sender.Remove(_forgotten.Take());

    /// <inheritdoc/>
    public void OnFound(PeerAddress address) => _addresses.OnFound(address);

    /// <inheritdoc/>
    public void OnConnected()
    {
        var nowUnixMs = _connection.Begin();
        _connection.Send(new LinkFrame.Hello(_self, PeerName, _settings.Limits, nowUnixMs) { Known = _past.Known });
    }

    /// <inheritdoc/>
    public void OnBytes(long count) => _connection.OnBytes(count);

    /// <inheritdoc/>
    public void OnFrame(LinkFrame frame)
    {
        _connection.OnFrame();
        switch (frame)
        {
            case LinkFrame.Welcome welcome when Status.State == LinkState.Connecting: OnWelcome(welcome); break;
            // No failure: the peer is active elsewhere.
            case LinkFrame.Refused { Code: RefusalCode.Standby } when TryElsewhere(): break;
            case LinkFrame.Refused refused: OnRefused(refused); break;
            case LinkFrame.Positions positions when _standing.IsUp: _questions.OnPositions(positions); break;
            case LinkFrame.Positions positions when _examination.IsUnderWay: _examination.OnPositions(positions); break;
            case LinkFrame.Ack ack when _standing.IsUp: _answers.OnAck(ack); break;
            case LinkFrame.Resend resend when _standing.IsUp: _answers.OnResend(resend); break;
            case LinkFrame.Full full when _standing.IsUp: _answers.OnFull(full); break;
            case LinkFrame.Stalled stalled: _standing.OnStalled(TimeSpan.FromMilliseconds(stalled.ForMs)); break;
            case LinkFrame.Ping ping when _standing.IsUp: _connection.Send(new LinkFrame.Pong(ping.Token, _clock.NowUnixMs)); break;
            case LinkFrame.Summary summary when _standing.IsUp: Summary.OnAnswer(summary); break;
            case LinkFrame.Pong { Token: LinkFrame.Ping.AsksForSummary } when _standing.IsUp: Summary.OnPong(); break;
            case LinkFrame.Pong pong when _standing.IsUp: _watch.OnPong(pong); break;
            // Before the welcome a pong would vouch for nothing, and no heartbeat replaces a welcome.
            case LinkFrame.Ping or LinkFrame.Pong: break;
            case LinkFrame.LastEnd end when _standing.IsUp: _standing.OnLastEnd(end); break;
            case LinkFrame.LastEnd when _examination.IsUnderWay: break;
            case LinkFrame.Goodbye: GiveUp(LinkCause.GoingAway, "the peer said goodbye"); break;
            default: GiveUp(LinkCause.WrongService, $"the peer sent a {frame.GetType().Name}, which does not belong here"); break;
        }
    }

    /// <inheritdoc/>
    public void OnLost(LinkCause cause, string evidence)
    {
        _standing.IsEndUnanswered = _evidence.IsUnanswered(cause);
        (cause, evidence) = _evidence.OfLoss(cause, evidence);
        GiveUp(cause, evidence);
    }

    /// <summary>The peer has just said hello on a connection of its own, so it is reachable now.</summary>
    public void OnPeerSeen(GatewayIdentity peer)
    {
        var isLaterRun = _peer.OnHello(peer);
        if (_peer.AreTwo) _standing.OnTwo();
        else if (_standing.IsUp && isLaterRun) GiveUp(LinkCause.PeerRestarted, $"the peer said hello with incarnation "
            + $"{peer.Incarnation:N}, started {DateTimeOffset.FromUnixTimeMilliseconds(peer.StartedUnixMs):O}");
        if (Status.State != LinkState.Down || Status.Cause is LinkCause.StoreForked or LinkCause.HoldInDoubt) return;
        if (_attempts.Hasten()) Connect();
    }

    /// <summary>The last connection that the peer had made to this gateway has ended.</summary>
    public void OnPeerGone() => _peer.OnGone();

    public void Tick()
    {
        if (_notes.IsWalkDue) _notes.WalkOn();
        if (_questions.IsWalkDue) _questions.WalkOn();
        if (_examination.IsWalkDue) _examination.WalkOn();
        switch (Status.State)
        {
            case LinkState.Down when _clock.Uptime >= _attempts.Next: Connect(); break;
            case LinkState.Connecting when _clock.Uptime > _connection.WelcomeDue: _watch.GiveUpSilent(); break;
            case LinkState.Up: _watch.Tick(); break;
        }
    }

    public void SayGoodbye()
    {
        History.KeepCounted();
        _past.Keep();
        if (_standing.IsUp) _connection.Send(new LinkFrame.Goodbye());
    }

    /// <summary>
    /// This gateway's own store answers nothing, as when its disk hangs: nothing can be loaded or stored, whatever the connection is like.
    /// </summary>
    public void OnStalledHere(DateTimeOffset since) => _standing.OnStalledHere(since);

    /// <summary>This gateway's own store answers again.</summary>
    public void OnStoreAnswersHere()
    {
        _standing.OnStoreAnswersHere();
        Room.SayRefusal();
    }

    /// <summary>A walk over all queues goes on at the next tick.</summary>
    private bool IsWalkDue => _notes.IsWalkDue || _questions.IsWalkDue || _examination.IsWalkDue;

    private void Connect()
    {
        _attempts.OnDialed();
        _standing.BeConnecting();
        _connection.Dial(this);
    }

    private void OnWelcome(LinkFrame.Welcome welcome)
    {
        if (welcome.From.Name != PeerName)
        {
            GiveUp(LinkCause.NotAuthorised, $"the gateway at this address is {welcome.From.Name}, not {PeerName}");
            return;
        }

        if (_examination.FindsContradiction(welcome)) return;
        var history = _past.Describe(welcome);
        var isAccepted = _past.IsAccepted;
        if (isAccepted) _lost.Clear();
        _past.Rely(welcome);
        ComeUp(welcome, isAccepted, history);
        _notes.Stop();
        // The peer records a run with its first batch: a peer that knows an earlier run has no message of this one, whatever its positions
        // are.
        _questions.Begin(peerKnowsThisRun: welcome.Known is not { } lastRun || lastRun.Run >= _self.Run);
    }

    /// <param name="isAccepted">An operator has accepted the peer as it stands.</param>
    /// <param name="history">The findings of the two histories, in words.</param>
    private void ComeUp(LinkFrame.Welcome welcome, bool isAccepted, string history)
    {
        var back = LinkReturn.Of(welcome.From, _peer, History, Status.Cause);
        _peer.OnWelcome(welcome.From);
        _watch.OnWelcome(DateTimeOffset.FromUnixTimeMilliseconds(welcome.ClockUnixMs));
        _sender.OnWelcome(welcome.Limits);
        _attempts.OnUp();
        var (cause, evidence) = _evidence.OfReturn(back, welcome.From, isAccepted, history);
        _addresses.OnUp();
        _standing.Set(LinkState.Up, cause, evidence, change => change with
        {
            Evidence = evidence.Length > 0 ? evidence : "connected for the first time in this run",
            Incarnation = welcome.From.Incarnation,
            PeerStarted = DateTimeOffset.FromUnixTimeMilliseconds(welcome.From.StartedUnixMs),
            Address = _addresses.Last,
        });
        if (back.IsRestarted) _standing.LastEnd = null;
        if (_standing.LastEnd is { } end)
            _connection.Send(new LinkFrame.LastEnd(end.Cause, end.At.ToUnixTimeMilliseconds(), end.Evidence));
    }

    private bool TryElsewhere() => Status.State == LinkState.Connecting && _connection.TryDialNext(this);

    private void OnRefused(LinkFrame.Refused refused) => GiveUp(
        refused.Code == RefusalCode.Silent && _attempts.OwnPause is not null ? LinkCause.OwnPause : LinkCauses.Of(refused.Code),
        $"the peer refused ({refused.Code}): {refused.Text}");

    /// <inheritdoc/>
    public void GiveUp(LinkCause cause, string evidence) => Drop(cause, evidence, LinkState.Down);

    private void Drop(LinkCause cause, string evidence, LinkState state)
    {
        _connection.HangUp();
        _past.Keep();
        if (state == LinkState.Down) (cause, evidence) = _examination.Explain(cause, evidence);
        _examination.End();
        _standing.ForgetStall();
        var claimed = cause;
        if (state == LinkState.Down) cause = _verdict.Weigh(cause, evidence);
        (cause, evidence) = _evidence.OfEnd(state, cause, evidence);
        var (wasUp, upFor) = (_standing.IsUp, _attempts.UpFor);
        var (unanswered, answered) = ((int)_queues.OutstandingBytes, _connection.Tally.AcknowledgedBytesMax);
        if (wasUp)
        {
            _connection.Tally.OnEnded(_clock.Uptime);
            _standing.LastEnd = new LinkEnd(_clock.Now, cause, evidence);
            _attempts.OnUpEnded();
        }

        _attempts.OnEnded(cause == LinkCause.HoldInDoubt ? claimed : cause);
        _questions.Forget();
        // An attempt that fails changes nothing for the queues.
        if (wasUp)
        {
            _sender.OnLost();
            _notes.Begin();
        }

        _standing.Set(state, cause, evidence, change => wasUp
            ? change with
            {
                UpSeconds = upFor.TotalSeconds,
                QuietSeconds = _connection.Quiet.TotalSeconds,
                InDoubt = UnderWay.Doubts,
                UnansweredBytes = unanswered,
                AnsweredBytesMax = answered
            }
            : change);
        if (wasUp) Summary.OnLost();
    }
}
