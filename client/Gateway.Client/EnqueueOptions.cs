namespace Gateway.Client;

/// <summary>The optional properties of an outgoing message.</summary>
public record EnqueueOptions
{
    /// <summary>
    /// The message's id. Set it to retry an Enqueue safely even after the application restarts: the gateway accepts each id once. Null: the
    /// client creates one.
    /// </summary>
    public MessageId? MessageId { get; init; }

    /// <summary>Names and texts that travel with the message: by default at most 64 entries, and 16 KiB as JSON. Null: none.</summary>
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    /// <summary>
    /// What the message is about, such as the number of a customer: a route that partitions leads all messages of one key to one
    /// destination, in order. It travels as the header <c>key</c>. Null: none.
    /// </summary>
    public string? Key { get; init; }

    /// <summary>The time, to the millisecond, at which an undelivered message becomes a dead letter. Null: never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}
