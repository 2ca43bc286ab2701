using Gateway.Client.Pacing;
using Gateway.Store;
using Microsoft.Extensions.Logging;

namespace Gateway.Links;

/// <summary>
/// The dialing side of the relation with one peer, which delivers this gateway's messages: connects, says hello, sends from the receiver's
/// positions on, and starts over with a fresh connection whenever one is dead. It never gives up. A pure state machine, owned by the loop.
/// </summary>
internal sealed partial class OutgoingLink : ISendTurns
{
    /// <summary>Queues that a change of the history lists individually.</summary>
    private const int InDoubtQueuesMax = 40;

    private readonly LinkSettings _settings;
    private readonly GatewayIdentity _self;
    private readonly LoopClock _clock;
    private readonly IStoreInput _store;
    private readonly ILinkConnection _connection;
    private readonly ILinkTelemetry _telemetry;
    private readonly ILogger _logger;
    private readonly Backoff _backoff;
    private readonly OutgoingQueues _queues = new();
    private readonly RoomLine _roomLine = new();
    private readonly PeerAddresses _addresses = new();
    private readonly LinkLiveness _liveness;
    private readonly LinkArrivals _arrivals;
    private readonly LinkPace _pace = new();
    private readonly PeerClock _peerClock;
    private readonly ConnectionTally _tally = new();
    private GatewayIdentity? _peer;
    private LinkLimits _peerLimits;
    private TimeSpan _lastWait;
    private TimeSpan _lastAttempt;
    private TimeSpan _nextAttempt;
    private TimeSpan? _welcomeDue;
    private long _lastHelloUnixMs;
    private readonly LinkQuiet _quiet;
    private LinkEnd? _lastEnd;
    private long _storedBytes;
    private TimeSpan _upSince;
    private TimeSpan _upUntil;

    /// <summary>The peer has said hello on a connection of its own, to this run or an earlier one.</summary>
    private bool _dialsUs;

    public OutgoingLink(
        string peerName,
        LinkSettings settings,
        GatewayIdentity self,
        LoopClock clock,
        IStoreInput store,
        ILinkConnection connection,
        LinkHistory history,
        ILinkTelemetry telemetry,
        Random random,
        ILogger<OutgoingLink> logger)
    {
        PeerName = peerName;
        _settings = settings;
        _peerLimits = settings.Limits;
        _self = self;
        _clock = clock;
        _store = store;
        _connection = connection;
        History = history;
        _telemetry = telemetry;
        _logger = logger;
        _liveness = new LinkLiveness(settings, clock);
        _quiet = new LinkQuiet(clock);
        _arrivals = new LinkArrivals(settings.AckTimeout);
        _peerClock = new PeerClock(settings, clock);
        _backoff = new Backoff(settings.BackoffMin, settings.BackoffMax, random);
        Status = new LinkStatus(peerName, LinkState.Down, LinkCause.None, clock.Now, "", "");
    }

    public string PeerName { get; }

    public LinkStatus Status { get; private set; }

    public LinkHistory History { get; }

    /// <summary>A warning beside the cause; empty if there is none.</summary>
    public string Warning => _peerClock.Warning;

    /// <summary>Messages sent on an ended connection while it is unknown whether they arrived; a limited number of queues.</summary>
    public IReadOnlyList<InDoubt> Doubts => _queues.Doubtful.Take(InDoubtQueuesMax).Select(queue => queue.Doubt).OfType<InDoubt>().ToList();

    /// <summary>The number of queues held in memory.</summary>
    public int Remembered => _queues.Count;

    /// <summary>Messages that the peer acknowledged since the gateway started.</summary>
    public long Delivered { get; private set; }

    /// <summary>Begins to connect, unless the link was paused before, or the peer was seen already.</summary>
    public void Start()
    {
        _addresses.Restore(History.LastAddress);
        if (Status.State == LinkState.Down) Connect();
    }

