using Gateway.Client.Wire;

namespace Gateway.Inbox;

/// <summary>One consumer's wish for messages of one queue. Owned by the queue's inbox.</summary>
internal sealed class Subscription(string connection, RequestId id, InboundQueue queue, Action<Reply> send)
{
    /// <summary>The connection that it lives and dies with.</summary>
    public string Connection { get; } = connection;

    public RequestId Id { get; } = id;

    public InboundQueue Queue { get; } = queue;

    /// <summary>How many more messages may be sent.</summary>
    public int Credit { get; set; }

    public TimeSpan Lease { get; set; }

    /// <summary>What it gets is held together; null if each message stands for itself.</summary>
    public LeaseBatch? Batch { get; set; }

    public void Send(Reply reply) => send(reply);
}
