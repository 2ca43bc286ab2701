namespace Gateway.Client.Testing;

/// <summary>A message that the gateway has accepted, whatever became of it.</summary>
/// <param name="Destination">The destination, as the application gave it.</param>
/// <param name="Id">The message's id.</param>
/// <param name="Headers">The headers; empty if there are none.</param>
/// <param name="Body">The message body.</param>
/// <param name="EnqueuedAt">The time of acceptance.</param>
/// <param name="ExpiresAt">The time at which it becomes a dead letter; null for never.</param>
public sealed record EnqueuedMessage(
    string Destination,
    MessageId Id,
    IReadOnlyDictionary<string, string> Headers,
    ReadOnlyMemory<byte> Body,
    DateTimeOffset EnqueuedAt,
    DateTimeOffset? ExpiresAt);
