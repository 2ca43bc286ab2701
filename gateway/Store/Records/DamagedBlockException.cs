namespace Gateway.Store.Records;

/// <summary>
/// One block is unreadable, although the disk responds and the engine continues: every other block can be read and written. If it is a
/// group, its reader removes its messages from their queues as damaged; for any other block, opening the store fails.
/// </summary>
internal sealed class DamagedBlockException(BlockId block, string why, Exception? cause = null)
    : Exception($"Block {block} cannot be read: {why}.", cause)
{
    public BlockId Block { get; } = block;

    /// <summary>The finding, as part of a sentence.</summary>
    public string Why { get; } = why;
}
