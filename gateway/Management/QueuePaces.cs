using Gateway.Store.Messages;

namespace Gateway.Management;

/// <summary>The rates of the queues that are watched; those not requested for a while are forgotten. Owned by the loop.</summary>
internal sealed class QueuePaces(LoopClock clock)
{
    /// <summary>Twice the queues that a state lists.</summary>
    private const int Max = 2 * QueueSurvey.ListedMax;

    private static readonly TimeSpan _forgetAfter = TimeSpan.FromSeconds(30);

    private readonly Dictionary<QueueId, QueuePace> _paces = [];

    /// <summary>The rates of each peer's acknowledgements; limited by the number of peers.</summary>
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
    /// The messages a peer acknowledged per second, over the last seconds. Messages that left a queue in another way (redirected, purged,
    /// expired) were not delivered.
    /// </summary>
    /// <param name="delivered">Their total since the gateway started.</param>
    public double SentTo(string peer, long delivered)
    {
        if (!_ofPeers.TryGetValue(peer, out var pace)) _ofPeers[peer] = pace = new QueuePace();
        pace.Count(delivered, 0, clock.Uptime);
        return pace.StoredPerSecond;
    }

    private void Forget()
    {
        foreach (var (queue, _) in _paces.Where(entry => entry.Value.AskedAt < clock.Uptime - _forgetAfter).ToList()) _paces.Remove(queue);
    }
}
