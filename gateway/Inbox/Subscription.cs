using Gateway.Client.Wire;

namespace Gateway.Inbox;

/// <summary>One consumer's request for messages of one queue. Owned by the queue's inbox.</summary>
internal sealed class Subscription(string connection, RequestId id, InboundQueue queue, IReplies replies)
{
    /// <summary>The connection that opened the subscription and whose end closes it.</summary>
    public string Connection { get; } = connection;

    public RequestId Id { get; } = id;

    public InboundQueue Queue { get; } = queue;

    /// <summary>The number of further messages that may be sent.</summary>
    public int Credit { get; set; }

    public TimeSpan Lease { get; set; }

    /// <summary>The batch of the messages delivered here; null for independent leases.</summary>
    public LeaseBatch? Batch { get; set; }

    public void Send(Reply reply) => replies.Send(reply);
}
