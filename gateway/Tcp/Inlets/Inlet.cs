using Gateway.Intake;
using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Gateway.Store;
using Gateway.Store.State;
using Gateway.Tcp.Framing;
using Microsoft.Extensions.Logging;

namespace Gateway.Tcp.Inlets;

/// <summary>
/// One inlet: its listener, its conversations, and the queue of the replies to them. Pure; owned by the book.
/// </summary>
internal sealed partial class Inlet : Sleeper, IVisitors
{
    private static readonly TimeSpan _listenEvery = TimeSpan.FromSeconds(1);

    private readonly InletParts _parts;
    private readonly LinkedList<InletConversation> _latest = [];
    private readonly Dictionary<string, LinkedListNode<InletConversation>> _byId = [];
    private readonly HashSet<InletConversation> _held = [];
    private readonly HoldBack _newRun;
    private readonly InletStanding _standing;
    private readonly ILogger _logger;
    private IInletDoor? _door;
    private string _address = "";
    private LinkCause _listenCause;
    private string _listenEvidence = "";
    private DateTimeOffset _since;

    /// <summary>The far side must be told that the conversations of earlier runs are over.</summary>
    private bool _isNewRunDue;
    private bool _isGivingNewRun;

    /// <summary>The store knows that there have been conversations whose ends the far side may not know.</summary>
    private bool _isMarked;
    private bool _isClosing;

    /// <summary>Its doors that are open, or have let somebody in of whom it has not heard yet.</summary>
    private int _doors;
    private bool _isReplaced;
    private bool _isPaused;

    /// <summary>A conversation was cut off, and the far side does not know of its end.</summary>
    private bool _hasLeft;

    /// <param name="isNewRun">An earlier run has had conversations whose ends the far side may not know.</param>
    /// <param name="isMarked">The store knows that of an earlier run, or of an earlier inlet of this name.</param>
    /// <param name="isPaused">An operator has paused it before.</param>
    public Inlet(InletSettings settings, InletParts parts, LinkHistory history, bool isNewRun, bool isMarked, bool isPaused)
        : base(parts.WakeUps)
    {
        _isPaused = isPaused;
        Settings = settings;
        _parts = parts;
        _logger = parts.Logger;
        _isMarked = isMarked;
        _isNewRunDue = isNewRun && SendsEnds;
        _newRun = new HoldBack(settings.HeldBackTold, parts.Clock);
        _since = parts.Clock.Now;
        Replies = new InletReplies(this, parts);
        _standing = new InletStanding(parts.Clock, history);
    }

    public InletSettings Settings { get; }

    public InletCounts Counts { get; } = new();

    public InletReplies Replies { get; }

    /// <summary>The frames of conversations may be offered to the intake: the far side knows of the new run.</summary>
    public bool MayGive => !_isNewRunDue;

    /// <summary>The store knows that its conversations have ends to be told.</summary>
    public bool IsMarked => _isMarked;

    /// <summary>It takes part in nothing new.</summary>
    public bool IsClosing => _isClosing;

    /// <summary>Closed, and everything that was read is durable.</summary>
    public bool IsDone => _isClosing && _doors == 0 && _byId.Count == 0;

    /// <summary>Why it does not listen; empty if it does.</summary>
    public string ListenFault => _door is null && !_isClosing ? _listenEvidence : "";

    public InletStatus Status
    {
        get
        {
            var (state, cause, since, evidence) = Standing();
            return new InletStatus(Settings, state, cause, since, evidence, InletAdvice.For(cause, state == LinkState.Up))
            {
                Address = _address,
                Frames = Counts.Frames,
                Bytes = Counts.Bytes,
                Replies = Counts.Replies,
                ReplyBytes = Counts.ReplyBytes,
                Incomplete = Counts.Incomplete,
                NotFrames = Counts.NotFrames,
                Unclaimed = Counts.Unclaimed,
                Accepted = Counts.Accepted,
                Refused = Counts.Refused,
                Open = _byId.Count,
                History = _standing.History,
                Conversations = [.. _latest.Take(InletStatus.ConversationsMax).Select(conversation => conversation.Status)],
            };
        }
    }

    private bool SendsEnds => Settings.SendsEnds || Settings.Format is FrameFormat.Stream;

