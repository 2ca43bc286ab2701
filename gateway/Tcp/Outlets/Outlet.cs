using Gateway.Inbox;
using Gateway.Links.Causes;
using Gateway.Links.Protocol;

namespace Gateway.Tcp.Outlets;

/// <summary>
/// Empties one inbound queue into the connections of a program that knows nothing of the gateway. What is not connected holds no messages:
/// they are back in their queue, in their order, for operators to act on. A pure state machine, owned by the loop.
/// </summary>
internal abstract class Outlet : IInnerConsumer, ILineOwner, IOutletRecall
{
    private readonly OutletParts _parts;
    private readonly ReplyRules _rules;
    private readonly ReplyLine _replyLine;
    private readonly TargetMemory _memory;
    private readonly OutletQueue _queue;
    private readonly MisplacedStreams _misplaced;

    /// <summary>Handed out while an event was being handled.</summary>
    private readonly Queue<OutletMessage> _arrived = [];
    private int _depth;

    /// <summary>Replies on their way to the disk, after which their messages are settled.</summary>
    private int _settling;
    private bool _isClosed;

    protected Outlet(OutletSettings settings, OutletParts parts, LinkHistory history)
    {
        Settings = settings;
        _parts = parts;
        _rules = new ReplyRules(settings);
        _memory = new TargetMemory(settings, Counters, parts.Clock, parts.Random);
        _replyLine = new ReplyLine($"outlet {settings.Name}", $"{settings.Queue}@{parts.OwnName}", parts.Intake, parts.Clock);
        Replies = new OutletReplies(settings.Name, _replyLine);
        Standing = new OutletStanding(settings, parts.Clock, history, new OutletLog(parts.Logger));
        Log = new OutletLog(parts.Logger);
        _queue = new OutletQueue(settings, parts, this);
        Untold = new UntoldEnds(Replies, parts.Clock, OnTold);
        _misplaced = new MisplacedStreams(settings, Untold, Standing);
    }

    public OutletSettings Settings { get; }

    public OutletStatus Status => new(
        Settings, Standing.State, Standing.Cause, Standing.Since, Standing.Evidence, Standing.Advice)
    {
        Delivered = Counters.Delivered,
        Bytes = Counters.Bytes,
        UnderWay = Lines.Sum(line => line.UnderWay),
        OpenStreams = OpenStreams,
        OldestOfStreams = OldestOfStreams is { } oldest
            ? DateTimeOffset.FromUnixTimeMilliseconds(oldest.Delivery.Stored.Message.EnqueuedUnixMs) : null,
        SentAgain = Counters.SentAgain,
        PossiblySeenTwice = Counters.PossiblySeenTwice,
        Refused = Counters.Refused,
        Replies = Counters.Replies,
        ReplyBytes = Counters.ReplyBytes,
        Unclaimed = _replyLine.Unclaimed,
        Fruitless = _memory.Fruitless,
        Program = State == LinkState.Up ? _memory.Program?.ToString() ?? "" : "",
        Connections =
            [.. Lines.Where(line => line.IsUp).OrderByDescending(line => line.Since).Take(InletStatus.ConversationsMax).Select(Describe)],
        Open = Lines.Count(line => line.IsUp),
        History = Standing.History.Changes,
    };

    /// <summary>The time of the next scheduled tick, in the loop's uptime.</summary>
    public TimeSpan NextTick
    {
        get
        {
            var next = _replyLine.NextTick;
            foreach (var line in Lines) next = Earlier(next, line.NextTick);
            return _isClosed ? next : Earlier(Earlier(next, Untold.NextTick), Earlier(NextDial, NextLook));
        }
    }

    /// <summary>Nothing that was sent is in doubt, and nothing that a target has sent waits to become durable.</summary>
    public bool IsDrained => _settling == 0 && _queue.IsSettled && _replyLine.IsEmpty && Lines.All(line => line.IsEmpty);

    public LinkState State => Standing.State;

    protected OutletStanding Standing { get; }

    protected OutletCounters Counters { get; } = new();