    /// <summary>
    /// Adds a queue that the store knew at the start of the gateway, with the highest number assigned in it, and how far it may have been
    /// sent, if recorded. Called for each queue before <see cref="Start"/>.
    /// </summary>
    public void AddKnownQueue(QueueId queue, long lastNumber, SentNote? sent, long acknowledged = 0) =>
        Make(queue).SetTail(lastNumber, sent, acknowledged);

    /// <summary>
    /// A message has got its place. It is sent together with others stored with it: at once when they fill a batch, otherwise by
    /// <see cref="SendStored"/>.
    /// </summary>
    public void OnStored(QueueId queue, StoredMessage message)
    {
        var stored = QueueOf(queue);
        stored.OnStored(message);
        if (Status.State == LinkState.Up) _queues.GiveTurn(stored);
        else stored.Note();
        if (FullHere.Length > 0) OnRoomHere();
        _storedBytes += MessageCodec.SizeBytes(message.Message);
        if (_storedBytes >= _settings.BatchBytes) SendStored();
    }

    /// <summary>Sends the stored messages; called when all messages stored together have been reported.</summary>
    public void SendStored()
    {
        if (_storedBytes == 0) return;
        _storedBytes = 0;
        Pump();
    }

    /// <summary>Reads the messages again that were loaded and not sent.</summary>
    public void Reload()
    {
        foreach (var queue in _queues.All)
        {
            queue.Reload();
            if (Status.State == LinkState.Up) _queues.GiveTurn(queue);
        }

        Pump();
    }

    /// <summary>The addresses found by the attempt to connect.</summary>
    public void OnFound(PeerAddress address) => _addresses.OnFound(address);

    public void OnConnected()
    {
        _liveness.Begin();
        _quiet.Begin();
        _arrivals.Begin();
        _pace.Begin();
        _tally.Begin();
        _welcomeDue = _clock.Uptime + _settings.HandshakeTimeout;
        // The hello of an abandoned connection may arrive after this one; even if the clock was set back meanwhile, it must not seem the
        // later one.
        _lastHelloUnixMs = Math.Max(_clock.NowUnixMs, _lastHelloUnixMs + 1);
        Send(new LinkFrame.Hello(_self, PeerName, _settings.Limits, _lastHelloUnixMs) { Known = _known });
    }

    /// <summary>Bytes have arrived on the connection, whole frames or not.</summary>
    public void OnBytes(long count)
    {
        _liveness.OnBytes();
        if (_welcomeDue is not { } due) return;
        // A long welcome on a slow line gets the time that its bytes take, and never more than the whole timeout after the last of them.
        var (longest, extended) = (_clock.Uptime + _settings.HandshakeTimeout, due
            + TimeSpan.FromSeconds((double)count / LinkLiveness.SlowestBytesPerSecond));
        _welcomeDue = extended < longest ? extended : longest;
    }

    public void OnFrame(LinkFrame frame)
    {
        _liveness.OnFrame();
        _quiet.OnReceived();
        switch (frame)
        {
            case LinkFrame.Welcome welcome when Status.State == LinkState.Connecting: OnWelcome(welcome); break;
            case LinkFrame.Refused refused: OnRefused(refused); break;
            case LinkFrame.Positions positions when Status.State == LinkState.Up: OnPositions(positions); break;
            case LinkFrame.Positions positions when _examines: OnExamined(positions); break;
            case LinkFrame.Ack ack when Status.State == LinkState.Up: OnAck(ack); break;
            case LinkFrame.Resend resend when Status.State == LinkState.Up: OnResend(resend); break;
            case LinkFrame.Full full when Status.State == LinkState.Up: OnFull(full); break;
            case LinkFrame.Stalled stalled: OnStalled(stalled); break;
            case LinkFrame.Ping ping when Status.State == LinkState.Up:
                Send(new LinkFrame.Pong(ping.Token, _clock.NowUnixMs)); break;
            case LinkFrame.Pong pong when Status.State == LinkState.Up: OnPong(pong); break;
            // Before the welcome a pong would vouch for nothing, and no heartbeat replaces a welcome.
            case LinkFrame.Ping or LinkFrame.Pong: break;
            case LinkFrame.LastEnd end when Status.State == LinkState.Up: OnLastEnd(end); break;
            case LinkFrame.LastEnd when _examines: break;
            case LinkFrame.Goodbye: Drop(LinkCause.GoingAway, "the peer said goodbye"); break;
            default: Drop(LinkCause.WrongService, $"the peer sent a {frame.GetType().Name}, which does not belong here"); break;
        }
    }

