using Gateway.Client.Pacing;
using Gateway.Links.Protocol;
using Gateway.Tcp.Framing;

namespace Gateway.Tcp.Outlets;

/// <summary>
/// One connection of an outlet with the messages on it, in the order of the queue: those that wait, those that are sent, and those that are
/// acknowledged and held back. Pure; owned by its outlet.
/// </summary>
internal sealed class TargetLine : ITarget
{
    /// <summary>A target that sends nothing more gets this time to take what is under way.</summary>
    private static readonly TimeSpan _leaveAfter = TimeSpan.FromSeconds(1);

    /// <summary>A target that was told of the end of a conversation gets this time to end its side too.</summary>
    private static readonly TimeSpan _overAfter = TimeSpan.FromMinutes(1);

    private readonly OutletSettings _settings;
    private readonly ReplyRules _rules;
    private readonly LoopClock _clock;
    private readonly ILineOwner _owner;
    private readonly Backoff _backoff;
    private readonly ITargetConnection _connection;
    private readonly Queue<OutletMessage> _waiting = [];

    /// <summary>Sent, and not acknowledged or answered.</summary>
    private readonly Queue<OutletMessage> _sent = [];

    /// <summary>Acknowledged, until the replay window is over.</summary>
    private readonly Queue<OutletMessage> _held = [];

    /// <summary>Refused by the target, to be sent again.</summary>
    private readonly Queue<OutletMessage> _refused = [];

    /// <summary>Answered, while the outlet makes the answer durable.</summary>
    private int _answering;
    private TimeSpan _retryAt;
    private TimeSpan _retryWait;

    private bool _isOpen;
    private bool _isFinished;
    private bool _isTargetFinished;
    private bool _isToReset;
    private bool _isEnded;
    private bool _isAsked;
    private TimeSpan _leaveAt = TimeSpan.MaxValue;
    private TimeSpan _lastReply;

    /// <summary>Bytes given to the connection, and those of messages not delivered.</summary>
    private long _given;
    private long _underWayBytes;
    private TargetProgress _progress;

    public TargetLine(
        string conversation, OutletSettings settings, ReplyRules rules, LoopClock clock, Random random, ILineOwner owner,
        ITargetDialer dialer)
    {
        Conversation = conversation;
        _settings = settings;
        _rules = rules;
        _clock = clock;
        _owner = owner;
        _backoff = new Backoff(settings.BackoffMin, settings.BackoffMax, random);
        Since = clock.Now;
        LastMove = clock.Uptime;
        _connection = dialer.Dial(settings, new LineEvents(owner, this));
    }

    /// <summary>The conversation it serves; empty if it serves all.</summary>
    public string Conversation { get; }

    /// <summary>The address connected to; empty before.</summary>
    public string Remote { get; private set; } = "";

    public bool IsUp { get; private set; }

    /// <summary>When it was connected, or begun to be.</summary>
    public DateTimeOffset Since { get; private set; }

    /// <summary>When bytes passed last, in the loop's uptime.</summary>
    public TimeSpan LastMove { get; private set; }

    public TimeSpan UpSince { get; private set; }

    /// <summary>That the target takes nothing, with evidence; empty while it does.</summary>
    public string StuckEvidence { get; private set; } = "";

    public long FramesIn { get; private set; }

    public long BytesIn { get; private set; }

    public long FramesOut { get; private set; }

    public long BytesOut => _given;

    /// <summary>Messages sent and not delivered.</summary>
    public int UnderWay => _sent.Count + _held.Count + _refused.Count;

    /// <summary>Nothing waits or is under way, and everything that was is settled.</summary>
    public bool IsEmpty => UnderWay == 0 && _waiting.Count == 0 && _answering == 0;

    private bool IsStream => _settings.Format is FrameFormat.Stream;

    private bool IsReplied => _settings.Delivery == OutletDelivery.Reply;

    /// <summary>Messages may be sent from now on.</summary>
    public void Open()
    {
        _isOpen = true;
        Pump();
    }

    public void Add(OutletMessage message)
    {
        _waiting.Enqueue(message);
        Pump();
    }

    /// <summary>Resets the connection once all that was given to it is delivered.</summary>
    public void ResetAfterAll()
    {
        _isToReset = true;
        Pump();
    }

    /// <summary>A message that was answered, or refused for good, is settled.</summary>
    public void OnSettled()
    {
        _answering--;
        Pump();
    }

    /// <summary>Frames of so many bytes are dealt with.</summary>
    public void Take(int bytes)
    {
        if (!_isEnded) _connection.Take(bytes);
    }

    /// <summary>
    /// Sends nothing more: the gateway or the outlet stops. What is held back stays so until its time, if the stop has that long. Returns
    /// what was not sent.
    /// </summary>
    public IReadOnlyList<OutletMessage> Close()
    {
        _isOpen = false;
        IReadOnlyList<OutletMessage> left = [.. _refused, .. _waiting];
        _refused.Clear();
        _waiting.Clear();
        return left;
    }

