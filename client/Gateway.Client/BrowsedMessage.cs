namespace Gateway.Client;

/// <summary>A message in a queue, as a peek returns it. Peeking takes no lease.</summary>
/// <param name="Number">The number in the queue; numbers rise, with gaps. Pass it as <c>after</c> to continue from here.</param>
/// <param name="Id">The message's id.</param>
/// <param name="Deliveries">The number of deliveries; 0 for none.</param>
/// <param name="Headers">The headers; empty if there are none.</param>
/// <param name="EnqueuedAt">The time at which the first gateway accepted the message.</param>
/// <param name="ExpiresAt">The time at which it becomes a dead letter; null for never.</param>
/// <param name="Source">The name of the gateway that first accepted the message.</param>
/// <param name="Body">The message body.</param>
public sealed record BrowsedMessage(
    long Number,
    MessageId Id,
    int Deliveries,
    IReadOnlyDictionary<string, string> Headers,
    DateTimeOffset EnqueuedAt,
    DateTimeOffset? ExpiresAt,
    string Source,
    ReadOnlyMemory<byte> Body);
