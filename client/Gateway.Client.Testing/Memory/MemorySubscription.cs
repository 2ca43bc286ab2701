using Gateway.Client.Wire;

namespace Gateway.Client.Testing.Memory;

/// <summary>A consumer of one local queue, on one connection.</summary>
internal sealed class MemorySubscription(MemoryConnection connection, RequestId id, string queue)
{
    public MemoryConnection Connection { get; } = connection;

    public RequestId Id { get; } = id;

    public string Queue { get; } = queue;

    /// <summary>The number of messages that it may still get.</summary>
    public int Credit { get; set; }

    public TimeSpan Lease { get; set; }
}
