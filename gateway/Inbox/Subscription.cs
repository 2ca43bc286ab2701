using Gateway.Client.Wire;

namespace Gateway.Inbox;

/// <summary>One consumer's request for messages of one queue. Owned by the queue's inbox.</summary>
/// <param name="replies">Null for a part of the gateway.</param>
internal sealed class Subscription(string connection, RequestId id, InboundQueue queue, IReplies? replies)
{
    /// <summary>A lease that does not end.</summary>
    public static readonly TimeSpan Endless = TimeSpan.MaxValue;

    /// <summary>The connection that opened the subscription and whose end closes it.</summary>
    public string Connection { get; } = connection;

    public RequestId Id { get; } = id;

    public InboundQueue Queue { get; } = queue;

    /// <summary>The number of further messages that may be sent.</summary>
    public int Credit { get; set; }

    public TimeSpan Lease { get; set; }

    /// <summary>The batch of the messages delivered here; null for independent leases.</summary>
    public LeaseBatch? Batch { get; set; }

    /// <summary>The consumer is a part of the gateway.</summary>
    public IInnerConsumer? Inner { get; init; }

    /// <summary>Hands a message to the consumer.</summary>
    public void Deliver(Lease lease)
    {
        var (stored, deliveries) = lease.Held;
        if (Inner is not null)
        {
            Inner.OnDelivered(new InnerDelivery(lease.Token, stored, deliveries));
            return;
        }

        var message = stored.Message;
        replies?.Send(new Reply.Delivery(Id, lease.Token, new DeliveredMessage(
            message.Id,
            deliveries,
            message.Headers,
            message.EnqueuedUnixMs,
            message.ExpiresUnixMs,
            message.Source,
            message.Body)));
    }

    /// <summary>Tells an application that a part of the gateway empties the queue from now on.</summary>
    public void Reject(string text) => replies?.Send(new Reply.Rejected(Id, WireCode.NotAuthorised, text));
}
