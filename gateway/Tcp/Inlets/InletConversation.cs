using Gateway.Inbox;
using Gateway.Links.Protocol;
using Gateway.Tcp.Framing;

namespace Gateway.Tcp.Inlets;

/// <summary>
/// One connection of a program to an inlet, from its first byte until everything that was read of it is durable and everything that is
/// owed to it was written. Pure; owned by its inlet.
/// </summary>
internal sealed class InletConversation : Sleeper, IProgram
{
    private readonly Inlet _inlet;
    private readonly InletSettings _settings;
    private readonly LoopClock _clock;
    private readonly IProgramConnection _connection;
    private readonly InletInput _input;
    private readonly InletOutput _output;
    private readonly DateTimeOffset _began;
    private readonly TimeSpan _beganAt;
    private TimeSpan _movedAt;
    private long _arrived;
    private InputEnd? _inputEnd;

    /// <summary>Why the inlet itself ends the conversation; null while it does not.</summary>
    private OwnEnd? _ownEnd;
    private bool _isFinished;

    /// <summary>Of a stream, replies are missing: it is reset once the program has those that came before.</summary>
    private bool _hasHole;
    private bool _isLost;
    private bool _isOver;
    private bool _isToldHeld;

    /// <summary>An operator has paused the inlet: nothing is read.</summary>
    private bool _isPaused;
    private bool _isCutTold;

    public InletConversation(Inlet inlet, InletSettings settings, InletParts parts, string id, IProgramConnection connection)
        : base(parts.WakeUps)
    {
        _inlet = inlet;
        _settings = settings;
        _clock = parts.Clock;
        _connection = connection;
        Id = id;
        _began = _clock.Now;
        _movedAt = _beganAt = _clock.Uptime;
        _input = new InletInput(settings, parts, this);
        _output = new InletOutput(connection, _clock);
    }

    /// <summary>Why an inlet ends a conversation itself.</summary>
    private enum OwnEnd
    {
        /// <summary>Nothing has moved for too long.</summary>
        Idle,

        /// <summary>The inlet closes.</summary>
        Closing,

        /// <summary>Replies of a stream are missing.</summary>
        Hole,

        /// <summary>The program does not read.</summary>
        Stuck,

        /// <summary>The far side has reset its connection.</summary>
        FarReset,
    }

    public string Id { get; }

    /// <summary>The program's address without the port; empty if unknown.</summary>
    public required string Host { get; init; }

    /// <summary>The program's address and port.</summary>
    public required string Remote { get; init; }

    /// <summary>Replies can be written to it.</summary>
    public bool TakesReplies => IsThere && !_isFinished && !_hasHole;

    /// <summary>It goes on, in one direction at least.</summary>
    public bool IsThere => !_isLost && !_isOver && _ownEnd is null;

    /// <summary>The intake may be offered something.</summary>
    public bool MayGive => _inlet.MayGive;

    /// <summary>Since when and why it is held back; null if it is not, or not long enough to be told.</summary>
    public HoldBack? HeldBack => _input.HoldBack.IsTold ? _input.HoldBack : null;

    /// <summary>Something that was read, or how it ended, is not durable.</summary>
    public bool IsLeft => !_input.IsDone;

    /// <summary>Frames read and not durable.</summary>
    public int WaitingFrames => _input.Waiting;

    public ConversationStatus Status => new(Id, Remote, HeldBack?.Since ?? _began, HeldBack?.Cause ?? LinkCause.None, Evidence)
    {
        FramesIn = _input.Frames,
        BytesIn = _input.Bytes,
        FramesOut = _output.Frames,
        BytesOut = _output.Bytes,
    };

    private bool IsStream => _settings.Format is FrameFormat.Stream;

    private bool HaveBothFinished => _isFinished && _inputEnd?.Kind == InputEndKind.Finished;

    /// <summary>If it ends now, it is a stream in the middle, which nobody must take for the whole.</summary>
    private bool IsCutShort => IsStream && !HaveBothFinished;

    /// <summary>After the program's last byte something can still come for it; only the far side knows when nothing does.</summary>
    private bool StaysForReplies => IsStream || _settings.Answer == InletAnswer.Far;

    /// <summary>Replies wait until the program has taken others.</summary>
    private bool AreRepliesWaiting => _inlet.Replies.WaitingFor(this) > 0;

    private string Evidence => HeldBack?.Evidence
        ?? (_output.StuckSince is { } since && _clock.Uptime - since >= _settings.HeldBackTold ? "the program does not read"
        : _inlet.Replies.WaitingFor(this) is > 0 and var waiting ? $"the program reads slowly: {Figures.Waiting(waiting)}" : "");

    /// <summary>The inlet lets it begin.</summary>
    public void Begin()
    {
        _input.Give();
        Plan();
    }

    public void OnFrames(IReadOnlyList<ReadOnlyMemory<byte>> frames)
    {
        _movedAt = _clock.Uptime;
        _arrived = _connection.Arrived;
        _input.Add(frames);
        Begin();
    }

