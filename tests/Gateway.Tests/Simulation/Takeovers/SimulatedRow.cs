using Gateway.Store.Holding;
using Gateway.Tests.Store;

namespace Gateway.Tests.Simulation.Takeovers;

/// <summary>
/// One store in the simulated database: its row, its lock and its blocks. It knows by itself who opened the store last, and so whether a
/// write comes from anybody else, whatever that one proves.
/// </summary>
internal sealed class SimulatedRow(string store)
{
    private SimulatedBackend? _lock;

    public long Epoch { get; private set; }

    public string Holder { get; private set; } = "";

    public DateTimeOffset Seen { get; private set; }

    public MemoryBlockStore Blocks { get; } = new();

    /// <summary>The run of a process that began the present epoch.</summary>
    public object? Opener { get; private set; }

    public bool IsLocked => _lock is { IsEnded: false };

    public bool TryLock(SimulatedBackend backend)
    {
        if (IsLocked && _lock != backend) return false;
        _lock = backend;
        return true;
    }

    /// <summary>
    /// The lock is gone and its connection is not, as behind a pooler that shares connections. What is under way on it ends here: a holder
    /// that comes back on another connection would wait for that end with the lock alone.
    /// </summary>
    public void LoseLock()
    {
        _lock?.Decide();
        _lock = null;
    }

    public bool IsLockedBy(SimulatedBackend backend) => IsLocked && _lock == backend;

    public void EndHolders(long epoch)
    {
        if (Epoch == epoch && IsLocked) _lock!.End();
    }

    public bool Begin(long expected, long epoch, string holder, object opener, DateTimeOffset now)
    {
        if (Epoch != expected) return false;
        (Epoch, Holder, Opener, Seen) = (epoch, holder, opener, now);
        return true;
    }

    public bool SayThatItLives(long epoch, DateTimeOffset now)
    {
        if (Epoch != epoch) return false;
        Seen = now;
        return true;
    }

    public void Require(long? volume)
    {
        if (volume is { } first && Blocks.Volumes.All(known => known.FirstGroup != first))
            throw new SimulatedDatabaseException(HoldFault.Missing, $"volume {first} does not exist");
    }

    /// <summary>All of the transaction, or nothing.</summary>
    public void Execute(SimulatedTransaction transaction, object opener)
    {
        Require(transaction.Volume);
        if (transaction.Proof is { } epoch && epoch != Epoch)
            throw new SimulatedDatabaseException(HoldFault.Displaced, "another gateway has taken over the store");
        if (opener != Opener)
            throw new SimulationException($"the store {store} was written to by one who does not hold it any more; {Holder} does");
        if (transaction.Volume is { } newest && newest != Blocks.Volumes[^1].FirstGroup) throw new SimulationException(
            $"the holder of {store} writes to its volume {newest}, and the newest is {Blocks.Volumes[^1].FirstGroup}");
        foreach (var change in transaction.Changes) change(Blocks);
    }
}
