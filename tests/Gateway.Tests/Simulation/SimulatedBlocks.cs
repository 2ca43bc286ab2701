using Gateway.Store.Blocks;
using Gateway.Store.Disk.Log;
using Gateway.Store.Records;

namespace Gateway.Tests.Simulation;

/// <summary>
/// The production blocks on a simulated disk, as a store has them open. A machine that goes on from a snapshot opens them anew from the
/// disk as it was then: all that the engine has in memory follows from its files, and its thread cannot be copied.
/// </summary>
internal sealed class SimulatedBlocks(Func<LiteBlockStore> open) : IBlockStore
{
    private LiteBlockStore? _lite;

    public IReadOnlyList<VolumeInfo> Volumes => Lite.Volumes;

    public IBlockDisk Disk => Lite.Disk;

    public string? Obstacle => Lite.Obstacle;

    private LiteBlockStore Lite => _lite ??= open();

    /// <exception cref="StoreFailedException">The disk refuses.</exception>
    public SimulatedBlocks Open()
    {
        _ = Lite;
        return this;
    }

    /// <summary>The process is gone.</summary>
    public void Abandon() => _lite?.Abandon();

    public bool Roll(long firstGroup, IReadOnlyList<Block> first) => Lite.Roll(firstGroup, first);

    public void Write(IReadOnlyList<Block> puts, IReadOnlyList<BlockId> deletes) => Lite.Write(puts, deletes);

    public bool Drop(long firstGroup) => Lite.Drop(firstGroup);

    public byte[]? Read(BlockId id, IEnumerable<long>? next = null) => Lite.Read(id, next);

    public IEnumerable<Block> ReadFrom(BlockKind kind, long after, long? volume = null) => Lite.ReadFrom(kind, after, volume);

    public void SetAside(Block block) => Lite.SetAside(block);

    public void ForgetRead() => Lite.ForgetRead();

    public bool Maintain() => Lite.Maintain();

    public IReadOnlyList<string> Check() => Lite.Check();

    public void Dispose() => _lite?.Dispose();
}