    public void OnInputEnded(InputEnd end)
    {
        _inputEnd = end;
        if (end.Kind == InputEndKind.NotAFrame) _inlet.OnNotAFrame(this, end.Evidence);
        if (end.Kind == InputEndKind.NotAFrame) TellEnd(LinkCause.WrongService, $"the bytes were no frame: {end.Evidence}");
        if (end.Kind == InputEndKind.Stalled) OnStalled(end.Evidence);
        if (end.Kind == InputEndKind.Finished && !end.Piece.IsEmpty)
            TellEnd(LinkCause.ClosedByPeer, $"the program ended its connection within a frame, {Figures.Counted(end.Piece.Length, "byte")}"
                + " of which had come");
        _input.End(end.Piece, $"the conversation {Id} with {Remote} ended within this frame: {end.Evidence}", EventOf(end.Kind));
        Begin();
    }

    public void OnProgress(long written, long acknowledged)
    {
        _movedAt = _clock.Uptime;
        _output.OnProgress(written, acknowledged);
        Settle();
        Plan();
    }

    public void OnLost(LinkCause cause, string evidence)
    {
        _isLost = true;
        // A program that has finished, and then resets what still comes, wants no more of it.
        if (_inputEnd?.Kind != InputEndKind.Finished)
            TellEnd(cause, _inputEnd?.Kind == InputEndKind.Broken ? _inputEnd.Evidence : evidence);
        GiveUpReplies();
        CheckOver();
    }

    /// <summary>It can use a reply of this event; empty for a frame. After the far side has finished, it can still be reset.</summary>
    public bool Takes(string name) => TakesReplies || (IsThere && name == TcpNames.WasReset);

    /// <summary>A reply of the far program, or what happened to its connection.</summary>
    /// <param name="name">The event; empty for a frame.</param>
    public void OnReply(InnerDelivery delivery, string name)
    {
        _movedAt = _clock.Uptime;
        if (name == TcpNames.Finished) _isFinished = true;
        _output.Reply(delivery, name);
        Settle();
        Plan();
    }

    /// <summary>Replies of a stream are missing: both sides are reset.</summary>
    public void OnHole(string evidence)
    {
        _hasHole = true;
        _inlet.OnHole(this, evidence);
        TellEnd(LinkCause.PieceMissing, evidence);
        Settle();
    }

    /// <summary>A reply that waited is there no more.</summary>
    public void OnReplyGone() => CheckOver();

    /// <summary>Reads nothing until <see cref="Resume"/>.</summary>
    public void Pause()
    {
        _isPaused = true;
        if (!_isLost) _connection.Hold();
    }

    public void Resume()
    {
        (_isPaused, _movedAt) = (false, _clock.Uptime);
        if (!_isLost) _connection.LetGo();
        Plan();
    }

    /// <summary>The inlet closes: no more is read, and the rest is dealt with.</summary>
    public void Close() => EndBy(OwnEnd.Closing);

    /// <summary>Ends it at once, whatever is not dealt with yet.</summary>
    public void HangUp()
    {
        if (_isOver) return;
        if (!_isLost) _connection.HangUp(isReset: !_input.IsDone || IsCutShort);
        GetOver();
    }

    /// <summary>Frames are durable.</summary>
    /// <param name="reads">Frames as they were read: of a stream, one may have become several pieces.</param>
    public void OnDurable(int frames, int reads, long bytes)
    {
        _inlet.Counts.Frames += frames;
        _inlet.Counts.Bytes += bytes;
        if (frames == 0 || _isLost || _isOver || _ownEnd == OwnEnd.Stuck) return;
        if (_settings.Answer == InletAnswer.Fixed && !_settings.AnswerBytes.IsEmpty)
        {
            _output.Answer(_settings.AnswerBytes.Memory, frames, bytes);
            Settle();
            Plan();
        }
        else
        {
            _connection.Take(reads, bytes);
        }
    }

    /// <summary>The piece at the end is a dead letter.</summary>
    public void OnBuried() => _inlet.Counts.Incomplete++;

    /// <summary>The input is held back, or no more.</summary>
    public void OnHoldBack()
    {
        var isHeld = HeldBack is not null;
        if (isHeld != _isToldHeld) _inlet.OnHeldBack(this, isHeld);
        _isToldHeld = isHeld;
        Plan();
    }

    /// <summary>Everything that was read is durable, and nothing more comes.</summary>
    public void OnInputDone() => CheckOver();

    /// <summary>The headers of its messages.</summary>
    /// <param name="ownName">The name of this gateway.</param>
    public FrameHeaders HeadersOf(string ownName)
    {
        var common = new Dictionary<string, string>
        {
            [TcpNames.Inlet] = _settings.Name,
            [TcpNames.Conversation] = Id,
            [TcpNames.From] = Remote,
            [TcpNames.Reply] = $"{_settings.ReplyQueue}@{ownName}",
            [TcpNames.Answer] = _settings.Answer switch
            {
                InletAnswer.Fixed => TcpNames.AnswerFixed,
                InletAnswer.Far => TcpNames.AnswerFar,
                _ => TcpNames.AnswerNothing,
            },
        };
        if (IsStream) common[TcpNames.Framing] = TcpNames.FramingStream;
        return new FrameHeaders(common);
    }