    protected OutletReplies Replies { get; }

    /// <summary>Streams that are over here, and whose inlets may not know it yet.</summary>
    protected UntoldEnds Untold { get; }

    protected OutletLog Log { get; }

    protected LoopClock Clock => _parts.Clock;

    /// <summary>The messages that were taken, and those set aside.</summary>
    protected OutletQueue Queue => _queue;

    /// <inheritdoc/>
    public virtual (int Messages, long Bytes) SentMax => (int.MaxValue, long.MaxValue);

    /// <summary>When the target is dialed again; <see cref="TimeSpan.MaxValue"/> while that is not intended.</summary>
    protected TimeSpan NextDial { get; set; } = TimeSpan.MaxValue;

    /// <summary>The time of the next tick for another reason than those of the connections; only while the outlet takes messages.</summary>
    protected virtual TimeSpan NextLook => TimeSpan.MaxValue;

    /// <summary>All connections, and attempts to make them.</summary>
    protected abstract IEnumerable<TargetLine> Lines { get; }

    /// <inheritdoc cref="OutletStatus.OpenStreams"/>
    protected virtual int OpenStreams => 0;

    /// <inheritdoc cref="OutletStatus.OldestOfStreams"/>
    protected virtual OutletMessage? OldestOfStreams => null;

    /// <summary>Messages can be dealt with at the moment; otherwise they stay in their queue.</summary>
    protected abstract bool MayTake { get; }

    /// <summary>The bytes that all lines together may hold.</summary>
    protected abstract long HeldBytesMax { get; }

    /// <summary>Begins: the target is dialed when there is a reason.</summary>
    public abstract void Start();

    public virtual void Tick()
    {
        _replyLine.Tick();
        Untold.Tick();
        foreach (var line in Lines.ToList()) line.Tick();
        Refill();
    }

    /// <summary>
    /// Takes no more messages. What was sent is still delivered, as far as that is possible, until <see cref="IsDrained"/>; what was not
    /// sent goes back to its queue.
    /// </summary>
    public virtual void Close()
    {
        if (_isClosed) return;
        _isClosed = true;
        foreach (var line in Lines.ToList()) Release(line.Close());
    }

    /// <summary>Ends all connections, and puts back what is not delivered; says of how much of it the target may have had.</summary>
    public void Stop()
    {
        Close();
        var sent = Lines.ToList().Sum(line => line.HangUp().Count(message => message is { End: not null, Body.IsEmpty: false }));
        if (sent > 0) Log.LeftInDoubt(Settings.Name, Settings.Target, Figures.Counted(sent, "message"), Settings.Queue);
        _queue.Close();
        Standing.History.KeepCounted();
    }

    void IInnerConsumer.OnDelivered(InnerDelivery delivery)
    {
        _arrived.Enqueue(_queue.Take(delivery));
        if (_depth > 0) return;
        Enter();
        Leave();
    }

    void IOutletRecall.OnRecalled(IReadOnlyList<OutletMessage> messages)
    {
        foreach (var message in messages) _arrived.Enqueue(message);
        Enter();
        Leave();
    }

    /// <summary>
    /// An event begins. A message that is settled makes room, and the next one is handed out at once; it waits until the event is over, so
    /// that no conversation changes while it is being dealt with.
    /// </summary>
    public void Enter() => _depth++;

    /// <summary>The event is over.</summary>
    public void Leave()
    {
        while (_depth == 1 && _arrived.TryDequeue(out var message))
        {
            if (_isClosed || !MayTake)
            {
                Release([message]);
                continue;
            }

            if (_misplaced.Has(message)) Refuse(message);
            else OnTaken(message);
            Refill();
        }

        if (_depth == 1) OnEventOver();
        _depth--;
    }

    /// <summary>The outermost event is over, and everything that was handed out is dealt with.</summary>
    protected virtual void OnEventOver()
    {
    }

    public abstract void OnUp(TargetLine line, string remote, TargetProgram? program);