    private string Mark => MarkNames.Inlet + Settings.Name;

    /// <summary>Begins to listen, and to take replies.</summary>
    public void Begin()
    {
        Replies.Begin();
        GiveNewRun();
        Listen();
    }

    /// <summary>Accepts nobody and reads nothing until <see cref="Resume"/>: TCP holds the programs back.</summary>
    public void Pause()
    {
        _isPaused = true;
        _door?.Hold();
        foreach (var conversation in _latest) conversation.Pause();
    }

    public void Resume()
    {
        _isPaused = false;
        _door?.LetGo();
        foreach (var conversation in _latest) conversation.Resume();
    }

    public IProgram OnAccepted(IProgramConnection connection, string host, string remote)
    {
        Counts.Accepted++;
        var conversation = new InletConversation(this, Settings, _parts, _parts.NextConversation(), connection)
        { Host = host, Remote = remote };
        _byId.Add(conversation.Id, _latest.AddFirst(conversation));
        SetMark();
        LogAccepted(Settings.Name, conversation.Id, conversation.Remote);
        // One that the door has let in as it closed.
        if (_isClosing) conversation.Close();
        else if (_isPaused) conversation.Pause();
        conversation.Begin();
        Replies.OnBegun(conversation);
        return conversation;
    }

    public void OnRefused(long connections)
    {
        Counts.Refused += connections;
        LogRefused(Settings.Name, Settings.ConnectionsMax, Settings.ConnectionsPerAddressMax);
    }

    public void OnDoorClosed()
    {
        _doors--;
        CheckDone();
    }

    /// <summary>Accepts and reads nothing more; what was read is dealt with.</summary>
    /// <param name="isReplaced">Another inlet of this name takes the replies from now on.</param>
    public void Close(bool isReplaced = false)
    {
        if (_isClosing) return;
        (_isClosing, _isReplaced) = (true, isReplaced);
        _door?.Close();
        _door = null;
        if (isReplaced) Replies.End();
        _standing.End();
        foreach (var conversation in _latest.ToList()) conversation.Close();
        CheckDone();
    }

    /// <summary>Ends what is left at once.</summary>
    public void SayGoodbye()
    {
        Close();
        foreach (var conversation in _latest.ToList())
        {
            _hasLeft |= conversation.IsLeft;
            if (conversation.WaitingFrames > 0) LogLeft(Settings.Name, conversation.Id, conversation.Remote, conversation.WaitingFrames);
            conversation.HangUp();
        }

        Replies.End();
    }

    /// <summary>Returns the open conversation of this id; null if there is none.</summary>
    public InletConversation? Find(string id) =>
        _byId.GetValueOrDefault(id)?.Value is { IsThere: true } found ? found : null;

    public override void OnWake()
    {
        if (_isClosing && !_isNewRunDue) return;
        if (_door is null && !_isClosing) Listen();
        GiveNewRun();
        Record();
    }

    public void OnNotAFrame(InletConversation conversation, string evidence)
    {
        Counts.NotFrames++;
        LogNotAFrame(Settings.Name, conversation.Id, conversation.Remote, evidence);
    }

    public void OnStalled(InletConversation conversation, string evidence) =>
        LogStalled(Settings.Name, conversation.Id, conversation.Remote, evidence);

    public void OnHole(InletConversation conversation, string evidence) =>
        LogHole(Settings.Name, conversation.Id, conversation.Remote, evidence);

    public void OnStuck(InletConversation conversation) =>
        LogStuck(Settings.Name, conversation.Id, conversation.Remote, Settings.WriteTimeout.TotalSeconds);

    /// <summary>A conversation is held back for so long that it is told, or no more.</summary>
    public void OnHeldBack(InletConversation conversation, bool isHeld)
    {
        if (isHeld && _held.Add(conversation) && _held.Count == 1)
            LogHeldBack(Settings.Name, conversation.HeldBack!.Cause, conversation.HeldBack.Evidence);
        else if (!isHeld && _held.Remove(conversation) && _held.Count == 0)
            LogGoesOn(Settings.Name);
        Record();
    }

    /// <summary>A conversation has ended, and neither its program nor the inlet has meant it to.</summary>
    public void OnEnded(InletConversation conversation, LinkCause cause, string evidence, TimeSpan lasted, TimeSpan? quiet)
    {
        if (_isClosing) return;
        _standing.OnEnded(cause, $"conversation {conversation.Id} with {conversation.Remote}: {evidence}", lasted, quiet);
    }

