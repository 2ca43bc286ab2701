using Gateway.Store.Records;

namespace Gateway.Tests.Store;

/// <summary>Blocks in memory, for tests and the simulator: durable for as long as the object lives.</summary>
internal sealed class MemoryBlockStore : IBlockStore, IBlockDisk
{
    private readonly Dictionary<BlockKind, SortedDictionary<long, byte[]>> _blocks = [];
    private readonly Dictionary<long, SortedDictionary<long, byte[]>> _snapshots = [];
    private readonly List<VolumeInfo> _volumes = [];

    /// <summary>The same blocks once more, of which each then has a history of its own.</summary>
    public MemoryBlockStore Copy()
    {
        var copy = new MemoryBlockStore { FreeBytes = FreeBytes };
        foreach (var (kind, blocks) in _blocks) copy._blocks[kind] = new SortedDictionary<long, byte[]>(blocks);
        foreach (var (volume, blocks) in _snapshots) copy._snapshots[volume] = new SortedDictionary<long, byte[]>(blocks);
        copy._volumes.AddRange(_volumes);
        return copy;
    }

    public IReadOnlyList<VolumeInfo> Volumes => _volumes;

    public IBlockDisk Disk => this;

    public long FreeBytes { get; set; } = long.MaxValue;

    public long FileBytesMax => long.MaxValue;

    public string? Obstacle => null;

    public bool IsShort => false;

    public bool IsNewestDamaged => false;

    public bool IsNewestTooLarge => false;

    public void Replenish(long moreBytes)
    {
        // There is no disk.
    }

    public bool MakeRoom(long bytes, long neededBytes) => true;

    public bool TryMakeRoom(long bytes, long besideBytes = 0) => true;

    public bool PrepareNext() => true;

    public bool Roll(long firstGroup, IReadOnlyList<Block> first)
    {
        Of(BlockKind.Identity).Clear();
        _volumes.Add(new VolumeInfo(firstGroup, 0));
        Write(first, []);
        return true;
    }

    public void Write(IReadOnlyList<Block> puts, IReadOnlyList<BlockId> deletes)
    {
        foreach (var put in puts)
        {
            Invariant.Require(put.Id.Kind == BlockKind.Snapshot || Read(put.Id) is null, "only parts of a snapshot are written over");
            Of(put.Id.Kind)[put.Id.Number] = put.Bytes;
            if (put.Id.Kind == BlockKind.Group) _volumes[^1] = _volumes[^1] with { SizeBytes = _volumes[^1].SizeBytes + put.Bytes.Length };
        }

        foreach (var id in deletes) Of(id.Kind).Remove(id.Number);
    }

    public bool Drop(long firstGroup)
    {
        var index = _volumes.FindIndex(volume => volume.FirstGroup == firstGroup);
        Invariant.Require(index >= 0 && index < _volumes.Count - 1, "only a volume that is not the newest is dropped");
        for (var group = firstGroup; group < _volumes[index + 1].FirstGroup; group++) Of(BlockKind.Group).Remove(group);
        _volumes.RemoveAt(index);
        _snapshots.Remove(firstGroup);
        return true;
    }

    public byte[]? Read(BlockId id, IEnumerable<long>? next = null) => Of(id.Kind).GetValueOrDefault(id.Number);

    public IEnumerable<Block> ReadFrom(BlockKind kind, long after, long? volume = null)
    {
        var index = volume is { } first ? _volumes.FindIndex(known => known.FirstGroup == first) : _volumes.Count - 1;
        var (from, end) = (after, long.MaxValue);
        if (kind == BlockKind.Group) from = Math.Max(after, _volumes[index].FirstGroup - 1);
        if (kind == BlockKind.Group && index + 1 < _volumes.Count) end = _volumes[index + 1].FirstGroup;
        foreach (var (number, bytes) in kind == BlockKind.Snapshot ? SnapshotsIn(_volumes[index].FirstGroup) : Of(kind))
        {
            if (number > from && number < end) yield return new Block(new BlockId(kind, number), bytes);
        }
    }

    public void SetAside(Block block)
    {
        // The block stays where it is.
    }

    public void ForgetRead()
    {
        // It reads from its own memory.
    }

    public bool Maintain() => false;

    public IReadOnlyList<string> Check() => [];

    public void Dispose()
    {
        // Kept, so that a test can open the same blocks again.
    }

    private SortedDictionary<long, byte[]> SnapshotsIn(long volume)
    {
        if (!_snapshots.TryGetValue(volume, out var blocks)) _snapshots[volume] = blocks = [];
        return blocks;
    }

    private SortedDictionary<long, byte[]> Of(BlockKind kind)
    {
        if (kind == BlockKind.Snapshot) return SnapshotsIn(_volumes[^1].FirstGroup);
        if (!_blocks.TryGetValue(kind, out var blocks)) _blocks[kind] = blocks = [];
        return blocks;
    }
}