    /// <summary>Ends the connection. Returns what was not delivered.</summary>
    public IReadOnlyList<OutletMessage> HangUp(bool isReset = false)
    {
        _isEnded = true;
        IsUp = false;
        _connection.HangUp(isReset);
        return Left();
    }

    /// <summary>The time of the next scheduled tick, in the loop's uptime.</summary>
    public TimeSpan NextTick
    {
        get
        {
            if (_isEnded) return TimeSpan.MaxValue;
            var next = LeaveDue;
            if (_held.TryPeek(out var held)) next = Earlier(next, held.At + _settings.ReplayWindow);
            if (_refused.Count > 0 && _sent.Count == 0) next = Earlier(next, _retryAt);
            if (IsReplied && _sent.TryPeek(out var unanswered)) next = Earlier(next, ReplyDue(unanswered));
            if (IsBehind && !_isAsked) next = Earlier(next, LastMove + _settings.StuckTold);
            if (IsUp && IsEmpty && _settings.IdleTimeout > TimeSpan.Zero && _settings.IsPerConversation)
                next = Earlier(next, LastMove + _settings.IdleTimeout);
            return next;
        }
    }

    /// <summary>Nothing has moved for the configured time.</summary>
    public bool IsIdle => IsUp && IsEmpty && _settings.IdleTimeout > TimeSpan.Zero && _clock.Uptime >= LastMove + _settings.IdleTimeout;

    public void Tick()
    {
        if (_isEnded) return;
        var now = _clock.Uptime;
        while (_held.TryPeek(out var held) && now >= held.At + _settings.ReplayWindow) Deliver(_held.Dequeue());
        if (IsBehind && !_isAsked && now >= LastMove + _settings.StuckTold)
        {
            _isAsked = true;
            _connection.Examine();
        }

        if (IsReplied && _sent.TryPeek(out var unanswered) && now >= ReplyDue(unanswered)) Lose(LinkCause.PeerStuck,
            $"{Remote} sent no reply to message {unanswered.Delivery.Stored.Message.Id} within {Figures.Span(_settings.ReplyTimeout)}");
        else if (now >= LeaveDue) Leave();
        else Pump();
    }

    void ITarget.OnConnected(string remote, TargetProgram? program)
    {
        (Remote, IsUp, Since, UpSince, LastMove) = (remote, true, _clock.Now, _clock.Uptime, _clock.Uptime);
        _owner.OnUp(this, remote, program);
    }

    void ITarget.OnProgress(TargetProgress progress)
    {
        if (progress != _progress) Move();
        _progress = progress;
        Settle();
        if (_leaveAt != TimeSpan.MaxValue && !IsBehind && !_isFinished) Leave();
        else Pump();
    }

    void ITarget.OnFrames(IReadOnlyList<ReadOnlyMemory<byte>> frames)
    {
        Move();
        foreach (var frame in frames)
        {
            if (_isEnded) return;
            FramesIn++;
            BytesIn += frame.Length;
            OnFrame(frame);
        }

        Pump();
    }

    void ITarget.OnFinished()
    {
        LastMove = _clock.Uptime;
        _isTargetFinished = true;
        if (IsStream) _owner.OnTargetFinished(this);
        else if (_isFinished && IsEmpty) End();
        else if (!_isFinished && (IsReplied || !IsBehind)) Leave();
        else _leaveAt = _clock.Uptime + _leaveAfter;
    }

    void ITarget.OnExamined(TargetProgram? program, string evidence)
    {
        if (!IsBehind) return;
        var waiting = _given - _progress.Acknowledged;
        StuckEvidence = $"{Remote} has taken nothing for {Figures.Span(_clock.Uptime - LastMove)}, and {Figures.Counted(waiting, "byte")} "
            + $"wait for it{(evidence.Length == 0 ? "" : $": {evidence}")}";
        _owner.OnStuck(this, StuckEvidence);
    }

    void ITarget.OnLost(TargetEnd end)
    {
        _isEnded = true;
        IsUp = false;
        _progress = end.Progress;
        Settle();
        _owner.OnEnded(this, end, Left());
    }

    /// <summary>Bytes were given to the connection and are not acknowledged.</summary>
    private bool IsBehind => _progress.Acknowledged < _given;

    private void Move()
    {
        LastMove = _clock.Uptime;
        _isAsked = false;
        if (StuckEvidence.Length == 0) return;
        StuckEvidence = "";
        _owner.OnMoving(this);
    }

    private void Pump()
    {
        while (_isOpen && IsUp && _leaveAt == TimeSpan.MaxValue && Next() is { } message) Send(message);
        if (_isToReset && _isOpen && IsUp && IsEmpty) _owner.OnOver(this, HangUp(isReset: true));
    }

