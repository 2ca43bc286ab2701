using Gateway.Store.Disk.Log;
using Gateway.Store.Records;

namespace Gateway.Tests.Store;

/// <summary>Blocks in memory that note how they are written, and fail when told to.</summary>
internal sealed class ObservedBlockStore : IBlockStore
{
    private readonly MemoryBlockStore _blocks = new();

    public int Writes { get; private set; }

    /// <summary>The bytes of the largest write.</summary>
    public long Largest { get; set; }

    /// <summary>Every write fails from now on.</summary>
    public bool Fails { get; set; }

    public bool IsDisposed { get; private set; }

    public IReadOnlyList<VolumeInfo> Volumes => _blocks.Volumes;

    public IBlockDisk Disk => _blocks.Disk;

    /// <summary>How often somebody has asked for <see cref="Obstacle"/>.</summary>
    public int ObstacleAsked { get; private set; }

    /// <summary>The obstacle to new messages, as set by the test.</summary>
    public string? Hindrance { get; set; }

    public string? Obstacle
    {
        get
        {
            ObstacleAsked++;
            return Hindrance;
        }
    }

    public bool Roll(long firstGroup, IReadOnlyList<Block> first) => _blocks.Roll(firstGroup, first);

    public bool Drop(long firstGroup) => _blocks.Drop(firstGroup);

    public void Write(IReadOnlyList<Block> puts, IReadOnlyList<BlockId> deletes)
    {
        if (Fails) throw new StoreFailedException("The write fails, as the test wants it.");
        Writes++;
        Largest = Math.Max(Largest, puts.Sum(put => (long)put.Bytes.Length));
        _blocks.Write(puts, deletes);
    }

    /// <summary>Blocks that were read one by one, and their bytes.</summary>
    public (int Blocks, long Bytes) Reads { get; private set; }

    public byte[]? Read(BlockId id, IEnumerable<long>? next = null)
    {
        var bytes = _blocks.Read(id);
        Reads = (Reads.Blocks + 1, Reads.Bytes + (bytes?.Length ?? 0));
        return bytes;
    }

    public IEnumerable<Block> ReadFrom(BlockKind kind, long after, long? volume = null)
    {
        ReadSinceForgotten = true;
        return _blocks.ReadFrom(kind, after, volume);
    }

    public void SetAside(Block block) => _blocks.SetAside(block);

    /// <summary>Blocks were read in pieces for which the engine still has memory.</summary>
    public bool ReadSinceForgotten { get; private set; }

    public void ForgetRead()
    {
        ReadSinceForgotten = false;
        _blocks.ForgetRead();
    }

    public bool Maintain() => _blocks.Maintain();

    public IReadOnlyList<string> Check() => _blocks.Check();

    public void Dispose() => IsDisposed = true;
}
