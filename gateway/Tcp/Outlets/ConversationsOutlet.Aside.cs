namespace Gateway.Tcp.Outlets;

/// <summary>
/// Conversations whose targets do not read do not hold up the others: their messages are set aside when there is no room any more, and
/// recalled when they go on.
/// </summary>
internal sealed partial class ConversationsOutlet
{
    /// <summary>For so long there was no room, and a conversation delivered nothing: then its messages are set aside.</summary>
    private static readonly TimeSpan _stuckAfter = TimeSpan.FromSeconds(1);

    /// <summary>How often all that is set aside is looked at; as a rule an event of its conversation recalls it earlier.</summary>
    private static readonly TimeSpan _lookAsideEvery = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Bounds of what a line has sent and the target's host has not acknowledged: the more lines, the less each. So many that are
    /// stuck leave room for others.
    /// </summary>
    private const int SentMessagesMax = 5_000;
    private const int SharedMessagesMax = 640;
    private const int SentMessagesMin = 16;
    private const int SentPartsMax = 64;

    /// <summary>Conversations that may have room for messages that were set aside.</summary>
    private readonly HashSet<string> _recallable = [];
    private TimeSpan _lookAsideAt;

    public override (int Messages, long Bytes) SentMax => _lines <= 1 ? (SentMessagesMax, Settings.WindowBytes)
        : (Math.Max(SentMessagesMin, SharedMessagesMax / _lines), Settings.WindowBytes / Math.Min(_lines, SentPartsMax));

    protected override TimeSpan NextLook
    {
        get
        {
            var next = Queue.Aside.IsEmpty && _newRuns.Count == 0 ? TimeSpan.MaxValue : _lookAsideAt;
            if (_cutOff.Count > 0) return Clock.Uptime;
            return Queue.FullSince == TimeSpan.MaxValue ? next : Earlier(next, Queue.FullSince + _stuckAfter);
        }
    }

    private void LookAside()
    {
        if (IsClosed) return;
        var now = Clock.Uptime;
        if (Queue.FullSince != TimeSpan.MaxValue && now >= Queue.FullSince + _stuckAfter) SetAsideStuck();
        if (now < _lookAsideAt) return;
        _lookAsideAt = now + _lookAsideEvery;
        ResetAfterAside();
        _recallable.UnionWith(Queue.Aside.Conversations);
    }

    /// <summary>Conversations of earlier runs of their inlet are reset once nothing of them is set aside any more.</summary>
    private void ResetAfterAside()
    {
        foreach (var one in _conversations.Values.Where(one => one.IsToReset && !Queue.Aside.Contains(one.Id)).ToList())
            one.Line?.ResetAfterAll();
        CompleteNewRuns();
    }

    private void SetAsideStuck()
    {
        foreach (var stuck in _conversations.Values.Where(one => Clock.Uptime >= one.LastDelivered + _stuckAfter).ToList())
        {
            if (stuck is { IsOpen: true, Line: { } line })
            {
                foreach (var message in line.TakeWaiting()) Queue.SetAside(message);
                continue;
            }

            // The first one stays: for it a connection is wanted. For a stream it is wanted anyway, and all may have to wait for one.
            var kept = stuck.Began is null ? 1 : 0;
            var waiting = stuck.Waiting.ToList();
            stuck.Waiting.Clear();
            foreach (var message in waiting.Skip(kept)) Queue.SetAside(message);
            foreach (var first in waiting.Take(kept)) stuck.Waiting.Enqueue(first);
        }

        Queue.LookAgain();
        Refill();
    }

    private void Recall()
    {
        if (!MayTake) return;
        foreach (var id in _recallable.Where(Queue.Aside.Contains).ToList())
        {
            if (!_conversations.TryGetValue(id, out var conversation) || conversation.Line is { WantsMore: true }) Queue.Recall(id, this);
        }

        _recallable.Clear();
    }
}
