namespace Gateway.Client;

/// <summary>A message in a queue, as a peek returns it. Peeking takes no lease.</summary>
/// <param name="Number">Its place in the queue; numbers rise, with holes. Go on from here with <c>after</c>.</param>
/// <param name="Id">The message's id.</param>
/// <param name="Deliveries">How often it has been delivered; 0 for never.</param>
/// <param name="Headers">The headers; empty when it has none.</param>
/// <param name="EnqueuedAt">When the first gateway accepted it.</param>
/// <param name="ExpiresAt">When it becomes a dead letter; null for never.</param>
/// <param name="Source">The name of the gateway that accepted it.</param>
/// <param name="Body">The application's bytes.</param>
public sealed record BrowsedMessage(
    long Number,
    MessageId Id,
    int Deliveries,
    IReadOnlyDictionary<string, string> Headers,
    DateTimeOffset EnqueuedAt,
    DateTimeOffset? ExpiresAt,
    string Source,
    ReadOnlyMemory<byte> Body);
