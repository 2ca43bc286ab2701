using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Gateway.Tcp.Framing;

namespace Gateway.Tcp.Outlets;

/// <summary>
/// An outlet in which each conversation has a connection of its own: made when there is something for it, and ended as the conversation at
/// the inlet ended, once everything before that is delivered. Pure.
/// <para>
/// A stream cannot be sent again: its connection is the conversation. If it is lost, so is the conversation, and the inlet is told. The
/// message with which it began is held meanwhile, and its delivery recorded, so that a later run of the gateway knows what it has lost.
/// </para>
/// </summary>
internal sealed partial class ConversationsOutlet(OutletSettings settings, OutletParts parts, LinkHistory history)
    : Outlet(settings, parts, history)
{
    /// <summary>Together the connections hold so many windows of messages at most.</summary>
    private const int WindowsMax = 8;
    private const long BytesMax = 48 * 1024 * 1024;

    private readonly Dictionary<string, OutletConversation> _conversations = [];

    /// <summary>Conversations for which there was no place.</summary>
    private readonly Queue<OutletConversation> _waiting = [];

    /// <summary>Held until the conversations that they end are over.</summary>
    private readonly List<OutletMessage> _newRuns = [];
    private int _lines;
    private bool _isDown;

    /// <summary>While the target is down: when one conversation may try it again.</summary>
    private TimeSpan _tryAt;

    protected override IEnumerable<TargetLine> Lines => _conversations.Values.Select(one => one.Line).OfType<TargetLine>();

    /// <summary>While the target is down, one conversation tries it from time to time.</summary>
    protected override bool MayTake => !_isDown || (Clock.Uptime >= _tryAt && _conversations.Count == 0);

    protected override long HeldBytesMax => Math.Min((long)WindowsMax * Settings.WindowBytes, BytesMax);

    protected override int OpenStreams => _conversations.Values.Count(one => one.IsStreaming);

    protected override OutletMessage? OldestOfStreams =>
        IsStream ? _conversations.Values.Select(one => one.Oldest).OfType<OutletMessage>().MinBy(message => message.Number) : null;

    private bool IsStream => Settings.Format is FrameFormat.Stream;

    public override void Start()
    {
        Standing.Set(LinkState.Up, LinkCause.None, "connections are made when there is something for them");
        Refill();
    }

    public override void Tick()
    {
        base.Tick();
        LookAside();
        LoseCutOff();
        foreach (var idle in _conversations.Values.Where(one => one.Line is { IsIdle: true }).ToList())
        {
            idle.Line!.HangUp();
            if (IsStream) Lose(idle, $"nothing moved for {Figures.Span(Settings.IdleTimeout)}", []);
            else Remove(idle);
        }

        if (Clock.Uptime < NextDial || IsClosed) return;
        NextDial = TimeSpan.MaxValue;
        foreach (var wanting in _conversations.Values.Where(one => one.WantsLine).ToList()) TryDial(wanting);
        Refill();
    }

    public override void Close()
    {
        if (IsClosed) return;
        base.Close();
        foreach (var one in _conversations.Values)
        {
            Release(one.Waiting);
            one.Waiting.Clear();
        }
    }

    public override void OnUp(TargetLine line, string remote, TargetProgram? program)
    {
        if (_isDown) NextDial = TimeSpan.MaxValue;
        _isDown = false;
        BeUp(remote, program);
        var conversation = _conversations[line.Conversation];
        if (conversation.Began is { } began) Record(began, () => Open(conversation, line));
        else Open(conversation, line);
        _recallable.Add(line.Conversation);
        Refill();
    }

    public override void OnDelivered(TargetLine line, OutletMessage message)
    {
        if (_conversations.TryGetValue(line.Conversation, out var conversation))
        {
            conversation.LastDelivered = Clock.Uptime;
            if (message.Event == TcpNames.Finished)
            {
                conversation.IsFinished = true;
                if (conversation.IsFinishTold) End(conversation);
            }
        }

        _recallable.Add(line.Conversation);
        base.OnDelivered(line, message);
    }

    public override void OnTargetFinished(TargetLine line)
    {
        var conversation = _conversations[line.Conversation];
        TellFinished(conversation);
        if (conversation.IsFinished) End(conversation);
    }

    public override void OnOver(TargetLine line, IReadOnlyList<OutletMessage> left)
    {
        var conversation = _conversations[line.Conversation];
        if (conversation.IsFinished) TellFinished(conversation);
        Remove(conversation, left);
    }

    public override void OnEnded(TargetLine line, TargetEnd end, IReadOnlyList<OutletMessage> left)
    {
        if (_conversations.GetValueOrDefault(line.Conversation) is not { } conversation || conversation.Line != line)
        {
            // Its last acknowledgement, which came with the end, has ended the conversation too.
            Release(left);
            return;
        }

        var doubt = Doubt(left, end);
        var retryAt = RetryAfter(line, end);
        if (IsStream && line.Remote.Length > 0)
        {
            Lose(conversation, end.Evidence, left);
            return;
        }

        Disconnect(conversation);
        Requeue(conversation, left);
        conversation.RetryAt = retryAt;
        if (!conversation.WantsLine) Remove(conversation);
        else if (Lines.Any()) NextDial = Earlier(NextDial, retryAt);
        else GoDown(line, end, doubt, retryAt);
    }

    protected override void OnTaken(OutletMessage message)
    {
        if (message.Event == TcpNames.NewRun)
        {
            OnNewRun(message);
            return;
        }

        if (Queue.Aside.Contains(message.Conversation) && Queue.Aside.FirstOf(message.Conversation) < message.Number)
            Queue.SetAside(message);
        else if (_lost.Contains(message.Conversation)) OnLost(message, "the connection of its conversation had ended before");
        else if (_conversations.TryGetValue(message.Conversation, out var conversation)) Add(conversation, message);
        else if (IsStream) BeginStream(message);
        else if (message.Event.Length > 0) Complete(message);
        else Add(Begin(message), message);
    }

    protected override ReplyAddress? AddressOf(TargetLine line) => _conversations.GetValueOrDefault(line.Conversation)?.ReplyTo;

    /// <summary>All earlier conversations of the inlet are over, as if reset.</summary>
    private void OnNewRun(OutletMessage message)
    {
        _lost.ForgetOf(message.Inlet);
        foreach (var one in _conversations.Values.Where(one => one.Inlet == message.Inlet).ToList())
        {
            one.IsToReset = true;
            if (!Queue.Aside.Contains(one.Id)) one.Line?.ResetAfterAll();
        }

        _newRuns.Add(message);
        CompleteNewRuns();
    }

    private void CompleteNewRuns()
    {
        if (!Queue.Aside.IsEmpty) return;
        foreach (var message in _newRuns.Where(message =>
            !_conversations.Values.Any(one => one.Inlet == message.Inlet && one.IsToReset)).ToList())
        {
            _newRuns.Remove(message);
            Complete(message);
        }
    }

    private OutletConversation Begin(OutletMessage message)
    {
        var conversation = new OutletConversation(message.Conversation, message.Inlet)
        {
            Numbers = Replies.NumbersOf(message.Conversation, isStream: IsStream),
            ReplyTo = message.ReplyTo,
            From = message.From,
            LastDelivered = Clock.Uptime,
            IsToReset = _newRuns.Any(run => run.Inlet == message.Inlet && run.Number > message.Number),
        };
        _conversations.Add(message.Conversation, conversation);
        return conversation;
    }

    private void Add(OutletConversation conversation, OutletMessage message)
    {
        if (message.Event == TcpNames.Began) Complete(message);
        else if (conversation is { IsOpen: true, Line: { } line }) line.Add(message);
        else
        {
            conversation.Waiting.Enqueue(message);
            TryDial(conversation);
        }
    }

    private void TryDial(OutletConversation conversation)
    {
        if (IsClosed || !conversation.WantsLine) return;
        if (Clock.Uptime < conversation.RetryAt)
        {
            NextDial = Earlier(NextDial, conversation.RetryAt);
            return;
        }

        if (_lines >= Settings.ConnectionsMax && !TryMakeRoom())
        {
            if (!_waiting.Contains(conversation)) _waiting.Enqueue(conversation);
            return;
        }

        _lines++;
        conversation.Line = Dial(conversation.Id);
    }

    /// <summary>
    /// Closes the connection that has been idle for longest; its conversation gets another one when there is something for it. A stream
    /// would not survive that.
    /// </summary>
    private bool TryMakeRoom()
    {
        if (IsStream || _conversations.Values.Where(one => one is { IsOpen: true, Line: { IsUp: true, IsEmpty: true } })
            .MinBy(one => one.Line!.LastMove) is not { } idle)
            return false;
        idle.Line!.HangUp();
        Disconnect(idle);
        _conversations.Remove(idle.Id);
        return true;
    }

    private void Open(OutletConversation conversation, TargetLine line)
    {
        if (conversation.Line != line || !line.IsUp || IsClosed) return;
        conversation.IsOpen = true;
        _recallable.Add(conversation.Id);
        // What waits comes before the end that the line may have been told of.
        while (conversation.Waiting.TryDequeue(out var message)) line.Add(message);
        line.Open();
        if (conversation is { IsToReset: true, Line: not null } && !Queue.Aside.Contains(conversation.Id)) line.ResetAfterAll();
    }

    /// <summary>Both directions of a stream have ended.</summary>
    private void End(OutletConversation conversation)
    {
        Remove(conversation, conversation.Line?.HangUp() ?? []);
    }

    /// <summary>The conversation is over.</summary>
    private void Remove(OutletConversation conversation) => Remove(conversation, []);

    /// <param name="left">Messages that go back to the queue; they may be handed out again at once.</param>
    private void Remove(OutletConversation conversation, IReadOnlyList<OutletMessage> left)
    {
        Disconnect(conversation);
        _conversations.Remove(conversation.Id);
        _recallable.Add(conversation.Id);
        Release(left);
        if (conversation.Began is { } began) CompleteEvent(began);
        CompleteNewRuns();
        Refill();
    }

    /// <summary>Conversations for which there was no place get one that has become free.</summary>
    protected override void OnEventOver()
    {
        while (_waiting.TryPeek(out var next))
        {
            var isWanting = _conversations.GetValueOrDefault(next.Id) == next && next.WantsLine;
            if (isWanting && _lines >= Settings.ConnectionsMax && !TryMakeRoom()) break;
            _waiting.Dequeue();
            if (isWanting) TryDial(next);
        }

        Recall();
    }

    private void Disconnect(OutletConversation conversation)
    {
        if (conversation.Line is null) return;
        conversation.Line = null;
        conversation.IsOpen = false;
        _lines--;
    }

    private static void Requeue(OutletConversation conversation, IReadOnlyList<OutletMessage> left)
    {
        var later = conversation.Waiting.ToList();
        conversation.Waiting.Clear();
        foreach (var message in left.Concat(later)) conversation.Waiting.Enqueue(message);
    }

    /// <summary>The target cannot be reached: everything goes back to the queue until it is tried again.</summary>
    private void GoDown(TargetLine line, TargetEnd end, IReadOnlyList<InDoubt> doubt, TimeSpan retryAt)
    {
        _isDown = true;
        (_tryAt, NextDial) = (retryAt, retryAt);
        BeDown(line, end, doubt);
        foreach (var conversation in _conversations.Values)
        {
            Release(conversation.Waiting);
            if (conversation.Began is { } began) Release([began]);
        }

        Release(_newRuns);
        _newRuns.Clear();
        _waiting.Clear();
        _conversations.Clear();
    }
}
