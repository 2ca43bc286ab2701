using Gateway.Store.Messages;

namespace Gateway.Inbox;

/// <summary>
/// Observes deliveries to consumers and their settlement, on the loop. Each method returns at once, throws nothing, and allocates nothing
/// for a message that is not traced.
/// </summary>
internal interface IInboxTelemetry
{
    /// <summary>A message was delivered to a consumer.</summary>
    /// <param name="deliveries">The delivery count, this delivery included.</param>
    void Delivered(QueueId queue, StoredMessage message, int deliveries);

    /// <summary>A delivery has ended.</summary>
    void Settled(QueueId queue, long number, Settlement how);
}
