namespace Gateway.Client;

/// <summary>What may be said of a message beside its destination and body.</summary>
public record EnqueueOptions
{
    /// <summary>
    /// The message's id, when the application wants to repeat an Enqueue safely even after its own restart; the gateway accepts each id
    /// once. Null: the client makes one.
    /// </summary>
    public MessageId? MessageId { get; init; }

    /// <summary>Names and texts that travel with the message: by default at most 64, and 16 KiB as JSON. Null: none.</summary>
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    /// <summary>When the message shall become a dead letter instead of being delivered, to the millisecond. Null: never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}
