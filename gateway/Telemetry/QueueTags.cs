using Gateway.Store;

namespace Gateway.Telemetry;

/// <summary>
/// The attributes of each queue, made once. Names of queues are the applications' to choose, so their number has a bound: what comes after
/// it is counted together. One thread owns it.
/// </summary>
internal sealed class QueueTags
{
    /// <summary>So many queues have a name of their own in the metrics; each takes a series of every metric by queue.</summary>
    public const int QueuesMax = 500;

    /// <summary>Stands for all others; no queue can have this name.</summary>
    public const string Other = "(other)";

    private readonly Dictionary<QueueId, KeyValuePair<string, object?>[]> _known = [];
    private readonly Dictionary<(QueueKind Kind, string Peer), KeyValuePair<string, object?>[]> _others = [];

    /// <summary>The queue's name, its kind, and last the peer of an outgoing queue.</summary>
    public KeyValuePair<string, object?>[] Of(QueueId queue)
    {
        if (_known.TryGetValue(queue, out var known)) return known;
        return _known.Count < QueuesMax ? _known[queue] = Make(queue, queue.Name) : OfOthers(queue);
    }

    /// <summary>The queue has a series of its own.</summary>
    public bool IsKnown(QueueId queue) => _known.ContainsKey(queue);

    /// <summary>Of all queues of its kind and peer that have no series of their own.</summary>
    public KeyValuePair<string, object?>[] OfOthers(QueueId queue)
    {
        // Peers are as many as the configuration names, and a few that it has named before; those are not told apart any more when there
        // are too many.
        var peer = queue.Kind == QueueKind.Outgoing
            && (_others.Count < QueuesMax || _others.ContainsKey((queue.Kind, queue.Peer))) ? queue.Peer : Other;
        if (!_others.TryGetValue((queue.Kind, peer), out var other))
            _others[(queue.Kind, peer)] = other = Make(queue.Kind == QueueKind.Outgoing ? QueueId.Outgoing(Other, peer) : queue, Other);
        return other;
    }

    private static KeyValuePair<string, object?>[] Make(QueueId queue, string name) => queue.Kind == QueueKind.Outgoing
        ? [new(TelemetryNames.Destination, name), new(TelemetryNames.QueueKind, "outgoing"), new(TelemetryNames.Peer, queue.Peer)]
        : [new(TelemetryNames.Destination, name), new(TelemetryNames.QueueKind, "inbound")];
}
