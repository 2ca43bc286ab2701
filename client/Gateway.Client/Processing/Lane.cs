namespace Gateway.Client.Processing;

/// <summary>
/// The messages of one key in the hand of a processor: at most one is being handled, the others wait for it. While a failed message waits
/// in the gateway for its retry, the lane is parked: nothing overtakes it. Owned by the schedule.
/// </summary>
internal sealed class Lane<TJob>(string key)
    where TJob : Job
{
    public string Key { get; } = key;

    /// <summary>The message that is ready, handled or being settled; null for none.</summary>
    public TJob? Current { get; set; }

    /// <summary>The messages behind it, in the order of the queue.</summary>
    public LinkedList<TJob> Waiting { get; } = [];

    /// <summary>The failed message that is to come back first; null for none.</summary>
    public MessageId? Awaited { get; set; }

    /// <summary>When the awaited message becomes available again.</summary>
    public TimeSpan AwaitedAt { get; set; }

    /// <summary>The awaited message was available when the schedule last looked.</summary>
    public bool IsDue { get; set; }

    /// <summary>When a message of the lane was last settled.</summary>
    public TimeSpan ProgressAt { get; set; }

    public bool IsEmpty => Current is null && Waiting.Count == 0 && Awaited is null;
}