    private OutletMessage? Next()
    {
        if (IsReplied && _refused.Count > 0)
            return _sent.Count == 0 && _clock.Uptime >= _retryAt ? _refused.Dequeue() : null;
        if (!_waiting.TryPeek(out var next)) return null;
        // An end is completed at once, and must not be before the frames that it ends.
        if (IsReplied && (_sent.Count >= _settings.UnansweredMax || (next.Body.IsEmpty && _sent.Count + _answering > 0))) return null;
        if (_underWayBytes > 0 && _underWayBytes + next.Body.Length > _settings.WindowBytes) return null;
        if (next.Event == TcpNames.WasReset && UnderWay > 0) return null;
        return _waiting.Dequeue();
    }

    private void Send(OutletMessage message)
    {
        if (!IsBehind) LastMove = _clock.Uptime;
        _given += message.Body.Length;
        _underWayBytes += message.Body.Length;
        (message.End, message.At) = (_given, _clock.Uptime);
        switch (message.Event)
        {
            case TcpNames.Finished:
                _isFinished = true;
                _connection.Finish();
                break;
            case TcpNames.WasReset:
                // First of all, since a completed message makes room for others, which must not come to this line any more.
                _owner.OnOver(this, HangUp(isReset: true));
                Deliver(message);
                return;
            default:
                if (message.Body.IsEmpty) break;
                FramesOut++;
                _connection.Write(message.Body);
                _owner.OnSent(this, message);
                break;
        }

        if (IsReplied && message.Body.IsEmpty) Deliver(message);
        else _sent.Enqueue(message);
        if (message.Body.IsEmpty) Settle();
    }

    private void Settle()
    {
        if (IsReplied) return;
        var upTo = _settings.Delivery == OutletDelivery.Written ? _progress.Written : _progress.Acknowledged;
        while (_sent.TryPeek(out var message) && message.End <= upTo)
        {
            _sent.Dequeue();
            if (!IsStream && _settings.ReplayWindow > TimeSpan.Zero)
            {
                message.At = _clock.Uptime;
                _held.Enqueue(message);
            }
            else
            {
                Deliver(message);
            }
        }
    }

    private void Deliver(OutletMessage message)
    {
        _underWayBytes -= message.Body.Length;
        _owner.OnDelivered(this, message);
        if (_isFinished && message.Event == TcpNames.Finished && !_isEnded && !IsStream)
            _leaveAt = _clock.Uptime + (_isTargetFinished ? TimeSpan.Zero : _overAfter);
    }

    private void OnFrame(ReadOnlyMemory<byte> frame)
    {
        var verdict = IsReplied && _sent.Count > 0 ? _rules.Judge(frame.Span) : ReplyVerdict.NoReply;
        _lastReply = _clock.Uptime;
        switch (verdict)
        {
            case ReplyVerdict.Accepted:
                var answered = _sent.Dequeue();
                _underWayBytes -= answered.Body.Length;
                _retryWait = TimeSpan.Zero;
                _answering++;
                _owner.OnFrame(this, frame, answered);
                break;
            case ReplyVerdict.Refused:
                Refuse(_sent.Dequeue(), frame);
                break;
            default:
                _owner.OnFrame(this, frame, null);
                break;
        }
    }

    private void Refuse(OutletMessage message, ReadOnlyMemory<byte> frame)
    {
        _underWayBytes -= message.Body.Length;
        message.Refusals++;
        var isFinal = message.Refusals >= _settings.AttemptsMax;
        if (isFinal)
        {
            _answering++;
        }
        else
        {
            _retryWait = _backoff.Next(_retryWait);
            _retryAt = _clock.Uptime + _retryWait;
            _refused.Enqueue(message);
        }

        _owner.OnRefused(this, message, frame, isFinal);
    }

    /// <summary>The target has closed its side: it is gone, or on its way.</summary>
    private void Leave()
    {
        if (_isFinished) End();
        else Lose(LinkCause.ClosedByPeer, $"{Remote} closed the connection");
    }

    private void End() => _owner.OnOver(this, HangUp());

    private void Lose(LinkCause cause, string evidence)
    {
        var left = HangUp(isReset: cause == LinkCause.PeerStuck);
        // The last figure is not known here: the target may have had all that was sent.
        _owner.OnEnded(this, new TargetEnd(cause, evidence, _progress with { Acknowledged = _given }, null), left);
    }

    private TimeSpan ReplyDue(OutletMessage unanswered) =>
        (unanswered.At > _lastReply ? unanswered.At : _lastReply) + _settings.ReplyTimeout;

    /// <summary>Hands back what is not delivered, once.</summary>
    private List<OutletMessage> Left()
    {
        List<OutletMessage> left = [.. _held.Concat(_refused).Concat(_sent).Concat(_waiting).OrderBy(message => message.Number)];
        foreach (var messages in new[] { _held, _refused, _sent, _waiting }) messages.Clear();
        return left;
    }

    /// <summary>
    /// When the connection is left that the target has finished. One that both sides have finished is left once nothing is held back.
    /// </summary>
    private TimeSpan LeaveDue => _isFinished && _held.Count > 0 && !IsBehind ? TimeSpan.MaxValue : _leaveAt;

    private static TimeSpan Earlier(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