    /// <summary>The peer has just said hello on a connection of its own, so it is reachable now.</summary>
    public void OnPeerSeen(GatewayIdentity peer)
    {
        _dialsUs = _isPeerHere = true;
        // The hello of a former run may arrive late and is no news. Between a store and its replacement, only the clock tells which came
        // first.
        var isLaterRun = _peer is not null && (
            _peer.Precedes(peer) || (_peer.StoreId != peer.StoreId && peer.StartedUnixMs > _peer.StartedUnixMs));
        _runs.OnSeen(peer, _clock.Uptime);
        if (_runs.AreTwo(_clock.Uptime)) OnTwo();
        else if (Status.State == LinkState.Up && isLaterRun) Drop(LinkCause.PeerRestarted, $"the peer said hello with incarnation "
            + $"{peer.Incarnation:N}, started {DateTimeOffset.FromUnixTimeMilliseconds(peer.StartedUnixMs):O}");
        if (Status.State != LinkState.Down || Status.Cause == LinkCause.StoreForked) return;

        // At once, unless an attempt was just made: two sides that cannot agree would otherwise dial each other without a pause.
        var soonest = _lastAttempt + _settings.BackoffMin;
        if (_clock.Uptime >= soonest) Connect();
        else if (soonest < _nextAttempt) _nextAttempt = soonest;
    }

    public void SayGoodbye()
    {
        History.KeepCounted();
        Keep();
        if (Status.State == LinkState.Up) Send(new LinkFrame.Goodbye());
    }

    /// <summary>No message is unacknowledged.</summary>
    public bool IsDrained => _queues.OutstandingMessages == 0;

    private void Connect()
    {
        _lastAttempt = _clock.Uptime;
        _welcomeDue = null;
        // The cause of the last end stays visible until the link is up again.
        Status = Status with { State = LinkState.Connecting };
        _connection.Dial(this);
    }

    private void OnAck(LinkFrame.Ack ack)
    {
        OnStoredThere(ack.Group, ack.Batches);
        if (IsOfForgotten(ack.Queue, ack.Number)) return;
        if (_queues.Find(ack.Queue) is not { } queue || !queue.OnAck(ack.Number, _clock.Uptime, out var acked))
        {
            Drop(LinkCause.WrongService, $"the peer acknowledged number {ack.Number} of queue {ack.Queue}, which was not sent");
            return;
        }

        if (acked.Bytes > 0)
        {
            Delivered += acked.Messages;
            OnStoreAnswers();
            _arrivals.OnAnswered(acked.Place, _clock.Uptime);
            _pace.OnAcknowledged(acked.Bytes, acked.UnderWay, acked.Age);
            OnAnswered(acked.LargestBytes);
            _roomLine.OnTaken(queue);
            GiveTurnToRoomLine();
        }

        _queues.GiveTurn(queue);
        if (Status is { State: LinkState.Up, Cause: LinkCause.PeerRefuses } && !_queues.HasHeld)
            SetStatus(LinkState.Up, LinkCause.None, "the peer takes messages again");
        Pump();
    }