    public virtual void OnDelivered(TargetLine line, OutletMessage message)
    {
        if (!message.Body.IsEmpty)
        {
            Counters.Delivered++;
            Counters.Bytes += message.Body.Length;
        }

        _memory.OnDelivered(line, message);
        Complete(message);
        if (Standing is { State: LinkState.Up, Cause: LinkCause.PeerRefuses })
            Standing.Set(LinkState.Up, LinkCause.None, "the target takes messages again");
    }

    public void OnFrame(TargetLine line, ReadOnlyMemory<byte> frame, OutletMessage? answered)
    {
        Counters.Replies++;
        Counters.ReplyBytes += frame.Length;
        if (answered is null)
        {
            SendBack(line, frame);
            return;
        }

        if (answered is not { IsAnsweredThere: true, ReplyTo: { } to })
        {
            line.Take(frame.Length);
            OnDelivered(line, answered);
            line.OnSettled();
            return;
        }

        // The reply is durable before the message is gone: after a crash in between the message is sent, and answered, again.
        _settling++;
        Replies.Add(to, frame, answered, () =>
        {
            Enter();
            _settling--;
            line.Take(frame.Length);
            OnDelivered(line, answered);
            line.OnSettled();
            Refill();
            Leave();
        });
    }

    public void OnRefused(TargetLine line, OutletMessage message, ReadOnlyMemory<byte> frame, bool isFinal)
    {
        Counters.Refused++;
        var reply = ReplyRules.Show(frame.Span);
        var id = message.Delivery.Stored.Message.Id;
        Standing.Set(LinkState.Up, LinkCause.PeerRefuses,
            $"the target has refused message {id} {Figures.Times(message.Refusals)} of {Settings.AttemptsMax}: {reply}");
        if (!isFinal)
        {
            line.Take(frame.Length);
            return;
        }

        Log.Refused(Settings.Name, id.ToString(), reply);
        if (message is not { IsAnsweredThere: true, ReplyTo: { } to })
        {
            line.Take(frame.Length);
            Reject(message, $"the target refused it {Figures.Times(message.Refusals)}: {reply}");
            line.OnSettled();
            return;
        }

        _settling++;
        Replies.Add(to, frame, message, () =>
        {
            Enter();
            _settling--;
            line.Take(frame.Length);
            Reject(message, $"the target refused it {Figures.Times(message.Refusals)}: {reply}");
            line.OnSettled();
            Leave();
        });
    }

    public virtual void OnSent(TargetLine line, OutletMessage message) => _memory.OnSent(message);

    public abstract void OnTargetFinished(TargetLine line);

    public abstract void OnHole(TargetLine line, string evidence, IReadOnlyList<OutletMessage> left);

    public void OnStray(TargetLine line, OutletMessage message, string why)
    {
        if (message.Body.IsEmpty) Complete(message);
        else Reject(message, why);
    }

    public void OnStuck(TargetLine line, string evidence) => Standing.Set(LinkState.Up, LinkCause.PeerStuck, evidence);

    public void OnMoving(TargetLine line)
    {
        if (Lines.FirstOrDefault(other => other.StuckEvidence.Length > 0) is { } stuck) OnStuck(stuck, stuck.StuckEvidence);
        else if (Standing is { State: LinkState.Up, Cause: LinkCause.PeerStuck })
            Standing.Set(LinkState.Up, LinkCause.None, "the target takes bytes again");
    }

    public abstract void OnOver(TargetLine line, IReadOnlyList<OutletMessage> left);

    public abstract void OnEnded(TargetLine line, TargetEnd end, IReadOnlyList<OutletMessage> left);

    /// <summary>Deals with a message that was handed out.</summary>
    protected abstract void OnTaken(OutletMessage message);

    /// <summary>A frame that answers nothing goes back to the inlet.</summary>
    protected virtual void SendBack(TargetLine line, ReadOnlyMemory<byte> frame) =>
        Replies.Add(AddressOf(line), frame, null, () => line.Take(frame.Length));

    /// <summary>Where a frame goes that answers nothing; null if that is not known.</summary>
    protected abstract ReplyAddress? AddressOf(TargetLine line);

