namespace Gateway.Links;

/// <summary>
/// The queues of one connection from a peer of which something is under way, and their sums: how much waits for the store, how many were
/// told to wait or to send again, and which have news for the sender. A queue that is idle is forgotten. Owned by its link.
/// </summary>
internal sealed class IncomingQueues
{
    private const int RetryAfterMsMin = 1000;
    private const int RetryAfterMsMax = 60_000;

    /// <summary>When the room that is lacking is shared, one queue asks for all.</summary>
    private const int RetrySharedAfterMs = 100;

    /// <summary>For each so many queues that wait for room, each asks again the later.</summary>
    private const int FullPerRetry = 100;

    /// <summary>
    /// Queues of which it is remembered that they were told to wait or to send again; of more, each batch that comes too early is answered.
    /// </summary>
    private const int HaltedMax = 20_000;

    private readonly Dictionary<string, IncomingQueue> _queues = [];
    private readonly List<IncomingQueue> _toAcknowledge = [];
    private int _halted;

    /// <summary>How many are kept account of.</summary>
    public int Count => _queues.Count;

    /// <summary>What the sender has in its window, and the store has not answered, of all queues.</summary>
    public long BytesUnderWay { get; private set; }

    /// <summary>
    /// After which time a queue without room is to try again: of those that lack room of their own the later, the more wait.
    /// </summary>
    public int RetryAfterMs(bool isOfQueue) =>
        isOfQueue ? (int)Math.Min(RetryAfterMsMax, RetryAfterMsMin * (1L + (_halted / FullPerRetry))) : RetrySharedAfterMs;

    /// <summary>Those of which more has become durable since <see cref="OnAcknowledged"/>.</summary>
    public IReadOnlyList<IncomingQueue> ToAcknowledge => _toAcknowledge;

    public IncomingQueue? Find(string name) => _queues.GetValueOrDefault(name);

    public IncomingQueue Begin(string name, long previous)
    {
        var queue = new IncomingQueue(name) { Submitted = previous };
        _queues.Add(name, queue);
        return queue;
    }

    public void Acknowledge(IncomingQueue queue)
    {
        if (queue.IsToAcknowledge) return;
        queue.IsToAcknowledge = true;
        _toAcknowledge.Add(queue);
    }

    /// <summary>The sender has been told.</summary>
    public void OnAcknowledged()
    {
        foreach (var queue in _toAcknowledge)
        {
            queue.IsToAcknowledge = false;
            ForgetIdle(queue);
        }

        _toAcknowledge.Clear();
    }

    /// <summary>A connection may last for years, and its queues are ever new ones.</summary>
    public void ForgetIdle(IncomingQueue queue)
    {
        if (queue.UnderWay > 0 || queue.IsToAcknowledge || (queue.AwaitsResend && _halted <= HaltedMax)) return;
        Resume(queue);
        _queues.Remove(queue.Name);
    }

    public void AwaitResend(IncomingQueue queue)
    {
        if (queue.AwaitsResend) return;
        queue.AwaitsResend = true;
        _halted++;
    }

    public void Resume(IncomingQueue queue)
    {
        if (queue.AwaitsResend) _halted--;
        queue.AwaitsResend = false;
        queue.IsFull = false;
    }

    public void CountBytes(IncomingQueue queue, int bytes)
    {
        queue.BytesUnderWay += bytes;
        BytesUnderWay += bytes;
    }

    /// <summary>The sender was told to go back: what was under way counts no more.</summary>
    public void BeginRound(IncomingQueue queue)
    {
        queue.Round++;
        CountBytes(queue, -queue.BytesUnderWay);
    }
}
