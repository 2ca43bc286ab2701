namespace Gateway.Links.Receiving;

/// <summary>
/// The queues of one connection from a peer with something under way, and their sums: the bytes waiting for the store, the queues told to
/// wait or resend, and those to acknowledge. An idle queue is forgotten. Owned by its link.
/// </summary>
internal sealed class IncomingQueues
{
    private const int RetryAfterMsMin = 1000;
    private const int RetryAfterMsMax = 60_000;

    /// <summary>If the missing room is shared, one queue asks for all of them.</summary>
    private const int RetrySharedAfterMs = 100;

    /// <summary>Each such number of queues waiting for room lengthens the retry time of each.</summary>
    private const int FullPerRetry = 100;

    /// <summary>The number of queues remembered as told to wait or resend; beyond it, each early batch of a queue is answered.</summary>
    private const int HaltedMax = 20_000;

    private readonly Dictionary<string, IncomingQueue> _queues = [];
    private readonly List<IncomingQueue> _toAcknowledge = [];
    private int _halted;

    /// <summary>The number of queues held in memory.</summary>
    public int Count => _queues.Count;

    /// <summary>The bytes of all queues in the sender's window without an answer from the store.</summary>
    public long BytesUnderWay { get; private set; }

    /// <summary>
    /// The time after which a queue without room is to retry. If the queues lack room of their own, it grows with the number waiting.
    /// </summary>
    public int RetryAfterMs(bool isOfQueue) =>
        isOfQueue ? (int)Math.Min(RetryAfterMsMax, RetryAfterMsMin * (1L + (_halted / FullPerRetry))) : RetrySharedAfterMs;

    /// <summary>Queues of which more has become durable since <see cref="OnAcknowledged"/>.</summary>
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

    /// <summary>The acknowledgements were sent.</summary>
    public void OnAcknowledged()
    {
        foreach (var queue in _toAcknowledge)
        {
            queue.IsToAcknowledge = false;
            ForgetIdle(queue);
        }

        _toAcknowledge.Clear();
    }

    /// <summary>Forgets an idle queue: a connection may last for years, with ever new queues.</summary>
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

    /// <summary>The sender was told to go back: batches under way no longer count.</summary>
    public void BeginRound(IncomingQueue queue)
    {
        queue.Round++;
        CountBytes(queue, -queue.BytesUnderWay);
    }
}
