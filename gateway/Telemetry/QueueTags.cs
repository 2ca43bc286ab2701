using Gateway.Store.Messages;

namespace Gateway.Telemetry;

/// <summary>
/// The attributes of each queue, created once. Applications choose queue names, so the number of named queues is limited; all further
/// queues are counted together. Owned by one thread.
/// </summary>
internal sealed class QueueTags
{
    /// <summary>The number of queues named in the metrics; each takes a series of every metric by queue.</summary>
    public const int QueuesMax = 500;

    /// <summary>The name for all other queues; no queue can have it.</summary>
    public const string Other = "(other)";

    private readonly Dictionary<QueueId, KeyValuePair<string, object?>[]> _known = [];
    private readonly Dictionary<(QueueKind Kind, string Peer), KeyValuePair<string, object?>[]> _others = [];

    /// <summary>The queue's name, its kind and, for an outgoing queue, its peer as the last.</summary>
    public KeyValuePair<string, object?>[] Of(QueueId queue)
    {
        if (_known.TryGetValue(queue, out var known)) return known;
        return _known.Count < QueuesMax ? _known[queue] = Make(queue, queue.Name) : OfOthers(queue);
    }

    /// <summary>The queue has its own series.</summary>
    public bool IsKnown(QueueId queue) => _known.ContainsKey(queue);

    /// <summary>The attributes shared by all queues of the same kind and peer without their own series.</summary>
    public KeyValuePair<string, object?>[] OfOthers(QueueId queue)
    {
        // The configuration names the peers, and named a few others before; if there are too many, the others are no longer told apart.
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
