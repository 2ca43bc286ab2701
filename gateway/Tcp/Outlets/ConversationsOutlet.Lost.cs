using Gateway.Links.Protocol;

namespace Gateway.Tcp.Outlets;

/// <content>
/// Streams that cannot go on: their connection is lost, something of them is missing, or the inlet's gateway cannot be told what their
/// target sends. The target is reset, the inlet is told, and what is left becomes dead letters.
/// </content>
internal sealed partial class ConversationsOutlet
{
    private readonly LostConversations _lost = new();

    /// <summary>Conversations of which something could not be sent back, with the reason.</summary>
    private readonly Queue<(string Conversation, string Why)> _cutOff = [];

    public override void OnHole(TargetLine line, string evidence, IReadOnlyList<OutletMessage> left)
    {
        Standing.OnConversationEnded(LinkCause.PieceMissing, evidence, line);
        Lose(_conversations[line.Conversation], evidence, left);
    }

    protected override void SendBack(TargetLine line, ReadOnlyMemory<byte> frame)
    {
        var conversation = _conversations.GetValueOrDefault(line.Conversation);
        if (IsStream && conversation?.ReplyTo is { } to)
            Replies.AddPiece(to, conversation.Numbers, frame, line.Take, why => OnCutOff(to, why));
        else base.SendBack(line, frame);
    }

    private void BeginStream(OutletMessage message)
    {
        if (message.Event == TcpNames.Began && message.Delivery.Deliveries <= 1)
        {
            var conversation = Begin(message);
            conversation.Began = message;
            TryDial(conversation);
            return;
        }

        if (message.Conversation.Length == 0)
        {
            OnLost(message, "it belongs to no conversation of an inlet, and this outlet writes streams alone");
            return;
        }

        // A connection of an earlier run of this gateway, or of this outlet before its settings were changed.
        if (message.ReplyTo is { } to) Untold.Tell(to);
        _lost.Add(message.Conversation, message.Inlet);
        OnLost(message, message.Event == TcpNames.Began
            ? "the connection of its conversation ended when this gateway was stopped, or its outlet changed"
            : "the beginning of its conversation is not here: it had ended before, somebody has removed it, or its inlet sends whole "
                + "frames");
    }

    private void TellFinished(OutletConversation conversation)
    {
        if (conversation.IsFinishTold || conversation.ReplyTo is not { } to) return;
        conversation.IsFinishTold = true;
        Replies.Tell(to, conversation.Numbers, TcpNames.Finished, () => { }, IsStream ? why => OnCutOff(to, why) : null);
    }

    /// <summary>The conversation cannot go on: the inlet is told, and what is left of it becomes dead letters.</summary>
    private void Lose(OutletConversation conversation, string why, IReadOnlyList<OutletMessage> left)
    {
        if (conversation.ReplyTo is { } to) Untold.Tell(to);
        _lost.Add(conversation.Id, conversation.Inlet);
        foreach (var message in left.Concat(conversation.Waiting).ToList())
            OnLost(message, $"the connection of its conversation had ended: {why}");
        conversation.Waiting.Clear();
        Remove(conversation);
    }

    private void OnLost(OutletMessage message, string why)
    {
        if (message.Event.Length == 0 && !message.Body.IsEmpty)
        {
            Reject(message, why);
            return;
        }

        if (message.Event is TcpNames.Finished or TcpNames.WasReset) _lost.Forget(message.Conversation);
        CompleteEvent(message);
    }

    /// <summary>
    /// A piece has become a dead letter, or its end was not told: what comes behind it must not reach the program at the inlet.
    /// </summary>
    private void OnCutOff(ReplyAddress to, string why)
    {
        if (_lost.Contains(to.Conversation)) return;
        if (_conversations.ContainsKey(to.Conversation))
        {
            _cutOff.Enqueue((to.Conversation, why));
            return;
        }

        // It is over here.
        _lost.Add(to.Conversation, inlet: "");
        Untold.Tell(to);
    }

    /// <summary>Ends those of which something could not be sent back.</summary>
    private void LoseCutOff()
    {
        while (_cutOff.TryDequeue(out var cut))
        {
            if (!_conversations.TryGetValue(cut.Conversation, out var conversation)) continue;
            var evidence = $"conversation {cut.Conversation} lacks a piece of what the target has sent: {cut.Why}";
            if (conversation.Line is { } line) Standing.OnConversationEnded(LinkCause.PieceMissing, evidence, line);
            Lose(conversation, evidence, conversation.Line?.HangUp(isReset: true) ?? []);
        }
    }
}
