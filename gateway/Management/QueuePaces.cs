using Gateway.Store;

namespace Gateway.Management;

/// <summary>The rates of the queues that are watched; those not requested for a while are forgotten. Owned by the loop.</summary>
internal sealed class QueuePaces(LoopClock clock)
{
    /// <summary>Twice the queues that a state lists.</summary>
    private const int Max = 2 * QueueSurvey.ListedMax;

    private static readonly TimeSpan _forgetAfter = TimeSpan.FromSeconds(30);

    private readonly Dictionary<QueueId, QueuePace> _paces = [];

    /// <summary>The rates of all messages waiting for each peer; limited by the number of peers.</summary>
    private readonly Dictionary<string, QueuePace> _ofPeers = [];

    public QueuePace? Find(QueueId queue) => _paces.GetValueOrDefault(queue);

    /// <summary>Returns the queue's rates; null if there are too many queues already.</summary>
    public QueuePace? Of(QueueId queue)
    {
        if (!_paces.TryGetValue(queue, out var pace))
        {
            if (_paces.Count >= Max) Forget();
            if (_paces.Count >= Max) return null;
            _paces[queue] = pace = new QueuePace();
        }

        pace.AskedAt = clock.Uptime;
        return pace;
    }

    /// <summary>
    /// The decrease per second of the messages waiting for a peer, over the last seconds: a lower bound of the rate sent.
    /// </summary>
    public double DrainOf(string peer, long messages)
    {
        if (!_ofPeers.TryGetValue(peer, out var pace)) _ofPeers[peer] = pace = new QueuePace();
        pace.Count(0, messages, clock.Uptime);
        return pace.RemovedPerSecond;
    }

    private void Forget()
    {
        foreach (var (queue, _) in _paces.Where(entry => entry.Value.AskedAt < clock.Uptime - _forgetAfter).ToList()) _paces.Remove(queue);
    }
}
