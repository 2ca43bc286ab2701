using Gateway.Store.Blocks;
using Gateway.Store.Disk.Log;
using Gateway.Store.Messages;
using Gateway.Store.Records;
using Gateway.Tests.Store;
using Gateway.Tests.Store.Disk;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Tests.Simulation;

/// <summary>
/// The storage of one gateway's blocks, from run to run: memory, which is fast and never fails; or the production blocks on a disk that
/// forgets, tears and fails, and that may have limits.
/// </summary>
/// <param name="hasLimits">The disk refuses what goes beyond its limits, and the store keeps back what draining needs; otherwise it only
/// says what it has left.</param>
internal sealed class SimulatedStorage(bool hasDisk, bool hasLimits, Random random)
{
    /// <summary>A process makes about so many operations on the disk between two faults.</summary>
    private const int FailsWithin = 60;

    private const long Megabyte = 1024 * 1024;

    /// <summary>So much that no world comes near it.</summary>
    private const long AmpleBytes = 1024 * 1024 * Megabyte;

    private static readonly DiskLimit[] _limits = Enum.GetValues<DiskLimit>();

    private MemoryBlockStore _memory = new();
    private SimulatedDisk _disk = new() { FreeBytes = hasLimits ? AmpleBytes : long.MaxValue, IsEnforced = hasLimits };
    private SimulatedBlocks? _blocks;
    private long _freeBytes = long.MaxValue;

    public bool HasDisk => hasDisk;

    /// <summary>Where there is no disk.</summary>
    public MemoryBlockStore Memory => _memory;

    /// <summary>It has reached one of its limits, and does not fail otherwise.</summary>
    public DiskLimit Limit { get; private set; }

    /// <summary>One of its operations fails, or has failed, and a store may end of that.</summary>
    public bool Fails => _disk.FailAt > 0;

    /// <summary>The free bytes of a disk that only reports them.</summary>
    public long FreeBytes
    {
        get => _freeBytes;
        set => _freeBytes = _disk.FreeBytes = _memory.FreeBytes = value;
    }

    /// <exception cref="StoreFailedException">The disk refuses.</exception>
    public IBlockStore Open() => hasDisk ? (_blocks = BlocksOn(_disk)).Open() : _memory;

    /// <summary>
    /// The process has ended. Its disk goes on, or has lost its power with it: of what was not flushed some is there, some not, and some
    /// torn.
    /// </summary>
    public void OnEnded(bool losesPower)
    {
        if (!hasDisk) return;
        _blocks?.Abandon();
        _blocks = null;
        // A flush that failed has left no more than a power cut would; so a disk that failed is always seen after one.
        var former = _disk;
        if (losesPower || _disk.FailAt > 0) _disk = _disk.AfterPowerCut(random, newest: random.Next(3) * 0.5);
        _disk.FreeBytes = hasLimits ? former.FreeBytes : _freeBytes;
        (_disk.IsEnforced, _disk.OthersTakeAll, _disk.FilesMax) = (former.IsEnforced, former.OthersTakeAll, former.FilesMax);
        (_disk.FileBytesMax, _disk.IsFolderLocked) = (former.FileBytesMax, former.IsFolderLocked);
        _disk.Chance = random;
    }

    /// <summary>One of the next operations of the disk fails, alone or with all after it.</summary>
    public void FailSoon()
    {
        _disk.FailAt = _disk.Operations + random.Next(1, FailsWithin);
        _disk.StaysFailed = random.Next(2) == 0;
    }

    /// <summary>The disk reaches one of its limits, in place of any before.</summary>
    /// <param name="letsDrain">Not one below what the files of the store have already.</param>
    public DiskLimit Reach(bool letsDrain)
    {
        LiftLimits();
        Limit = _limits[random.Next(1, _limits.Length)];
        switch (Limit)
        {
            case DiskLimit.Space:
                _disk.FreeBytes = random.Next(2) * random.Next(40) * Megabyte;
                _disk.OthersTakeAll = random.Next(2) == 0;
                break;
            case DiskLimit.Files:
                _disk.FilesMax = _disk.List().Count + random.Next(4);
                break;
            case DiskLimit.FileBytes:
                _disk.FileBytesMax = letsDrain || random.Next(2) == 0 ? 20 * Megabyte : 3 * Megabyte;
                break;
            default:
                _disk.IsFolderLocked = true;
                break;
        }

        return Limit;
    }

    public void LiftLimits()
    {
        if (!hasLimits) return;
        Limit = DiskLimit.None;
        _disk.FreeBytes = AmpleBytes;
        _disk.OthersTakeAll = _disk.IsFolderLocked = false;
        _disk.FilesMax = int.MaxValue;
        _disk.FileBytesMax = long.MaxValue;
    }

    public void Heal()
    {
        FreeBytes = long.MaxValue;
        LiftLimits();
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

    /// <summary>The disk as a running machine has it; null when it may fail, or there is none.</summary>
    public DiskSnapshot? TakeSnapshot()
    {
        if (!hasDisk || Fails || _blocks is null) return null;
        var disk = _disk.Copy();
        return new DiskSnapshot(disk, _blocks, BlocksOn(disk));
    }

    /// <summary>These blocks are what a machine goes on with.</summary>
    /// <param name="memory">Of one without a disk.</param>
    /// <param name="snapshot">Of one with a disk.</param>
    public void GoBack(MemoryBlockStore memory, DiskSnapshot? snapshot)
    {
        _memory = memory;
        if (snapshot is { } then)
        {
            _blocks?.Abandon();
            (_disk, _blocks) = (then.Disk, then.BlocksThen);
            _disk.Chance = random;
        }

        FreeBytes = _freeBytes;
    }

    private SimulatedBlocks BlocksOn(SimulatedDisk disk) =>
        new(() => new LiteBlockStore(disk, NullLoggerFactory.Instance, hasLimits ? StoreSettings.KeptBackBytes : 0));

    /// <summary>The bytes of a commit must be through its barrier when the store says that it is done.</summary>
    public void CheckBarrier()
    {
        if (_disk.List().FirstOrDefault(name => name.EndsWith(".log", StringComparison.Ordinal) && !_disk[name].IsFlushed) is { } name)
            throw new SimulationException($"the store says that all is durable, and {name} is not flushed");
    }
}

/// <summary>The disk of a running machine at a moment.</summary>
/// <param name="Blocks">As its store has them open.</param>
/// <param name="BlocksThen">The blocks in their place when the machine continues from here.</param>
internal sealed record DiskSnapshot(SimulatedDisk Disk, SimulatedBlocks Blocks, SimulatedBlocks BlocksThen);

/// <summary>The store of one gateway at a moment.</summary>
internal sealed record StorageCopy(MemoryBlockStore Memory, SimulatedDisk Disk);
