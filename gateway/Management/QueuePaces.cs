using Gateway.Store;

namespace Gateway.Management;

/// <summary>The pace of each queue that somebody looks at; what nobody has looked at for a while is forgotten. Owned by the loop.</summary>
internal sealed class QueuePaces(LoopClock clock)
{
    /// <summary>Twice what a state lists.</summary>
    private const int Max = 2 * QueueSurvey.ListedMax;

    private static readonly TimeSpan _forgetAfter = TimeSpan.FromSeconds(30);

    private readonly Dictionary<QueueId, QueuePace> _paces = [];

    /// <summary>Of what waits for each peer as a whole; bounded by the peers.</summary>
    private readonly Dictionary<string, QueuePace> _ofPeers = [];

    public QueuePace? Find(QueueId queue) => _paces.GetValueOrDefault(queue);

    /// <summary>Null when there are too many already.</summary>
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

    /// <summary>How much less a second waits for a peer, over the last seconds: so much was sent at least.</summary>
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