    public void OnOver(InletConversation conversation)
    {
        if (!_byId.Remove(conversation.Id, out var node)) return;
        _latest.Remove(node);
        Replies.OnOver(conversation);
        LogOver(Settings.Name, conversation.Id, conversation.Remote, conversation.Status.FramesIn, conversation.Status.FramesOut);
        CheckDone();
    }

    private void Listen()
    {
        var opening = _parts.Doors.Open(Settings, this, _isPaused);
        _door = opening.Door;
        if (_door is not null)
        {
            _doors++;
            _address = opening.Address;
            if (_listenCause != LinkCause.None) _since = _parts.Clock.Now;
            (_listenCause, _listenEvidence) = (LinkCause.None, "");
            LogListening(Settings.Name, _address, Settings.Destination);
            Record();
            return;
        }

        if (_listenCause == LinkCause.None)
        {
            _since = _parts.Clock.Now;
            LogNotListening(Settings.Name, opening.Evidence);
        }

        (_listenCause, _listenEvidence) = (opening.Cause, opening.Evidence);
        Record();
        WakeBy(_parts.Clock.Uptime + _listenEvery);
    }

    /// <summary>Tells the far side, before any new frame, that all earlier conversations are over.</summary>
    private void GiveNewRun()
    {
        if (!_isNewRunDue || _isGivingNewRun || _parts.Clock.Uptime < _newRun.RetryAt) return;
        _isGivingNewRun = true;
        _newRun.OnOffered();
        var headers = new FrameHeaders(new Dictionary<string, string>
        {
            [TcpNames.Inlet] = Settings.Name,
            [TcpNames.Reply] = $"{Settings.ReplyQueue}@{_parts.OwnName}",
        });
        var item = new Client.Wire.EnqueueItem(null, headers.OfEvent(TcpNames.NewRun), ExpiresUnixMs: 0, ReadOnlyMemory<byte>.Empty);
        _parts.Intake.TakeRead(Settings.Destination, [item], $"inlet {Settings.Name}", OnNewRun);
    }

    private void OnNewRun(IntakeRefusal? refusal)
    {
        _isGivingNewRun = false;
        if (refusal is not null)
        {
            _newRun.OnRefused(refusal);
            WakeBy(_newRun.Due);
            return;
        }

        _newRun.OnTaken();
        _isNewRunDue = false;
        Record();
        if (_byId.Count == 0) ClearMark();
        foreach (var conversation in _latest.ToList()) conversation.Begin();
    }

    private void SetMark()
    {
        if (_isMarked || !SendsEnds) return;
        _isMarked = true;
        // Written with the first frame at the latest.
        _parts.Store.Submit(new MarkCommand(Mark, "1", done: null));
    }

    private void ClearMark()
    {
        if (!_isMarked) return;
        _isMarked = false;
        _parts.Store.Submit(new MarkCommand(Mark, "", done: null));
    }

    private void CheckDone()
    {
        if (!IsDone) return;
        Replies.End();
        // All conversations have ended in order: the next run has nothing to tell.
        if (!_isNewRunDue && !_isReplaced && !_hasLeft) ClearMark();
    }

    private void Record()
    {
        if (_isClosing) return;
        var (state, cause, _, evidence) = Standing();
        _standing.Set(state, cause, (state, cause) == (LinkState.Up, LinkCause.None) ? $"listens on {_address}" : evidence);
    }

    private (LinkState State, LinkCause Cause, DateTimeOffset Since, string Evidence) Standing()
    {
        if (_door is null && !_isClosing) return (LinkState.Down, _listenCause, _since, _listenEvidence);
        if (_newRun.IsTold) return (LinkState.Up, _newRun.Cause, _newRun.Since, _newRun.Evidence);
        var first = _held.Select(conversation => conversation.HeldBack).OfType<HoldBack>().MinBy(held => held.Since);
        return first is null
            ? (LinkState.Up, LinkCause.None, _since, "")
            : (LinkState.Up, first.Cause, first.Since,
                $"{Figures.Counted(_held.Count, "conversation")} held back: {first.Evidence}");
    }
}
