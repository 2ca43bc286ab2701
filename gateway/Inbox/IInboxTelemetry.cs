using Gateway.Store;

namespace Gateway.Inbox;

/// <summary>
/// Is told what consumers get and do with it, on the loop. Each method returns at once, throws nothing, and allocates nothing for a message
/// of which nobody wants a trace.
/// </summary>
internal interface IInboxTelemetry
{
    /// <summary>A consumer got a message.</summary>
    /// <param name="deliveries">How often it was delivered, this time counted.</param>
    void Delivered(QueueId queue, StoredMessage message, int deliveries);

    /// <summary>A delivery has ended.</summary>
    void Settled(QueueId queue, long number, Settlement how);
}
