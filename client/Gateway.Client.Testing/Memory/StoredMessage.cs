using Gateway.Client.Wire;

namespace Gateway.Client.Testing.Memory;

/// <summary>A message in a queue. Owned by the store.</summary>
/// <param name="queue">The queue that holds it.</param>
/// <param name="number">Its number there.</param>
/// <param name="message">The message; its count of deliveries is kept here instead.</param>
internal sealed class StoredMessage(MemoryQueue queue, long number, DeliveredMessage message)
{
    public MemoryQueue Queue { get; } = queue;

    public long Number { get; } = number;

    public DeliveredMessage Message { get; } = message;

    public int Deliveries { get; set; }

    /// <summary>When its delay is over, in the time of the gateway; it may be past.</summary>
    public TimeSpan AvailableAt { get; set; }

    /// <summary>A consumer holds it.</summary>
    public bool IsLeased { get; set; }

    public long SizeBytes => Message.Headers.Length + Message.Body.Length;

    public bool IsExpired(long nowUnixMs) => Message.ExpiresUnixMs != 0 && Message.ExpiresUnixMs <= nowUnixMs;

    /// <summary>The message as a consumer sees it.</summary>
    public DeliveredMessage ToDelivered() => Message with { Deliveries = Deliveries };

    /// <summary>The message as a peek shows it.</summary>
    public BrowsedMessage ToBrowsed() => new(
        Number,
        Message.Id,
        Deliveries,
        HeadersJson.TryRead(Message.Headers, out var headers) ? headers : new Dictionary<string, string>(),
        DateTimeOffset.FromUnixTimeMilliseconds(Message.EnqueuedUnixMs),
        GatewayClient.ExpiryOf(Message),
        Message.Source,
        Message.Body);
}
