namespace Gateway.Store;

/// <summary>Blocks in memory, for simulations and tests: durable for as long as the object lives.</summary>
internal sealed class MemoryBlockStore : IBlockStore
{
    private readonly Dictionary<BlockKind, SortedDictionary<long, byte[]>> _blocks = [];
    private readonly List<long> _volumes = [];

    public IReadOnlyList<VolumeInfo> Volumes => _volumes.Select((first, index) => new VolumeInfo(first, GroupsOf(index).Sum(group => (long)group.Value.Length))).ToList();

    public long FreeBytes => long.MaxValue;

    public void Roll(long firstGroup, IReadOnlyList<Block> first)
    {
        Of(BlockKind.Snapshot).Clear();
        Of(BlockKind.Identity).Clear();
        _volumes.Add(firstGroup);
        Write(first, []);
    }

    public void Write(IReadOnlyList<Block> puts, IReadOnlyList<BlockId> deletes)
    {
        foreach (var put in puts) Of(put.Id.Kind)[put.Id.Number] = put.Bytes;
        foreach (var id in deletes) Of(id.Kind).Remove(id.Number);
    }

    public void Drop(long firstGroup)
    {
        var index = _volumes.IndexOf(firstGroup);
        Invariant.Require(index >= 0 && index < _volumes.Count - 1, "only a volume that is not the newest is dropped");
        foreach (var (number, _) in GroupsOf(index).ToList()) Of(BlockKind.Group).Remove(number);
        _volumes.RemoveAt(index);
    }

    public byte[]? Read(BlockId id) => Of(id.Kind).GetValueOrDefault(id.Number);

    public IEnumerable<Block> ReadFrom(BlockKind kind, long after)
    {
        var from = kind == BlockKind.Group ? Math.Max(after, _volumes[^1] - 1) : after;
        foreach (var (number, bytes) in Of(kind))
        {
            if (number > from) yield return new Block(new BlockId(kind, number), bytes);
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

    private IEnumerable<KeyValuePair<long, byte[]>> GroupsOf(int volume)
    {
        var end = volume + 1 < _volumes.Count ? _volumes[volume + 1] : long.MaxValue;
        return Of(BlockKind.Group).Where(group => group.Key >= _volumes[volume] && group.Key < end);
    }

    private SortedDictionary<long, byte[]> Of(BlockKind kind)
    {
        if (!_blocks.TryGetValue(kind, out var blocks)) _blocks[kind] = blocks = [];
        return blocks;
    }
}
