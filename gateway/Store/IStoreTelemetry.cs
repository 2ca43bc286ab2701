using Gateway.Store.Messages;

namespace Gateway.Store;

/// <summary>
/// Observes the store, on the store's thread. Each method returns at once and throws nothing; its effects do not influence the store.
/// </summary>
internal interface IStoreTelemetry
{
    /// <summary>A group is durable.</summary>
    /// <param name="commands">The number of its commands; 0 for housekeeping.</param>
    void Committed(int commands, long bytes, TimeSpan took);

    /// <summary>A message becomes a dead letter. Its group may not be durable yet; if it never becomes durable, the process ends.</summary>
    void DeadLettered(QueueId queue, DeadLetterReason reason);
}
