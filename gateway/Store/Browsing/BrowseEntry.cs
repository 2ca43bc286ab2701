using Gateway.Client;
using Gateway.Store.Messages;
using Gateway.Store.State;

namespace Gateway.Store.Browsing;

/// <summary>The metadata of a message found; its bytes are not loaded.</summary>
internal sealed record BrowseEntry
{
    /// <summary>Its number in the queue, or among the dead letters.</summary>
    public required long Number { get; init; }

    public required MessageId Id { get; init; }

    /// <summary>The time at which the first gateway accepted it.</summary>
    public required long EnqueuedUnixMs { get; init; }

    /// <summary>0 for never.</summary>
    public required long ExpiresUnixMs { get; init; }

    public required string Source { get; init; }

    public required int HeadersBytes { get; init; }

    public required int BodyBytes { get; init; }

    /// <summary>The group that contains it.</summary>
    public required long Group { get; init; }

    /// <summary>The number of deliveries to consumers, as far as the store knows; null for a dead letter, which has none kept.</summary>
    public int? Deliveries { get; init; }

    /// <summary>The end of the delay with which it was abandoned; 0 if there is none.</summary>
    public long NotBeforeUnixMs { get; init; }

    /// <summary>Its state; null if undetermined, as for a dead letter.</summary>
    public MessageState? State { get; init; }

    /// <summary>The reason it is a dead letter, and its queue; null for a message of a queue.</summary>
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
