namespace Gateway.Links;

/// <summary>
/// The queues for which the peer lacks room that they share: in its store, on its disk, among the queues that it may have. They stand in
/// the order in which they wanted to send. One of them asks again after a while; with each that is taken one more may ask, so that much
/// room is filled quickly; and when one is refused again, all wait. So a peer without room is asked by one queue, however many wait, and
/// none that comes later takes the room from those that came before: consumers that wait for the first ones would otherwise never make any.
/// Owned by the link.
/// </summary>
internal sealed class RoomLine
{
    private const int AskingMax = 4096;

    /// <summary>A peer that refuses again and again is asked so much more seldom.</summary>
    private const int SlowerMax = 10;

    private readonly PriorityQueue<OutgoingQueue, long> _waiting = new();
    private long _lastTicket;
    private int _asking;
    private int _askingMax = 1;
    private TimeSpan _wait;
    private bool _hasTaken;

    /// <summary>Nobody waits: whatever comes may be sent.</summary>
    public bool IsEmpty => _waiting.Count == 0 && _asking == 0;

    /// <summary>When the next of them may ask; null when none waits for a time.</summary>
    public TimeSpan? NextTurn => _waiting.Count > 0 && _asking < _askingMax ? AskAt : null;

    /// <summary>None asks before.</summary>
    private TimeSpan AskAt { get; set; }

    /// <summary>The queue wants to begin, and others wait.</summary>
    public void Join(OutgoingQueue queue)
    {
        queue.WaitForRoom();
        Enqueue(queue);
    }

    /// <summary>The peer stands at a number of the queue, and has no room for it, nor for others.</summary>
    /// <param name="retryAfter">What the peer asks for.</param>
    public void OnRefused(OutgoingQueue queue, long number, TimeSpan now, TimeSpan retryAfter)
    {
        queue.WaitForRoom(number);
        Enqueue(queue);
        // What was sent together is refused together.
        if (now < AskAt) return;
        _wait = _hasTaken || _wait < retryAfter ? retryAfter : _wait * 2 < retryAfter * SlowerMax ? _wait * 2 : retryAfter * SlowerMax;
        _hasTaken = false;
        _askingMax = 1;
        AskAt = now + _wait;
    }

    /// <summary>The peer has taken something of the queue.</summary>
    public void OnTaken(OutgoingQueue queue)
    {
        if (queue.Ticket == 0) return;
        Leave(queue);
        _hasTaken = true;
        if (_askingMax < AskingMax) _askingMax++;
    }

    /// <summary>The queue asks for nothing any more.</summary>
    public void Leave(OutgoingQueue queue)
    {
        if (queue.Ticket == 0) return;
        if (queue.IsAsking) _asking--;
        queue.LeaveRoomLine();
    }

    /// <summary>The next ones that may ask, in their order.</summary>
    public IEnumerable<OutgoingQueue> TakeTurns(TimeSpan now)
    {
        while (now >= AskAt && _asking < _askingMax && _waiting.TryDequeue(out var queue, out var ticket))
        {
            // It may have left.
            if (queue.Ticket != ticket || queue.IsAsking) continue;
            _asking++;
            queue.AskForRoom();
            yield return queue;
        }
    }

    /// <summary>The connection is gone; its queues know.</summary>
    public void Clear()
    {
        _waiting.Clear();
        _asking = 0;
        _askingMax = 1;
        _wait = TimeSpan.Zero;
        _hasTaken = false;
        AskAt = TimeSpan.Zero;
    }

    /// <summary>With its old place, if it had one.</summary>
    private void Enqueue(OutgoingQueue queue)
    {
        if (queue.IsAsking) _asking--;
        queue.StandInRoomLine(queue.Ticket > 0 ? queue.Ticket : ++_lastTicket);
        _waiting.Enqueue(queue, queue.Ticket);
    }
}
