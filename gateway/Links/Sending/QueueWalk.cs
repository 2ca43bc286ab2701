namespace Gateway.Links.Sending;

/// <summary>
/// A walk over all queues of a link, in pieces, while queues are added and removed; several can be under way. Made by
/// <see cref="OutgoingQueues"/>; owned by the link.
/// </summary>
internal sealed class QueueWalk(OutgoingQueues queues)
{
    /// <summary>The queues visited in one piece.</summary>
    public const int AtOnce = 4096;

    private LinkedListNode<OutgoingQueue>? _next;

    /// <summary>The walk has not come to its end.</summary>
    public bool IsUnderWay => _next is not null;

    /// <summary>Begins with the first queue, also if the walk is under way.</summary>
    public void Begin() => _next = queues.First;

    public void Stop() => _next = null;

    /// <summary>Returns the next queue; null at the end.</summary>
    public OutgoingQueue? Next()
    {
        if (_next is not { } node) return null;
        _next = node.Next;
        return queues.Current(node.Value);
    }

    /// <summary>Called before the queue is removed.</summary>
    public void OnRemoving(LinkedListNode<OutgoingQueue> node)
    {
        if (_next == node) _next = node.Next;
    }
}
