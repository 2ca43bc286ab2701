namespace Gateway.Transport.Accepting;

/// <summary>What the connections of all endpoints together may hold in memory.</summary>
/// <param name="Input">Of what they have brought and the loop has not taken, and of large messages that are on their way.</param>
/// <param name="Output">Of what waits for them.</param>
internal sealed record ConnectionMemory(MemoryBudget Input, MemoryBudget Output)
{
    /// <param name="messageBytesMax">The largest message that there can be: some of them must have room beside each other.</param>
    public static ConnectionMemory OfProcess(long messageBytesMax) =>
        new(MemoryBudget.OfProcess(4 * messageBytesMax), MemoryBudget.OfProcess(4 * messageBytesMax));
}
