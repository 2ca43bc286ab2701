namespace Gateway.Store;

/// <summary>
/// Is told what the store does, on the store's thread. Each method returns at once and throws nothing; what comes of it changes nothing for
/// the store.
/// </summary>
internal interface IStoreTelemetry
{
    /// <summary>A group is on the disk.</summary>
    /// <param name="commands">How many commands it was for; 0 for housekeeping.</param>
    void Committed(int commands, long bytes, TimeSpan took);

    /// <summary>A message becomes a dead letter. Its group may not be durable yet; if it never is, the process ends.</summary>
    void DeadLettered(QueueId queue, DeadLetterReason reason);
}
