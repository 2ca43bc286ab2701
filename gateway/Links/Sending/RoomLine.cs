namespace Gateway.Links.Sending;

/// <summary>
/// The queues that share a lack of room at the peer: in its store, on its disk, or in its number of queues. They wait in the order in which
/// they wanted to send. One of them asks again after a while; each success lets one more ask, so that much room fills quickly; a refusal
/// makes all of them wait again. So one queue asks a peer without room, however many wait, and no later queue takes the room from the
/// earlier ones: consumers that wait for the first ones would otherwise never free any. Owned by the link.
/// </summary>
internal sealed class RoomLine
{
    private const int AskingMax = 4096;

    /// <summary>The factor by which repeated refusals lengthen the wait at most.</summary>
    private const int SlowerMax = 10;

    private readonly PriorityQueue<OutgoingQueue, long> _waiting = new();
    private long _lastTicket;
    private int _asking;
    private int _askingMax = 1;
    private TimeSpan _wait;
    private bool _hasTaken;

    /// <summary>No queue waits: any may send.</summary>
    public bool IsEmpty => _waiting.Count == 0 && _asking == 0;

    /// <summary>The time at which the next queue may ask; null if none waits for a time.</summary>
    public TimeSpan? NextTurn => _waiting.Count > 0 && _asking < _askingMax ? AskAt : null;

    /// <summary>No queue asks before this time.</summary>
    private TimeSpan AskAt { get; set; }

    /// <summary>The queue wants to begin while others wait.</summary>
    public void Join(OutgoingQueue queue)
    {
        queue.WaitForRoom();
        Enqueue(queue);
    }

    /// <summary>The peer has reported its position in the queue, and no room for it or others.</summary>
    /// <param name="retryAfter">The delay requested by the peer.</param>
    public void OnRefused(OutgoingQueue queue, long number, TimeSpan now, TimeSpan retryAfter)
    {
        queue.WaitForRoom(number);
        Enqueue(queue);
        // Batches sent together are refused together.
        if (now < AskAt) return;
        _wait = _hasTaken || _wait < retryAfter ? retryAfter : _wait * 2 < retryAfter * SlowerMax ? _wait * 2 : retryAfter * SlowerMax;
        _hasTaken = false;
        _askingMax = 1;
        AskAt = now + _wait;
    }

    /// <summary>The peer has taken something of the queue.</summary>
    public void OnTaken(OutgoingQueue queue)
    {
        if (queue.Room.Ticket == 0) return;
        Leave(queue);
        _hasTaken = true;
        if (_askingMax < AskingMax) _askingMax++;
    }

    /// <summary>The queue no longer asks.</summary>
    public void Leave(OutgoingQueue queue)
    {
        if (queue.Room.Ticket == 0) return;
        if (queue.Room.IsAsking) _asking--;
        queue.Room.LeaveLine();
    }

    /// <summary>Returns the next queues that may ask, in their order.</summary>
    public IEnumerable<OutgoingQueue> TakeTurns(TimeSpan now)
    {
        while (now >= AskAt && _asking < _askingMax && _waiting.TryDequeue(out var queue, out var ticket))
        {
            // The queue may have left.
            if (queue.Room.Ticket != ticket || queue.Room.IsAsking) continue;
            _asking++;
            queue.Room.Ask();
            yield return queue;
        }
    }

    /// <summary>The connection is lost; the queues are informed separately.</summary>
    public void Clear()
    {
        _waiting.Clear();
        _asking = 0;
        _askingMax = 1;
        _wait = TimeSpan.Zero;
        _hasTaken = false;
        AskAt = TimeSpan.Zero;
    }

    /// <summary>With its former place, if it had one.</summary>
    private void Enqueue(OutgoingQueue queue)
    {
        if (queue.Room.IsAsking) _asking--;
        queue.Room.StandInLine(queue.Room.Ticket > 0 ? queue.Room.Ticket : ++_lastTicket);
        _waiting.Enqueue(queue, queue.Room.Ticket);
    }
}
