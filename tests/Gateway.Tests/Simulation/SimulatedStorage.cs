using Gateway.Store;
using Gateway.Tests.Store.Disk;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Tests.Simulation;

/// <summary>
/// What one gateway keeps its blocks on, from run to run: memory, which is fast and never fails; or the production blocks on a disk that forgets, tears and fails.
/// </summary>
internal sealed class SimulatedStorage(bool hasDisk, Random random)
{
    /// <summary>A process makes about so many operations on the disk between two faults.</summary>
    private const int FailsWithin = 60;

    private MemoryBlockStore _memory = new();
    private SimulatedDisk _disk = new();
    private LiteBlockStore? _lite;
    private long _freeBytes = long.MaxValue;

    public bool HasDisk => hasDisk;

    /// <summary>What the disk has left.</summary>
    public long FreeBytes
    {
        get => _freeBytes;
        set => _freeBytes = _disk.FreeBytes = _memory.FreeBytes = value;
    }

    /// <exception cref="StoreFailedException">The disk refuses.</exception>
    public IBlockStore Open() => hasDisk ? _lite = new LiteBlockStore(_disk, NullLoggerFactory.Instance) : _memory;

    /// <summary>The process has ended. Its disk goes on, or has lost its power with it: of what was not flushed some is there, some not, and some torn.</summary>
    public void OnEnded(bool losesPower)
    {
        if (!hasDisk) return;
        _lite?.Abandon();
        _lite = null;
        // A flush that failed has left no more than a power cut would; so a disk that failed is always seen after one.
        if (losesPower || _disk.FailAt > 0) _disk = _disk.AfterPowerCut(random, newest: random.Next(3) * 0.5);
        _disk.FreeBytes = _freeBytes;
        _disk.Chance = random;
    }

    /// <summary>One of the next operations of the disk fails, alone or with all after it.</summary>
    public void FailSoon()
    {
        _disk.FailAt = _disk.Operations + random.Next(1, FailsWithin);
        _disk.StaysFailed = random.Next(2) == 0;
    }

    public void Heal()
    {
        FreeBytes = long.MaxValue;
        _disk.FailAt = 0;
    }

    /// <summary>As the files are now; of a disk that no process has open.</summary>
    public StorageCopy Copy() => hasDisk ? new StorageCopy(_memory, _disk.Copy()) : new StorageCopy(_memory.Copy(), _disk);

    /// <summary>The files of a copy take the place of what is here.</summary>
    public void PutBack(StorageCopy copy)
    {
        (_memory, _disk) = hasDisk ? (_memory, copy.Disk.Copy()) : (copy.Memory.Copy(), _disk);
        FreeBytes = _freeBytes;
        _disk.Chance = random;
    }

    /// <summary>What a commit has written must be through its barrier when the store says that it is done.</summary>
    public void CheckBarrier()
    {
        if (_disk.List().FirstOrDefault(name => name.EndsWith(".log", StringComparison.Ordinal) && !_disk[name].IsFlushed) is { } name) throw new SimulationException($"the store says that all is durable, and {name} is not flushed");
    }
}

/// <summary>What one gateway's store was at a moment.</summary>
internal sealed record StorageCopy(MemoryBlockStore Memory, SimulatedDisk Disk);
