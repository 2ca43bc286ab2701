using Gateway.Links.Protocol;
using Gateway.Tcp.Framing;

namespace Gateway.Tcp.Outlets;

/// <summary>
/// One connection of an outlet with the messages on it, which it sends in the order of the queue and delivers. Pure; owned by its outlet.
/// </summary>
internal sealed partial class TargetLine : ITarget
{
    /// <summary>A target that sends nothing more gets this time to take what is under way.</summary>
    private static readonly TimeSpan _leaveAfter = TimeSpan.FromSeconds(1);

    /// <summary>A target that was told of the end of a conversation gets this time to end its side too.</summary>
    private static readonly TimeSpan _overAfter = TimeSpan.FromMinutes(1);

    private readonly OutletSettings _settings;
    private readonly ReplyRules _rules;
    private readonly LoopClock _clock;
    private readonly ILineOwner _owner;
    private readonly ITargetConnection _connection;
    private readonly LineMessages _messages;

    /// <summary>Of a stream, whose connection is never made anew.</summary>
    private readonly StreamPlace _place;

    /// <summary>Answered, while the outlet makes the answer durable.</summary>
    private int _answering;

    private bool _isOpen;
    private bool _isFinished;
    private bool _isTargetFinished;
    private bool _isToReset;
    private bool _isEnded;
    private bool _isAsked;

    /// <summary>The next message is sent only when the one before is delivered; until one is because its replay window is over.</summary>
    private bool _isCareful;
    private TimeSpan _leaveAt = TimeSpan.MaxValue;
    private TimeSpan _lastReply;

    /// <summary>Bytes given to the connection.</summary>
    private long _given;
    private TargetProgress _progress;

    public TargetLine(
        string conversation, OutletSettings settings, ReplyRules rules, LoopClock clock, Random random, ILineOwner owner,
        ITargetDialer dialer, bool isCareful)
    {
        Conversation = conversation;
        _place = new StreamPlace(conversation);
        _settings = settings;
        _rules = rules;
        _clock = clock;
        _owner = owner;
        _isCareful = isCareful;
        _messages = new LineMessages(settings, clock, random);
        Since = clock.Now;
        LastMove = clock.Uptime;
        _connection = dialer.Dial(settings, new LineEvents(owner, this));
    }

    /// <summary>The conversation it serves; empty if it serves all.</summary>
    public string Conversation { get; }

    /// <summary>The address connected to; empty before.</summary>
    public string Remote { get; private set; } = "";

    public bool IsUp { get; private set; }

    /// <summary>The target has closed its side, and the connection ends.</summary>
    public bool IsLeft { get; private set; }

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
    public int UnderWay => _messages.UnderWay;

    /// <summary>The oldest message on it that is not delivered; null if there is none.</summary>
    public OutletMessage? Oldest => _messages.Oldest;

    /// <summary>Nothing waits or is under way, and everything that was is settled.</summary>
    public bool IsEmpty => _messages.IsEmpty && _answering == 0;

    /// <summary>More messages would be sent at once, or soon.</summary>
    public bool WantsMore => IsUp && _isOpen && _messages.Waiting is null && _messages.MayBeSent(1, _owner.SentMax);

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
        _messages.Add(message);
        Pump();
    }

    /// <summary>Takes back what is not sent.</summary>
    public IReadOnlyList<OutletMessage> TakeWaiting() => _messages.TakeAllWaiting();

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

    /// <summary>The time of the next scheduled tick, in the loop's uptime.</summary>
    public TimeSpan NextTick
    {
        get
        {
            if (_isEnded) return TimeSpan.MaxValue;
            var next = Earlier(LeaveDue, _messages.RetryAt);
            if (_messages.OldestHeld is { } held) next = Earlier(next, held.At + _settings.ReplayWindow);
            if (IsReplied && _messages.OldestSent is { } unanswered) next = Earlier(next, ReplyDue(unanswered));
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
        while (_messages.OldestHeld is { } held && now >= held.At + _settings.ReplayWindow)
        {
            _isCareful = false;
            Deliver(_messages.TakeHeld());
        }

        if (IsBehind && !_isAsked && now >= LastMove + _settings.StuckTold)
        {
            _isAsked = true;
            _connection.Examine();
        }

        if (IsReplied && _messages.OldestSent is { } unanswered && now >= ReplyDue(unanswered)) Lose(LinkCause.PeerStuck,
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
        _owner.OnEnded(this, end, _messages.TakeAll());
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
        if (IsReplied && _messages.HasRefused) return _messages.TakeRefused();
        if (_messages.Waiting is not { } next) return null;
        // An end is completed at once, and must not be before the frames that it ends.
        if (IsReplied
            && (_messages.Sent >= _settings.UnansweredMax || (next.Body.IsEmpty && _messages.Sent + _answering > 0))) return null;
        if (_isCareful && UnderWay > 0) return null;
        if (!_messages.MayBeSent(next.Body.Length, _owner.SentMax)) return null;
        if (_messages.UnderWayBytes > 0 && _messages.UnderWayBytes + next.Body.Length > _settings.WindowBytes) return null;
        if (UnderWay > 0 && (next.Event == TcpNames.WasReset || HasHoleBefore(next))) return null;
        return _messages.TakeWaiting();
    }

    private void Send(OutletMessage message)
    {
        if (IsStream && IsKeptBack(message)) return;
        if (!IsBehind) LastMove = _clock.Uptime;
        _given += message.Body.Length;
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
        else _messages.OnSent(message);
        if (message.Body.IsEmpty) Settle();
    }

    private void Settle()
    {
        if (IsReplied) return;
        var upTo = _settings.Delivery == OutletDelivery.Written ? _progress.Written : _progress.Acknowledged;
        while (_messages.OldestSent is { } message && message.End <= upTo)
        {
            if (!IsStream && _settings.ReplayWindow > TimeSpan.Zero) _messages.Hold();
            else Deliver(_messages.TakeSent());
        }
    }

    private void Deliver(OutletMessage message)
    {
        _owner.OnDelivered(this, message);
        if (_isFinished && message.Event == TcpNames.Finished && !_isEnded && !IsStream)
            _leaveAt = _clock.Uptime + (_isTargetFinished ? TimeSpan.Zero : _overAfter);
    }

    private void OnFrame(ReadOnlyMemory<byte> frame)
    {
        var verdict = IsReplied && _messages.Sent > 0 ? _rules.Judge(frame.Span) : ReplyVerdict.NoReply;
        _lastReply = _clock.Uptime;
        switch (verdict)
        {
            case ReplyVerdict.Accepted:
                var answered = _messages.TakeAnswered();
                _answering++;
                _owner.OnFrame(this, frame, answered);
                break;
            case ReplyVerdict.Refused:
                Refuse(_messages.TakeSent(), frame);
                break;
            default:
                _owner.OnFrame(this, frame, null);
                break;
        }
    }

    private void Refuse(OutletMessage message, ReadOnlyMemory<byte> frame)
    {
        message.Refusals++;
        var isFinal = message.Refusals >= _settings.AttemptsMax;
        if (isFinal) _answering++;
        else _messages.Retry(message);
        _owner.OnRefused(this, message, frame, isFinal);
    }

    private TimeSpan ReplyDue(OutletMessage unanswered) =>
        (unanswered.At > _lastReply ? unanswered.At : _lastReply) + _settings.ReplyTimeout;

    private static TimeSpan Earlier(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
