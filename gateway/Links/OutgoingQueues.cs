namespace Gateway.Links;

/// <summary>
/// The outgoing queues of one link, and what is to be known of them together: sums, and the few of them that are in some state, kept as
/// they change. So nobody need look at each, however many there are. Owned by the link.
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

    /// <summary>Of all queues, sent and not acknowledged.</summary>
    public long OutstandingBytes { get; private set; }

    public long OutstandingMessages { get; private set; }

    /// <summary>The queue that has waited longest for an acknowledgement; null when nothing is outstanding.</summary>
    public OutgoingQueue? Slowest => _outstanding.First?.Value;

    public bool HasHeld => _heldCount > 0;

    /// <summary>When the first held queue may be tried again; null without one.</summary>
    public TimeSpan? NextHeld => _held.TryPeek(out _, out var until) ? until : null;

    /// <summary>Queues that had something outstanding when a connection ended, until the receiver has told where it stands.</summary>
    public IReadOnlyCollection<OutgoingQueue> Doubtful => _doubtful;

    public OutgoingQueue? Find(string name) => _byName.GetValueOrDefault(name);

    public void Add(OutgoingQueue queue) => _byName.Add(queue.Name, queue);

    /// <summary>Nothing is left of it to be known.</summary>
    public void Remove(OutgoingQueue queue)
    {
        _byName.Remove(queue.Name);
        queue.IsGone = true;
        if (queue.IsHeld) _heldCount--;
        _doubtful.Remove(queue);
    }

    /// <summary>The queue may have something to send.</summary>
    public void GiveTurn(OutgoingQueue queue)
    {
        if (queue.HasTurn) return;
        queue.HasTurn = true;
        _turns.Enqueue(queue);
    }

    /// <summary>The next queue that may have something to send; null when there is none.</summary>
    public OutgoingQueue? TakeTurn()
    {
        if (!_turns.TryDequeue(out var queue)) return null;
        queue.HasTurn = false;
        return queue;
    }

    /// <summary>The connection is gone: nobody sends.</summary>
    public void ForgetTurns()
    {
        while (TakeTurn() is not null)
        {
            // Each may get one again.
        }

        _held.Clear();
    }

    /// <summary>The held queues whose time has come get their turn.</summary>
    public void GiveTurnToHeld(TimeSpan now)
    {
        while (_held.TryPeek(out var queue, out var until) && until <= now)
        {
            _held.Dequeue();
            if (queue.IsHeld) GiveTurn(queue);
        }
    }

    /// <summary>More, or less, of a queue is outstanding than before.</summary>
    public void CountOutstanding(OutgoingQueue queue, int bytes, int messages)
    {
        OutstandingBytes += bytes;
        OutstandingMessages += messages;
        if (queue.OutstandingMessages > 0 && queue.Place is null) queue.Place = _outstanding.AddLast(queue);
        if (queue.OutstandingMessages > 0 || queue.Place is null) return;
        _outstanding.Remove(queue.Place);
        queue.Place = null;
    }

    /// <summary>Something of the queue was acknowledged just now: no other waits for less long.</summary>
    public void Progressed(OutgoingQueue queue)
    {
        if (queue.Place is null) return;
        _outstanding.Remove(queue.Place);
        _outstanding.AddLast(queue.Place);
    }

    /// <param name="until">When it may be tried again.</param>
    public void Held(OutgoingQueue queue, TimeSpan until) => _held.Enqueue(queue, until);

    public void CountHeld() => _heldCount++;

    public void Unheld() => _heldCount--;

    public void SetDoubtful(OutgoingQueue queue, bool isDoubtful)
    {
        if (isDoubtful) _doubtful.Add(queue);
        else _doubtful.Remove(queue);
    }
}
