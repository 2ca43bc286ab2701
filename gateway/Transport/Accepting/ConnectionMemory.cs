namespace Gateway.Transport.Accepting;

/// <summary>The memory limits of the connections of all endpoints together.</summary>
/// <param name="Input">Bytes received and not yet taken by the loop, and large messages under way.</param>
/// <param name="Output">Bytes waiting to be sent.</param>
internal sealed record ConnectionMemory(MemoryBudget Input, MemoryBudget Output)
{
    /// <param name="messageBytesMax">The size of the largest possible message; several of them must fit side by side.</param>
    public static ConnectionMemory OfProcess(long messageBytesMax) =>
        new(MemoryBudget.OfProcess(4 * messageBytesMax), MemoryBudget.OfProcess(4 * messageBytesMax));
}
