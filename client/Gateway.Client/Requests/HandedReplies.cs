namespace Gateway.Client.Requests;

/// <summary>
/// The replies that were handed to their requests last. If completing one fails, it is delivered again, and must not be taken for a late
/// one. Many threads use it at once.
/// </summary>
internal sealed class HandedReplies
{
    /// <summary>Far more than are being completed at once.</summary>
    private const int Most = 4_096;

    private readonly Lock _lock = new();
    private readonly HashSet<(MessageId Id, string Source)> _known = [];
    private readonly Queue<(MessageId Id, string Source)> _inOrder = new();

    public void Add(ReceivedMessage reply)
    {
        lock (_lock)
        {
            if (!_known.Add((reply.Id, reply.Source)))
                return;
            _inOrder.Enqueue((reply.Id, reply.Source));
            if (_inOrder.Count > Most)
                _known.Remove(_inOrder.Dequeue());
        }
    }

    /// <summary>The gateway is part of the question: two that have copies of one request answer it with the same id.</summary>
    public bool Contains(ReceivedMessage reply)
    {
        lock (_lock)
            return _known.Contains((reply.Id, reply.Source));
    }
}