    private void OnResend(LinkFrame.Resend resend)
    {
        if (IsOfForgotten(resend.Queue, resend.Number)) return;
        if (_queues.Find(resend.Queue) is not { } queue || resend.Number > queue.Sent)
        {
            Drop(LinkCause.WrongService, $"the peer asked for queue {resend.Queue} after number {resend.Number}, which was not sent");
            return;
        }

        // Requested before the queue was opened: the opening batch will be answered.
        if (queue.IsOpeningUnanswered) return;
        LogResend(PeerName, resend.Queue, resend.Number);
        OnStoreAnswers();
        OnAnswered();
        queue.SendAgainAfter(resend.Number);
        _queues.GiveTurn(queue);
        Pump();
    }

    private void OnFull(LinkFrame.Full full)
    {
        OnStoredThere(full.Group, full.Batches);
        if (IsOfForgotten(full.Queue, full.Number)) return;
        if (_queues.Find(full.Queue) is not { } queue || full.Number > queue.Sent)
        {
            Drop(LinkCause.WrongService, $"the peer stands at number {full.Number} of queue {full.Queue}, which was not sent");
            return;
        }

        OnStoreAnswers();
        OnAnswered();
        var retryAfter = TimeSpan.FromMilliseconds(full.RetryAfterMs);
        if (full.IsShared)
        {
            _roomLine.OnRefused(queue, full.Number, _clock.Uptime, retryAfter);
        }
        else
        {
            _roomLine.Leave(queue);
            queue.HoldAfter(full.Number, _clock.Uptime + retryAfter);
        }

        SetStatus(LinkState.Up, LinkCause.PeerRefuses, $"the peer has no room for queue {full.Queue}: {full.Text}");
    }

    private void Send(LinkFrame frame)
    {
        _quiet.OnSent();
        _connection.Send(frame);
    }

    /// <summary>Sends what the window allows, from the queues in turn.</summary>
    private void Pump()
    {
        if (Status.State != LinkState.Up) return;
        var window = Math.Min(_peerLimits.WindowBytes, _pace.WindowBytes);
        while (_queues.OutstandingBytes < window
            && _queues.OutstandingMessages < _peerLimits.WindowMessages && _queues.TakeTurn() is { } queue)
        {
            if (queue.IsGone) continue;
            if (queue is { IsOpening: true, Ticket: 0 } && !_roomLine.IsEmpty)
            {
                _roomLine.Join(queue);
                continue;
            }

            var messagesMax = _peerLimits.WindowMessages - (int)_queues.OutstandingMessages;
            var (bytesMax, underWay) = (_pace.BatchBytes(_settings.BatchBytes), (int)_queues.OutstandingBytes);
            if (queue.NextBatch(Past, _clock, bytesMax, messagesMax, _peerLimits, _arrivals, underWay) is not { } batch)
            {
                if (queue.IsAsking && !queue.HasMore && queue.OutstandingMessages == 0) LeaveRoomLine(queue);
                continue;
            }

            _queues.GiveTurn(queue);
            _tally.OnSent();
            Send(batch);
        }
    }

    /// <summary>The queue has nothing to ask for after all, or may not send: the next queue asks.</summary>
    private void LeaveRoomLine(OutgoingQueue queue)
    {
        _roomLine.Leave(queue);
        GiveTurnToRoomLine();
    }

    private void GiveTurnToRoomLine()
    {
        foreach (var queue in _roomLine.TakeTurns(_clock.Uptime)) _queues.GiveTurn(queue);
    }

    /// <inheritdoc/>
    public void OnMore(OutgoingQueue queue)
    {
        if (Status.State != LinkState.Up) return;
        _queues.GiveTurn(queue);
        Pump();
    }

    private OutgoingQueue QueueOf(QueueId id)
    {
        if (_queues.Find(id.LocalName) is { } known) return known;
        var queue = Make(id);
        if (Status.State == LinkState.Up) queue.OpenWhenStored();
        else queue.Suspend();
        return queue;
    }

    private OutgoingQueue Make(QueueId id)
    {
        var queue = new OutgoingQueue(id, _store, _queues, this, _telemetry);
        _queues.Add(queue);
        return queue;
    }
}
