using Gateway.Client.Wire;
using Gateway.Store.Messages;

namespace Gateway.Inbox;

/// <summary>A message from the store that consumers have had, hold, or will get again.</summary>
/// <param name="Stored">The message.</param>
/// <param name="Deliveries">The delivery count, the current delivery included.</param>
internal sealed record HeldMessage(StoredMessage Stored, int Deliveries)
{
    public int SizeBytes => MessageCodec.SizeBytes(Stored.Message);
}

/// <summary>One unsettled delivery.</summary>
internal sealed class Lease(DeliveryToken token, HeldMessage held, string connection, InboundQueue queue)
{
    public DeliveryToken Token { get; } = token;

    public HeldMessage Held { get; } = held;

    public string Connection { get; } = connection;

    public InboundQueue Queue { get; } = queue;

    /// <summary>The batch of leases granted together; null for an independent lease.</summary>
    public LeaseBatch? Batch { get; init; }

    /// <summary>The store knows of this delivery, and keeps it in the count.</summary>
    public bool IsRecorded { get; set; }

    /// <summary>The end of the lease, in the loop's uptime.</summary>
    public TimeSpan Deadline { get; set; }
}
