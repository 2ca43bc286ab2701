using Gateway.Store.Holding;
using Gateway.Store.Records;
using Gateway.Tests.Store;

namespace Gateway.Tests.Simulation.Takeovers;

/// <summary>A change of a store in the simulated database.</summary>
internal sealed class SimulatedTransaction(SimulatedHoldConnection connection) : IHoldTransaction
{
    public List<Action<MemoryBlockStore>> Changes { get; } = [];

    /// <summary>The epoch that must be the store's; null if none was given.</summary>
    public long? Proof { get; private set; }

    /// <summary>The volume that it writes to; null if to none that is there.</summary>
    public long? Volume { get; private set; }

    public void Write(long volume, IReadOnlyList<Block> puts, IReadOnlyList<BlockId> deletes)
    {
        Volume = volume;
        Changes.Add(blocks => blocks.Write(puts, deletes));
    }

    public void Roll(long firstGroup, IReadOnlyList<Block> first) => Changes.Add(blocks => blocks.Roll(firstGroup, first));

    public void Drop(long firstGroup) => Changes.Add(blocks =>
    {
        if (blocks.Volumes.Any(volume => volume.FirstGroup == firstGroup)) blocks.Drop(firstGroup);
    });

    public void Prove(long epoch) => Proof = epoch;

    public void Commit() => connection.Commit(this);

    public void Dispose()
    {
        // Without a commit nothing of it has arrived.
    }
}
