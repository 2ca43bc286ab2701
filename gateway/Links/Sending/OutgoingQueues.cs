namespace Gateway.Links.Sending;

/// <summary>
/// The outgoing queues of one link, and their common state: sums, and the few queues in special states, updated as they change. No
/// operation has to visit every queue, however many there are: the end of a connection is told to the queues with messages outstanding at
/// once, and to each other one before anything else happens to it. A walk over all of them is made in pieces. Owned by the link.
/// </summary>
internal sealed class OutgoingQueues
{
    private readonly Dictionary<string, LinkedListNode<OutgoingQueue>> _byName = [];

    /// <summary>In the order of their addition.</summary>
    private readonly LinkedList<OutgoingQueue> _all = [];
    private readonly Queue<OutgoingQueue> _turns = [];
    private readonly LinkedList<OutgoingQueue> _outstanding = [];
    private readonly PriorityQueue<OutgoingQueue, TimeSpan> _held = new();
    private readonly HashSet<OutgoingQueue> _doubtful = [];
    private readonly List<QueueWalk> _walks = [];
    private int _heldCount;
    private int _connection;

    /// <summary>In the order of their addition; they may not know of the end of the last connection yet.</summary>
    public IReadOnlyCollection<OutgoingQueue> All => _all;

    /// <summary>The queue added before all others; null without any.</summary>
    public LinkedListNode<OutgoingQueue>? First => _all.First;

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

    public OutgoingQueue? Find(string name) => _byName.TryGetValue(name, out var node) ? Current(node.Value) : null;

    public void Add(OutgoingQueue queue)
    {
        queue.Connection = _connection;
        _byName.Add(queue.Name, _all.AddLast(queue));
    }

    /// <summary>Makes a walk for one of the link's parts, which keeps it for all its walks.</summary>
    public QueueWalk NewWalk()
    {
        var walk = new QueueWalk(this);
        _walks.Add(walk);
        return walk;
    }

    /// <summary>Tells a queue the end of a connection, if it does not know yet.</summary>
    public OutgoingQueue Current(OutgoingQueue queue)
    {
        if (queue.Connection == _connection) return queue;
        queue.Suspend();
        queue.Connection = _connection;
        return queue;
    }

    /// <summary>Forgets a queue.</summary>
    public void Remove(OutgoingQueue queue)
    {
        Current(queue);
        if (_byName.Remove(queue.Name, out var node))
        {
            foreach (var walk in _walks) walk.OnRemoving(node);
            _all.Remove(node);
        }

        queue.IsGone = true;
        if (queue.Room.IsHeld) _heldCount--;
        _doubtful.Remove(queue);
    }

    /// <summary>The queue may have something to send.</summary>
    public void GiveTurn(OutgoingQueue queue)
    {
        if (Current(queue).HasTurn) return;
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

    /// <summary>
    /// The connection is lost: nothing is sent, and nothing is outstanding. As many queues are told at once as the window had messages.
    /// </summary>
    public void EndConnection()
    {
        _connection++;
        while (_outstanding.First is { Value: var queue }) Current(queue);
        _turns.Clear();
        _held.Clear();
        _heldCount = 0;
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

    public void Unheld(OutgoingQueue queue)
    {
        if (queue.Connection == _connection) _heldCount--;
    }

    public void SetDoubtful(OutgoingQueue queue, bool isDoubtful)
    {
        if (isDoubtful) _doubtful.Add(queue);
        else _doubtful.Remove(queue);
    }
}
