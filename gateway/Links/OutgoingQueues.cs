namespace Gateway.Links;

/// <summary>
/// The outgoing queues of one link, and their common state: sums, and the few queues in special states, updated as they change. No
/// operation has to visit every queue, however many there are. Owned by the link.
/// </summary>
internal sealed class OutgoingQueues
{
    private readonly Dictionary<string, OutgoingQueue> _byName = [];
    private readonly Queue<OutgoingQueue> _turns = [];
    private readonly LinkedList<OutgoingQueue> _outstanding = [];
    private readonly PriorityQueue<OutgoingQueue, TimeSpan> _held = new();
    private readonly HashSet<OutgoingQueue> _doubtful = [];
    private int _heldCount;

    public IReadOnlyCollection<OutgoingQueue> All => _byName.Values;

    public int Count => _byName.Count;

    /// <summary>The bytes sent and unacknowledged, over all queues.</summary>
    public long OutstandingBytes { get; private set; }

    public long OutstandingMessages { get; private set; }

    /// <summary>The queue that has waited longest for an acknowledgement; null if nothing is outstanding.</summary>
    public OutgoingQueue? Slowest => _outstanding.First?.Value;

    public bool HasHeld => _heldCount > 0;

    /// <summary>The time at which the first held queue may be retried; null if none is held.</summary>
    public TimeSpan? NextHeld => _held.TryPeek(out _, out var until) ? until : null;

    /// <summary>Queues with messages outstanding when a connection ended, until the receiver reports its position.</summary>
    public IReadOnlyCollection<OutgoingQueue> Doubtful => _doubtful;

    public OutgoingQueue? Find(string name) => _byName.GetValueOrDefault(name);

    public void Add(OutgoingQueue queue) => _byName.Add(queue.Name, queue);

    /// <summary>Forgets a queue.</summary>
    public void Remove(OutgoingQueue queue)
    {
        _byName.Remove(queue.Name);
        queue.IsGone = true;
        if (queue.Room.IsHeld) _heldCount--;
        _doubtful.Remove(queue);
    }

    /// <summary>The queue may have something to send.</summary>
    public void GiveTurn(OutgoingQueue queue)
    {
        if (queue.HasTurn) return;
        queue.HasTurn = true;
        _turns.Enqueue(queue);
    }

    /// <summary>Returns the next queue that may have something to send; null if there is none.</summary>
    public OutgoingQueue? TakeTurn()
    {
        if (!_turns.TryDequeue(out var queue)) return null;
        queue.HasTurn = false;
        return queue;
    }

    /// <summary>The connection is lost: nothing is sent.</summary>
    public void ForgetTurns()
    {
        while (TakeTurn() is not null)
        {
            // Each queue may get a turn again.
        }

        _held.Clear();
    }

    /// <summary>Gives a turn to the held queues whose time has come.</summary>
    public void GiveTurnToHeld(TimeSpan now)
    {
        while (_held.TryPeek(out var queue, out var until) && until <= now)
        {
            _held.Dequeue();
            if (queue.Room.IsHeld) GiveTurn(queue);
        }
    }

    /// <summary>The outstanding messages of a queue have changed.</summary>
    public void CountOutstanding(OutgoingQueue queue, int bytes, int messages)
    {
        OutstandingBytes += bytes;
        OutstandingMessages += messages;
        if (queue.OutstandingMessages > 0 && queue.Place is null) queue.Place = _outstanding.AddLast(queue);
        if (queue.OutstandingMessages > 0 || queue.Place is null) return;
        _outstanding.Remove(queue.Place);
        queue.Place = null;
    }

    /// <summary>Something of the queue was just acknowledged, so it moves behind all the others.</summary>
    public void Progressed(OutgoingQueue queue)
    {
        if (queue.Place is null) return;
        _outstanding.Remove(queue.Place);
        _outstanding.AddLast(queue.Place);
    }

    /// <param name="until">The time at which it may be retried.</param>
    public void Held(OutgoingQueue queue, TimeSpan until) => _held.Enqueue(queue, until);

    public void CountHeld() => _heldCount++;

    public void Unheld() => _heldCount--;

    public void SetDoubtful(OutgoingQueue queue, bool isDoubtful)
    {
        if (isDoubtful) _doubtful.Add(queue);
        else _doubtful.Remove(queue);
    }
}