    public override void OnWake()
    {
        if (_isOver) return;
        OnHoldBack();
        _input.Give();
        if (_output.StuckSince is { } since && _clock.Uptime - since >= _settings.WriteTimeout && !_isLost) GetStuck();
        else if (IsIdle()) EndBy(OwnEnd.Idle);
        Plan();
    }

    /// <summary>The conversation ends although nobody meant it to.</summary>
    private void TellEnd(LinkCause cause, string evidence)
    {
        if (_isOver || _ownEnd is not null) return;
        // When the bytes of an unfinished frame came is not known here.
        TimeSpan? quiet = _connection.Arrived == _arrived ? _clock.Uptime - _movedAt : null;
        _inlet.OnEnded(this, cause, evidence, _clock.Uptime - _beganAt, quiet);
    }

    private void OnStalled(string evidence)
    {
        _inlet.OnStalled(this, evidence);
        TellEnd(LinkCause.PeerStuck, evidence);
    }

    private void GetStuck()
    {
        _inlet.OnStuck(this);
        TellEnd(LinkCause.PeerStuck, $"the program has read nothing for {Figures.Span(_settings.WriteTimeout)}, and lost its connection");
        EndBy(OwnEnd.Stuck);
        GiveUpReplies();
    }

    /// <summary>Nothing has moved for the set time; bytes of a frame that is not whole yet count.</summary>
    private bool IsIdle()
    {
        if (_settings.IdleTimeout == TimeSpan.Zero || _ownEnd is not null || _isPaused) return false;
        var arrived = _connection.Arrived;
        if (arrived != _arrived || _input.Waiting > 0) (_arrived, _movedAt) = (arrived, _clock.Uptime);
        return _clock.Uptime - _movedAt >= _settings.IdleTimeout;
    }

    private void EndBy(OwnEnd end)
    {
        if (_isOver || _isLost || end < _ownEnd) return;
        var isFirst = _ownEnd is null;
        _ownEnd = end;
        if (_inputEnd is not null) CheckOver();
        else if (isFirst) _connection.StopReading();
    }

    /// <summary>Deals with what has left for the program by now.</summary>
    private void Settle()
    {
        while (_output.TryTakeAnswered(out var frames, out var bytes)) _connection.Take(frames, bytes);
        while (_output.TakeAcknowledged() is { } reply)
        {
            _inlet.Replies.OnWritten(reply, this);
            if (reply.Event == TcpNames.WasReset && !HaveBothFinished) EndBy(OwnEnd.FarReset);
        }

        if (_hasHole && _output.IsEmpty) EndBy(OwnEnd.Hole);
        CheckOver();
    }

    private void CheckOver()
    {
        if (_isOver || !_input.IsDone) return;
        if (IsCutAfterItsEnd)
        {
            _isCutTold = true;
            _input.Cut();
        }
        else if (_isLost)
        {
            GetOver();
        }
        else if (_ownEnd is OwnEnd.Stuck or OwnEnd.FarReset || _inputEnd?.Kind == InputEndKind.Stalled)
        {
            _connection.HangUp(isReset: true);
            GetOver();
        }
        else if (_ownEnd is null && _inputEnd!.Kind == InputEndKind.Broken)
        {
            // It is reported as lost at once.
        }
        else if (_ownEnd is not null || _inputEnd!.Kind == InputEndKind.NotAFrame
            || (_output.IsEmpty && !AreRepliesWaiting && (_isFinished || !StaysForReplies)))
        {
            _connection.HangUp(isReset: IsCutShort);
            GetOver();
        }
        else if (!StaysForReplies && !_isFinished && !AreRepliesWaiting)
        {
            _isFinished = true;
            _connection.Finish();
        }
    }

    private void GetOver()
    {
        _isOver = true;
        if (_isToldHeld) _inlet.OnHeldBack(this, isHeld: false);
        NeverWake();
        GiveUpReplies();
        _inlet.OnOver(this);
    }

    private void GiveUpReplies() => _inlet.Replies.OnNotWritten(_output.Abandon(), this);

    private void Plan()
    {
        if (_isOver) return;
        WakeBy(_input.HoldBack.Due);
        if (_output.StuckSince is { } since && !_isLost) WakeBy(since + _settings.WriteTimeout);
        if (_settings.IdleTimeout > TimeSpan.Zero && _ownEnd is null && !_isPaused) WakeBy(_movedAt + _settings.IdleTimeout);
    }

    /// <summary>The far side knows that the program sends nothing more, and not that it does not read any more either.</summary>
    private bool IsCutAfterItsEnd => IsCutShort && !_isFinished && !_isCutTold && _inputEnd?.Kind == InputEndKind.Finished
        && (_isLost || _ownEnd is not (null or OwnEnd.FarReset));

    /// <summary>How the far side is told of the end; null if it is not.</summary>
    private string? EventOf(InputEndKind kind)
    {
        if ((!_settings.SendsEnds && !IsStream) || _ownEnd == OwnEnd.FarReset) return null;
        return kind == InputEndKind.Finished || (_ownEnd == OwnEnd.Idle && !IsStream) ? TcpNames.Finished : TcpNames.WasReset;
    }
}
