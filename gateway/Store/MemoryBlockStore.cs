namespace Gateway.Store;

/// <summary>Blocks in memory, for simulations and tests: durable for as long as the object lives.</summary>
internal sealed class MemoryBlockStore : IBlockStore
{
    private readonly Dictionary<BlockKind, SortedDictionary<long, byte[]>> _blocks = [];

    public void Write(IReadOnlyList<Block> puts, IReadOnlyList<BlockId> deletes)
    {
        foreach (var put in puts)
        {
            Invariant.Require(put.Id.Kind == BlockKind.Snapshot || Read(put.Id) is null, "only parts of a snapshot are written over");
            Of(put.Id.Kind)[put.Id.Number] = put.Bytes.ToArray();
        }

        foreach (var id in deletes) Of(id.Kind).Remove(id.Number);
    }

    public byte[]? Read(BlockId id) => Of(id.Kind).GetValueOrDefault(id.Number);

    public IEnumerable<Block> ReadFrom(BlockKind kind, long after)
    {
        foreach (var (number, bytes) in Of(kind))
        {
            if (number > after) yield return new Block(new BlockId(kind, number), bytes);
        }
    }

    public void Maintain()
    {
        // Memory needs no checkpoint.
    }

    public IReadOnlyList<string> Check() => [];

    public void Dispose()
    {
        // Kept, so that a test can open the same blocks again.
    }

    private SortedDictionary<long, byte[]> Of(BlockKind kind)
    {
        if (!_blocks.TryGetValue(kind, out var blocks)) _blocks[kind] = blocks = [];
        return blocks;
    }
}