    protected TargetLine Dial(string conversation)
    {
        Invariant.Require(!_isClosed, "an outlet that stops dials no more");
        return new TargetLine(conversation, Settings, _rules, Clock, _parts.Random, this, _parts.Dialer, _memory.IsCareful);
    }

    protected bool IsClosed => _isClosed;

    /// <summary>Asks for messages as long as there is room for them.</summary>
    protected void Refill()
    {
        if (!_isClosed && MayTake) _queue.AskForMore(HeldBytesMax);
    }

    /// <summary>The message is done.</summary>
    protected void Complete(OutletMessage message)
    {
        _queue.Complete(message);
        Refill();
    }

    protected void Reject(OutletMessage message, string why)
    {
        _queue.Reject(message, why);
        Refill();
    }

    /// <summary>The messages go back to their places in the queue.</summary>
    protected void Release(IEnumerable<OutletMessage> messages) => _queue.Release(messages);

    /// <summary>Records the delivery of the message, so that a later run of the gateway knows of it.</summary>
    protected void Record(OutletMessage message, Action recorded) => _queue.Record(message, () =>
    {
        Enter();
        recorded();
        Leave();
    });

    /// <summary>A connection stands: says so, and why there was none before.</summary>
    protected void BeUp(string remote, TargetProgram? program)
    {
        var isNews = Standing.State != LinkState.Up || _memory.IsReplaced(program);
        var (cause, evidence) = _memory.OnUp(program);
        if (isNews) Standing.Set(LinkState.Up, cause, evidence.Length == 0 ? $"connected to {remote}" : evidence,
            change => change with { Address = remote });
    }

    /// <summary>A connection has ended, or could not be made, and no other stands.</summary>
    protected void BeDown(TargetLine line, TargetEnd end, IReadOnlyList<InDoubt> doubt) =>
        Standing.Set(LinkState.Down, end.Cause, end.Evidence, change => line.Remote.Length == 0 ? change : change with
        {
            UpSeconds = (Clock.Uptime - line.UpSince).TotalSeconds,
            QuietSeconds = (Clock.Uptime - line.LastMove).TotalSeconds,
            InDoubt = doubt,
        });

    /// <summary>A connection has ended, or could not be made. Returns when the next attempt may be made.</summary>
    protected TimeSpan RetryAfter(TargetLine line, TargetEnd end) => _memory.RetryAfter(line, end);

    /// <summary>Remembers which messages of an ended connection the target may have had.</summary>
    protected IReadOnlyList<InDoubt> Doubt(IReadOnlyList<OutletMessage> left, TargetEnd end) => _memory.OnEnded(end, left);

    /// <summary>
    /// The beginning of a stream only when the inlet's gateway will hear how it has ended, and of all that came before: if this one is
    /// killed until then, the next run finds the beginning, and resets the stream.
    /// </summary>
    protected void CompleteEvent(OutletMessage message)
    {
        if (message.Event == TcpNames.Began) Replies.Follow(() => Untold.Complete(message));
        else Complete(message);
    }

    /// <summary>A message of a stream that this outlet cannot write.</summary>
    private void Refuse(OutletMessage message)
    {
        var why = _misplaced.Refuse(message);
        if (message.Event.Length == 0 && !message.Body.IsEmpty) Reject(message, why);
        else CompleteEvent(message);
    }

    private void OnTold(OutletMessage began)
    {
        Enter();
        Complete(began);
        Leave();
    }

    private ConversationStatus Describe(TargetLine line) => new(line.Conversation, line.Remote, line.Since,
        line.StuckEvidence.Length > 0 ? LinkCause.PeerStuck : _replyLine.Obstacle.Length > 0 ? LinkCause.LocalQuota : LinkCause.None,
        line.StuckEvidence.Length > 0 ? line.StuckEvidence : _replyLine.Obstacle)
    {
        FramesIn = line.FramesIn,
        BytesIn = line.BytesIn,
        FramesOut = line.FramesOut,
        BytesOut = line.BytesOut,
    };

    protected static TimeSpan Earlier(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
