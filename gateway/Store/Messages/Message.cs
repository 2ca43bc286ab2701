using Gateway.Client;

namespace Gateway.Store.Messages;

/// <summary>A message as an application sent it. Immutable; the same in every store and on every link.</summary>
internal sealed record Message
{
    public required MessageId Id { get; init; }

    /// <summary>The time at which the first gateway accepted it, milliseconds since 1970 UTC, by that gateway's clock.</summary>
    public required long EnqueuedUnixMs { get; init; }

    /// <summary>The time after which it becomes a dead letter instead of being delivered; 0 for never.</summary>
    public long ExpiresUnixMs { get; init; }

    /// <summary>The name of the gateway that accepted it.</summary>
    public required string Source { get; init; }

    /// <summary>A JSON object of strings in UTF-8, or empty.</summary>
    public ReadOnlyMemory<byte> Headers { get; init; }

    public ReadOnlyMemory<byte> Body { get; init; }

    public bool IsExpired(DateTimeOffset now) => ExpiresUnixMs != 0 && ExpiresUnixMs <= now.ToUnixTimeMilliseconds();
}

/// <summary>A message at its place in a queue.</summary>
/// <param name="Number">Its sequence number in the queue.</param>
/// <param name="Message">The message.</param>
/// <param name="Deliveries">The number of deliveries to consumers, as far as the store knows.</param>
/// <param name="NotBeforeUnixMs">The end of the delay with which it was abandoned; 0 if there is none.</param>
internal sealed record StoredMessage(long Number, Message Message, int Deliveries = 0, long NotBeforeUnixMs = 0)
{
    /// <summary>The group of blocks in which it was found or placed; 0 if not determined.</summary>
    public long Group { get; init; }
}
