using Gateway.Client.Wire;

namespace Gateway.Store.Messages;

/// <summary>
/// Gives each message to one of several queues, instead of a copy to each. Immutable: the standing of the queues is that of the moment at
/// which it was made.
/// </summary>
/// <param name="Queues">At least one, in the order of the route.</param>
internal abstract record Spread(IReadOnlyList<QueueId> Queues);

/// <summary>Each message to the queue that is up and has the fewest messages waiting.</summary>
/// <param name="Up">For each queue, whether its messages are under way to where they go.</param>
/// <param name="Turn">Among equals the search begins here, so that they take turns.</param>
internal sealed record SharedQueues(IReadOnlyList<QueueId> Queues, IReadOnlyList<bool> Up, int Turn) : Spread(Queues);

/// <summary>Messages of one key always to the same queue.</summary>
/// <param name="Destinations">
/// The queues as routes name them, <c>queue@peer</c>, in the same order: with these names every gateway that has the route finds the same
/// destination for a key, also the one that has a destination for its own.
/// </param>
/// <param name="KeyHeader">The header that holds the key.</param>
internal sealed record PartitionedQueues(IReadOnlyList<QueueId> Queues, IReadOnlyList<string> Destinations, string KeyHeader)
    : Spread(Queues)
{
    /// <summary>The place of the message's queue; null for a message without a key.</summary>
    /// <param name="headers">Valid headers.</param>
    public int? PlaceOf(ReadOnlySpan<byte> headers) =>
        HeadersJson.Find(headers, KeyHeader) is { Length: > 0 } key ? Rendezvous.Choose(key, Destinations) : null;
}
