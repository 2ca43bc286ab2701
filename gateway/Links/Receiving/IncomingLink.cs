using Gateway.Links.Causes;
using Gateway.Links.Fleet;
using Gateway.Links.Protocol;
using Gateway.Store;
using Gateway.Store.Commands;
using Gateway.Store.Messages;
using Microsoft.Extensions.Logging;

namespace Gateway.Links.Receiving;

/// <summary>
/// The accepting side of one connection from a peer: answers its hello, reports the stored positions of its queues, stores its batches, and
/// acknowledges them once durable. It tracks only queues with something under way; the store knows the positions of the others. A pure
/// state machine, owned by the loop.
/// </summary>
internal sealed partial class IncomingLink(
    LinkSettings settings,
    GatewayIdentity self,
    IReadOnlySet<string> peers,
    LoopClock clock,
    IStoreInput store,
    ILinkOutput output,
    INextStep next,
    OwnPast past,
    ILinkTelemetry telemetry,
    ILogger<IncomingLink> logger)
{
    private readonly ILogger _logger = logger;
    private readonly IncomingQueues _queues = new();
    private bool _isAsked;
    private readonly LinkLiveness _liveness = new(settings, clock);
    private readonly StoreWait _wait = new(clock, StoreWait.PatienceOf(settings));
    private readonly TimeSpan _opened = clock.Uptime;
    private long _group;
    private long _batches;
    private bool _isWelcomed;
    private IncomingRun? _run;

    /// <summary>The names the other side may speak for; null without TLS, where a hello is believed.</summary>
    public AuthorisedNames? Authorised { get; init; }

    /// <summary>Gets this link when it owes its peer an acknowledgement; <see cref="FlushAcks"/> follows.</summary>
    public ISet<IncomingLink> ToAcknowledge { get; init; } = new HashSet<IncomingLink>();

    /// <summary>The gateway's own state; null for one that does not tell it, whose peers take it for an older version.</summary>
    public ISummarySource? Summaries { get; init; }

    /// <summary>Positions are kept per name of this gateway: a sender has a separate queue, with its own numbers, for each name.</summary>
    private string PositionSuffix { get; } = "@" + self.Name;

    /// <summary>The peer, once its hello was accepted.</summary>
    public GatewayIdentity? Peer => _run?.Peer;

    /// <summary>Nothing more is received or accepted.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>The end of the connection as this side saw it; null while it is open.</summary>
    public LinkEnd? End { get; private set; }

    /// <summary>
    /// The end of the previous connection between the same runs of both gateways, as this side saw it; reported to the peer after the
    /// welcome.
    /// </summary>
    public LinkEnd? EndBefore { get; set; }

    /// <inheritdoc cref="IncomingRun.IsLaterThan"/>
    public bool IsLaterThan(IncomingLink other) => _run is { } here && other._run is { } there && here.IsLaterThan(there);

    /// <summary>This connection is open, and its peer and the other cannot both be genuine.</summary>
    public bool Contradicts(GatewayIdentity other) => !IsClosed && _run is { } here && here.Contradicts(other);

    /// <summary>Refuses this connection: one is already open that contradicts its hello.</summary>
    public void RefuseBeside(GatewayIdentity standing)
    {
        var (code, text) = _run!.RefusalBeside(standing);
        Close(code, text);
    }

    /// <summary>A newer connection of the same peer replaces this one.</summary>
    public void Displace(GatewayIdentity by) =>
        Close(RefusalCode.Displaced, $"incarnation {by.Incarnation:N} of {by.Name} took this place");

    /// <summary>The configuration of the peer was changed: it must be removed, or prove its name again.</summary>
    public void Withdraw(RefusalCode code, string text) => Close(code, text);

    /// <summary>Refuses a hello of another protocol version.</summary>
    public void OnForeignHello(int version) =>
        Close(RefusalCode.Version, $"{self.Name} speaks version {LinkCodec.Version} of the protocol between gateways, the hello "
            + $"was of version {version}");

    public void OnBadFrame() => Close(RefusalCode.Protocol, "a frame could not be read");

    /// <summary>Bytes have arrived on the connection, whole frames or not.</summary>
    public void OnBytes() => _liveness.OnBytes();

    public void OnFrame(LinkFrame frame)
    {
        _liveness.OnFrame();
        switch (frame)
        {
            case LinkFrame.Hello hello when Peer is null: OnHello(hello); break;
            case LinkFrame.Ask ask when _isWelcomed: OnAsk(ask); break;
            case LinkFrame.Batch batch when _isWelcomed: OnBatch(batch); break;
            case LinkFrame.Ping { Token: LinkFrame.Ping.AsksForSummary } when _isWelcomed && Summaries is { } summaries:
                summaries.Ask(Peer!.Name, Tell);
                break;
            // Before the welcome a pong would vouch for nothing.
            case LinkFrame.Ping ping when _isWelcomed: output.Send(new LinkFrame.Pong(ping.Token, clock.NowUnixMs)); break;
            case LinkFrame.Pong when _isWelcomed: break;
            case LinkFrame.LastEnd end when _isWelcomed: LogLastEnd(Peer!.Name, end.Cause, end.Text); break;
            case LinkFrame.Goodbye: EndAs(LinkCause.GoingAway, "the peer said goodbye"); break;
            default: Close(RefusalCode.Protocol, $"a {frame.GetType().Name} does not belong here"); break;
        }
    }

    /// <summary>The connection ended. A cause given by an earlier frame takes precedence.</summary>
    public void OnLost(LinkCause cause, string evidence)
    {
        if (!IsClosed) EndAs(cause, evidence);
    }

    /// <summary>The number of queues held in memory.</summary>
    public int Remembered => _queues.Count;

    /// <summary>Sends one acknowledgement per queue for everything that has become durable.</summary>
    public void FlushAcks()
    {
        foreach (var queue in _queues.ToAcknowledge)
        {
            if (!IsClosed) output.Send(AckOf(queue));
        }

        _queues.OnAcknowledged();
    }

    /// <summary>The time of the next scheduled tick, in the loop's uptime; a closed link is due at once, to be forgotten.</summary>
    public TimeSpan NextTick
    {
        get
        {
            if (IsClosed) return TimeSpan.Zero;
            var next = _isWelcomed && NextPing < _liveness.DeadAt ? NextPing : _liveness.DeadAt;
            return _wait.Due < next ? _wait.Due : next;
        }
    }

    /// <summary>The dialing side pings by itself and gets the chance to be first, so there is one ping at a time, not two.</summary>
    private TimeSpan NextPing => _liveness.NextQuestion(settings.HeartbeatInterval * 1.25);

    public void Tick()
    {
        if (_liveness.IsDead)
        {
            // A peer that was merely suspended learns on waking why its frames are ignored.
            Close(RefusalCode.Silent, $"nothing heard for {Figures.Span(_liveness.Silence)}");
            return;
        }

        if (!IsClosed && _wait.Take() is { } stalledFor)
            output.Send(new LinkFrame.Stalled((int)Math.Min(stalledFor.TotalMilliseconds, int.MaxValue)));
        if (_isWelcomed && clock.Uptime >= NextPing)
        {
            _liveness.OnAsked();
            output.Send(new LinkFrame.Ping(0));
        }
    }

    public void SayGoodbye()
    {
        if (!IsClosed) output.Send(new LinkFrame.Goodbye());
    }

    private void OnHello(LinkFrame.Hello hello)
    {
        if (PeerProof.FindFault(Authorised, hello.From.Name, peers.Contains(hello.From.Name), hello.To, self.Name) is var (code, text))
        {
            Close(code, text);
            return;
        }

        var run = _run = new IncomingRun(hello.From, hello.ClockUnixMs, store);
        // The commands of a former connection execute before those of this one.
        _wait.OnAsked();
        store.Submit(new ReadHistoryCommand(hello.From.StoreId, hello.Known, found =>
        {
            _wait.OnAnswered();
            Welcome(run, found, hello.Known);
        }));
    }

    /// <param name="known">The peer's knowledge of this store, from its hello.</param>
    private void Welcome(IncomingRun run, ReadHistoryCommand found, HistoryPoint? known)
    {
        if (IsClosed) return;
        if (run.Recognise(found.Known) is { } refusal)
        {
            Close(RefusalCode.Forked, refusal);
            return;
        }

        _isWelcomed = true;
        var peer = run.Peer;
        LogAccepted(peer.Name, peer.Incarnation);
        if (found.Known is { } former && former.Name != peer.Name) LogRenamed(peer.Name, peer.StoreId, former.Name);
        output.Send(new LinkFrame.Welcome(self, settings.Limits, clock.NowUnixMs)
        { Known = found.Known, Past = PastVerdicts.Of(self, past, known, found), Group = found.LastGroup, Batches = found.Batches });
        if (EndBefore is { } end) output.Send(new LinkFrame.LastEnd(end.Cause, end.At.ToUnixTimeMilliseconds(), end.Evidence));
    }

    private void Tell(GatewaySummary summary)
    {
        if (!IsClosed) output.Send(new LinkFrame.Summary(SummaryCodec.Encode(summary)));
    }

    private void OnAsk(LinkFrame.Ask ask)
    {
        if (_isAsked)
        {
            Close(RefusalCode.Protocol, "a question came before the answer to the one before it");
            return;
        }

        _isAsked = true;
        _wait.OnAsked();
        store.Submit(new ReadPositionsCommand(Peer!.StoreId, [.. ask.Queues.Select(queue => queue + PositionSuffix)], positions =>
        {
            _isAsked = false;
            _wait.OnAnswered();
            if (!IsClosed)
                output.Send(new LinkFrame.Positions([.. ask.Queues.Zip(positions, (queue, here) =>
                    new QueuePosition(queue, here.Number, here.Check))]));
        }));
    }

    private void OnBatch(LinkFrame.Batch batch)
    {
        var size = batch.Messages.Sum(item => LinkCodec.BatchItemBytes(item.Message));
        if (!IsWithinLimits(batch, size)) return;

        // A batch of a queue unknown here is believed; the store compares it with its position.
        var queue = _queues.Find(batch.Queue) ?? _queues.Begin(batch.Queue, batch.Previous);
        if (batch.Opens)
        {
            // Anything this side waited for in the queue has left it at the sender.
            _queues.Resume(queue);
            queue.Submitted = batch.Previous;
            queue.Opening = new QueueOpening();
            queue.IsForeign = false;
        }
        else if (queue.IsForeign)
        {
            // Its numbers stand for other messages than those stored here, so none of them is a duplicate.
            output.Send(new LinkFrame.Positions([new QueuePosition(batch.Queue, queue.Durable, queue.DurableCheck)]));
            return;
        }
        else if (batch.Messages[^1].Number <= queue.Submitted)
        {
            // Already known; the sender may have missed the acknowledgement. Messages not durable yet are acknowledged once they are.
            if (batch.Messages[^1].Number <= queue.Durable) output.Send(AckOf(queue));
            return;
        }
        else if (batch.Previous != queue.Submitted)
        {
            // Nothing after the gap can be stored either; one request is enough until the sender restarts from there.
            if (!queue.AwaitsResend) output.Send(new LinkFrame.Resend(batch.Queue, queue.Submitted));
            _queues.AwaitResend(queue);
            return;
        }

        _queues.Resume(queue);
        queue.Submitted = batch.Messages[^1].Number;
        queue.UnderWay++;
        _queues.CountBytes(queue, size);
        var round = queue.Round;
        var receivedAt = clock.Now;
        _run!.Keep();
        _wait.OnAsked();
        store.Submit(new StoreInboundCommand(Peer!.StoreId, batch.Queue, batch.Previous, FromPeer(batch.Messages), done =>
        {
            (_group, _batches) = (Math.Max(_group, done.Group), Math.Max(_batches, done.Batches));
            queue.UnderWay--;
            _wait.OnAnswered();
            if (queue.Round == round) _queues.CountBytes(queue, -size);
            OnStored(done, queue, isStale: queue.Round != round);
            telemetry.Arrived(Peer.Name, done.Placed, receivedAt);
            next.OnStored(done.Placed);
        })
        {
            Opens = batch.Opens,
            PreviousCheck = batch.PreviousCheck,
            Opening = queue.Opening,
            SenderGroup = batch.Group,
            Suffix = PositionSuffix,
        });
    }

    /// <summary>
    /// A peer speaks for itself alone: whatever source its messages name, here it is the name that it has proved. A gateway that was
    /// renamed sends some that were accepted under its former name.
    /// </summary>
    private IReadOnlyList<NumberedMessage> FromPeer(IReadOnlyList<NumberedMessage> messages) =>
        messages.All(item => item.Message.Source == Peer!.Name)
            ? messages
            : messages.Select(item => item with { Message = item.Message with { Source = Peer!.Name } }).ToList();

    private LinkFrame.Ack AckOf(IncomingQueue queue) => new(queue.Name, queue.Durable) { Group = _group, Batches = _batches };

    private bool IsWithinLimits(LinkFrame.Batch batch, int size)
    {
        // The sender may exceed its window by its last batch, not by more.
        if (_queues.BytesUnderWay <= settings.Limits.WindowBytes
            && batch.Messages.All(item => settings.Limits.FindFault(item.Message) is null)) return true;
        Close(RefusalCode.Protocol, $"a batch of {Figures.Counted(size, "byte")} breaks the limits of the welcome");
        return false;
    }

    /// <param name="isStale">The sender has since been told to go back, and this batch was sent before that.</param>
    private void OnStored(StoreInboundCommand done, IncomingQueue queue, bool isStale)
    {
        (queue.Durable, queue.DurableCheck) = (done.Position, done.Check);
        if (done.IsForeign)
        {
            queue.Submitted = done.Position;
            queue.IsForeign = true;
            _queues.AwaitResend(queue);
            _queues.BeginRound(queue);
            if (!isStale && !IsClosed) output.Send(new LinkFrame.Positions([new QueuePosition(done.Queue, done.Position, done.Check)]));
        }
        else if (done.Full is { } full)
        {
            // The batches after it are dropped as after a gap; one answer is enough.
            queue.Submitted = done.Position;
            _queues.AwaitResend(queue);
            if (!queue.IsFull && !IsClosed) output.Send(new LinkFrame.Full(
                done.Queue, done.Position, _queues.RetryAfterMs(full.IsOfQueue), full.Why)
            { Group = _group, Batches = _batches, IsShared = !full.IsOfQueue });
            queue.IsFull = true;
            _queues.BeginRound(queue);
        }
        else if (queue.IsFull)
        {
            // It followed a batch without room and was not stored either.
            queue.Submitted = done.Position;
        }
        else if (done.HasGap && !isStale)
        {
            // Another connection of the same peer has moved the position in the meantime, or the queue was unknown here.
            queue.Submitted = done.Position;
            _queues.AwaitResend(queue);
            _queues.BeginRound(queue);
            if (!IsClosed) output.Send(new LinkFrame.Resend(done.Queue, done.Position));
        }
        else if (!done.HasGap)
        {
            _queues.Acknowledge(queue);
            ToAcknowledge.Add(this);
        }

        _queues.ForgetIdle(queue);
    }

    private void Close(RefusalCode code, string text)
    {
        if (IsClosed) return;
        LogRefused(Peer?.Name ?? "a gateway", code, text);
        output.Send(new LinkFrame.Refused(code, text));
        EndAs(LinkCauses.OfRefusing(code), text);
    }

    private void EndAs(LinkCause cause, string evidence)
    {
        // The peer gave up because this gateway was suspended; back again, it hears of that, and nothing else is to blame.
        var (openFor, lately) = (clock.Uptime - _opened, 2 * settings.DeadAfter);
        var pause = clock.PausedWithin(openFor < lately ? openFor : lately);
        if (pause >= settings.DeadAfter / 2 && cause is LinkCause.None or LinkCause.ResetByPeer or LinkCause.ClosedByPeer)
            (cause, evidence) = (LinkCause.OwnPause, $"this gateway itself stood still for {Figures.Span(pause)}; {evidence}");
        IsClosed = true;
        End = new LinkEnd(clock.Now, cause, evidence);
    }
}
