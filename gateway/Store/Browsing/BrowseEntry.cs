using Gateway.Client;

namespace Gateway.Store.Browsing;

/// <summary>What is told of a message that was found; its bytes stay where they are.</summary>
internal sealed record BrowseEntry
{
    /// <summary>Its place: the number in the queue, or among the dead letters.</summary>
    public required long Number { get; init; }

    public required MessageId Id { get; init; }

    /// <summary>When the first gateway accepted it.</summary>
    public required long EnqueuedUnixMs { get; init; }

    /// <summary>0 for never.</summary>
    public required long ExpiresUnixMs { get; init; }

    public required string Source { get; init; }

    public required int HeadersBytes { get; init; }

    public required int BodyBytes { get; init; }

    /// <summary>The group that holds it.</summary>
    public required long Group { get; init; }

    /// <summary>How often a consumer has had it, as far as the store knows.</summary>
    public int Deliveries { get; init; }

    /// <summary>It was abandoned with a delay and waits until then; 0 if it need not.</summary>
    public long NotBeforeUnixMs { get; init; }

    /// <summary>How it stands; null where nobody has said it, as of a dead letter.</summary>
    public MessageState? State { get; init; }

    /// <summary>Why it is a dead letter, and of which queue; null for a message of a queue.</summary>
    public DeadLetter? DeadLetter { get; init; }

    public static BrowseEntry Of(QueueState queue, long number, long group, MessageView message)
    {
        var isReturned = queue.Returned.TryGetValue(number, out var returned);
        return Of(number, group, message) with
        {
            Deliveries = isReturned ? returned.Deliveries : number <= queue.DeliveredUpTo ? 1 : 0,
            NotBeforeUnixMs = isReturned ? returned.NotBeforeUnixMs : 0,
        };
    }

    public static BrowseEntry Of(DeadLetter letter, MessageView message) =>
        Of(letter.Number, letter.Group, message) with { DeadLetter = letter };

    private static BrowseEntry Of(long number, long group, MessageView message) => new()
    {
        Number = number,
        Id = message.Id,
        EnqueuedUnixMs = message.EnqueuedUnixMs,
        ExpiresUnixMs = message.ExpiresUnixMs,
        Source = message.Source,
        HeadersBytes = message.HeadersBytes,
        BodyBytes = message.BodyBytes,
        Group = group,
    };
}
