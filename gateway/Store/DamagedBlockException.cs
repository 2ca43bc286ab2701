namespace Gateway.Store;

/// <summary>
/// The bytes of one block cannot be had any more, though the disk answers and the engine goes on: every other block can be read and
/// written. Whoever reads a group takes its messages out of their queues as damaged; of any other block it ends the opening of the store.
/// </summary>
internal sealed class DamagedBlockException(BlockId block, string why, Exception? cause = null)
    : Exception($"Block {block} cannot be read: {why}.", cause)
{
    public BlockId Block { get; } = block;

    /// <summary>What was found, as a part of a sentence.</summary>
    public string Why { get; } = why;
}
