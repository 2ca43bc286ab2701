using Gateway.Store.Disk;
using Gateway.Store.Disk.Files;
using Gateway.Store.Disk.Log;
using Gateway.Store.Disk.Pages;
using Gateway.Store.Records;
using Microsoft.Extensions.Logging;

namespace Gateway.Store.Blocks;

/// <summary>
/// Blocks in LiteDB (<see cref="BlockDocuments"/>). Groups, snapshots and identity are in <see cref="SuccessiveVolumes"/>; accepted ids
/// and events are in a volume of their own, which is cleaned up document by document.
/// </summary>
internal sealed class LiteBlockStore : IBlockStore, IBlockDisk
{
    private const string IdsVolume = "ids";

    /// <summary>A log of two areas, a data file, and room for a checkpoint into it.</summary>
    private const long NewVolumeBytes = 6 * 1024 * 1024;

    private readonly DiskReserve _reserve;
    private readonly long _reserveBytes;
    private readonly IDisk _disk;
    private readonly VolumeFolder _folder;
    private readonly ILoggerFactory _loggers;
    private readonly Quarantine _quarantine;
    private readonly LiteVolume _ids;
    private readonly StoreGuard _guard = new();
    private readonly SuccessiveVolumes _volumes;
    private readonly DiskRefusals _refusals;

    /// <summary>Opens the existing store; a volume that a crash left without its first blocks is dropped.</summary>
    /// <param name="reserveBytes">The disk space reserved for draining; 0 to keep an existing reserve and no more.</param>
    public LiteBlockStore(IDisk disk, ILoggerFactory loggers, long reserveBytes = 0)
    {
        _reserve = new DiskReserve(disk);
        _reserveBytes = reserveBytes;
        _disk = new ReservedDisk(disk, _reserve);
        _folder = new VolumeFolder(_disk);
        _refusals = new DiskRefusals(_reserve, _disk);
        _loggers = loggers;
        _quarantine = new Quarantine(disk, loggers.CreateLogger<Quarantine>());
        _volumes = new SuccessiveVolumes(_folder, _guard, _quarantine, Open);
        try
        {
            _guard.Run("Clearing the store's folder", Clear);
            _ids = Open(IdsVolume);
        }
        catch
        {
            _reserve.Close();
            throw;
        }

        try
        {
            _guard.Run("Opening the store", OpenNewest);
        }
        catch
        {
            Abandon();
            throw;
        }
    }

    public IReadOnlyList<VolumeInfo> Volumes => _volumes.All;

    public IBlockDisk Disk => this;

    public long FreeBytes => _guard.Run("Asking for the disk's free bytes", () => _disk.FreeBytes);

    public long FileBytesMax => _refusals.FileBytesMax;

    public string? Obstacle => _refusals.Describe();

    public bool IsShort => !_reserve.IsWhole;

    public bool IsNewestDamaged => _volumes.NewestOrNone is { IsDamaged: true };

    public bool IsNewestTooLarge => _volumes.NewestOrNone is { IsTooLarge: true };

    public void Replenish(long moreBytes)
    {
        if (_guard.Failure is null && _reserveBytes > 0) _guard.Run("Filling the reserve", () => _reserve.Fill(_reserveBytes + moreBytes));
    }

    public bool MakeRoom(long bytes, long neededBytes)
    {
        _guard.ThrowIfFailed();
        _refusals.Room = MakeRoomFor(bytes, 0);
        return _refusals.Room is null || MakeRoomFor(neededBytes, 0) is null;
    }

    public bool TryMakeRoom(long bytes, long besideBytes = 0)
    {
        _guard.ThrowIfFailed();
        return MakeRoomFor(bytes, besideBytes) is null;
    }

    public bool PrepareNext()
    {
        _guard.ThrowIfFailed();
        _refusals.Next = _guard.Attempt("Making the next volume", () => VolumeFiles.PrepareNext(_disk));
        return _refusals.Next is null;
    }

    public bool Roll(long firstGroup, IReadOnlyList<Block> first)
    {
        _guard.ThrowIfFailed();
        var bytes = first.Sum(block => (long)block.Bytes.Length);
        var what = $"Beginning the volume from group {firstGroup}";
        if (_volumes.NewestOrNone is not { } former)
        {
            _guard.Run(what, () => _volumes.Begin(firstGroup, first, bytes));
            return true;
        }

        // With so little disk space, most of a volume would be requested in vain.
        if (!_reserve.IsWhole && FreeBytes < NewVolumeBytes + (3 * bytes)) return false;
        _refusals.Next = _guard.Attempt(what, () => _volumes.Begin(firstGroup, first, bytes));
        if (_refusals.Next is not null) return false;
        _guard.Run("Closing the volume before", () => _volumes.Leave(former));
        return true;
    }

    public void Write(IReadOnlyList<Block> puts, IReadOnlyList<BlockId> deletes)
    {
        _guard.ThrowIfFailed();
        _guard.Run("Writing to the store", () => WriteEach(puts, deletes));
    }

    public bool Drop(long firstGroup)
    {
        _guard.ThrowIfFailed();
        _refusals.Drop = _guard.Attempt($"Dropping the volume from group {firstGroup}", () => _volumes.Drop(firstGroup));
        return _refusals.Drop is null;
    }

    public byte[]? Read(BlockId id, IEnumerable<long>? next = null)
    {
        _guard.ThrowIfFailed();
        LiteVolume? volume = null;
        _refusals.Read = _guard.Attempt($"Opening the volume of {id}", () => volume = VolumeOf(id));
        if (_refusals.Read is { } refused) throw refused;
        return _guard.Run($"Reading {id}", () => _volumes.Read(volume!, id, () => BlockDocuments.Find(volume!, id)));
    }

    public IEnumerable<Block> ReadFrom(BlockKind kind, long after, long? volume = null)
    {
        // Small windows, each reader closed at once: an open one holds every page it has touched.
        while (NextWindow() is { Count: > 0 } window)
        {
            foreach (var block in window) yield return block;
            after = window[^1].Id.Number;
        }

        List<Block> NextWindow()
        {
            _guard.ThrowIfFailed();
            return _guard.Run($"Reading the {kind} blocks after {after}", () => ReadWindow(kind, after, volume));
        }
    }

    public void SetAside(Block block) => _quarantine.SetAside($"{block.Id.Kind}-{block.Id.Number}.block", block.Bytes);

    public void ForgetRead()
    {
        _guard.ThrowIfFailed();
        _guard.Run("Opening the store anew", () =>
        {
            _ids.ForgetRead();
            _volumes.NewestOrNone?.ForgetRead();
        });
    }

    public bool Maintain()
    {
        if (_guard.Failure is not null) return false;
        var newest = _volumes.Newest;
        if (!newest.IsCheckpointDue(IsShort) || !_guard.CanCheckpoint(newest)) return RemovePiece();
        _guard.Run("A checkpoint of the store", () =>
        {
            newest.Checkpoint();
            _volumes.MeasureNewest();
        });
        return true;
    }

    public IReadOnlyList<string> Check()
    {
        try
        {
            if (_guard.Failure is not null) return [_guard.Failure.Message];
            return _guard.Run<IReadOnlyList<string>>("Checking the store", () => [.. _ids.Check(), .. _volumes.Check()]);
        }
        catch (StoreFailedException e) when (e.InnerException is CorruptPageException damage)
        {
            return [damage.Message];
        }
    }

    public void Dispose()
    {
        try
        {
            if (_guard.Failure is null) _guard.Run("Closing the store", CloseVolumes);
        }
        finally
        {
            Abandon();
        }
    }

    /// <summary>Closes the files without writing, as if the process had been killed.</summary>
    public void Abandon()
    {
        _volumes.Abandon();
        _ids.Abandon();
        _reserve.Close();
    }

    private void Clear()
    {
        _reserve.Open();
        _folder.RemoveLeftovers();
    }

    private bool RemovePiece()
    {
        if (!_folder.HasDropped) return false;
        var hasMore = false;
        _refusals.Drop = _guard.Attempt("Removing a dropped volume", () => hasMore = _folder.RemovePiece(IsShort));
        return hasMore;
    }

    private void CloseVolumes()
    {
        _volumes.Close();
        _guard.Close(_ids);
        RemoveDropped();
    }

    /// <summary>Removes all pieces at once: no caller waits for the store.</summary>
    private void RemoveDropped()
    {
        while (RemovePiece())
        {
            // The next one.
        }
    }

    private void OpenNewest()
    {
        _volumes.Find();
        while (!_volumes.TryOpenNewest()) RemoveDropped();
    }

    private void WriteEach(IReadOnlyList<Block> puts, IReadOnlyList<BlockId> deletes)
    {
        var idPuts = puts.Where(put => IsBeside(put.Id.Kind)).ToList();
        var idDeletes = deletes.Where(id => IsBeside(id.Kind)).ToList();
        if (idPuts.Count + idDeletes.Count > 0)
        {
            _ids.MakeRoom(idPuts.Sum(put => (long)put.Bytes.Length));
            BlockDocuments.Write(_ids, idPuts, idDeletes);
            if (_ids.IsCheckpointDue(IsShort) && _guard.CanCheckpoint(_ids)) _ids.Checkpoint();
            puts = puts.Where(put => !IsBeside(put.Id.Kind)).ToList();
            deletes = deletes.Where(id => !IsBeside(id.Kind)).ToList();
        }

        if (puts.Count + deletes.Count == 0) return;
        BlockDocuments.Write(_volumes.Newest, puts, deletes);
    }

    /// <summary>Events, which are small, may be written together with a group.</summary>
    private DiskRefusedException? MakeRoomFor(long bytes, long besideBytes) => _guard.Attempt("Making room", () =>
    {
        _ids.MakeRoom(besideBytes);
        if (bytes > 0) _volumes.Newest.MakeRoom(bytes);
    });

    /// <summary>Kinds kept in the volume beside the successive ones.</summary>
    private static bool IsBeside(BlockKind kind) => kind is BlockKind.Accepted or BlockKind.Event;

    private LiteVolume VolumeOf(BlockId id)
    {
        if (IsBeside(id.Kind)) return _ids;
        if (id.Kind != BlockKind.Group) return _volumes.Newest;
        return _volumes.Of(id) ?? throw new StoreFailedException($"The store has no volume for {id}: its files are missing in "
            + $"{_disk.Path}. Put them back, or save what is left with 'gateway store repair'.");
    }

    private LiteVolume Open(string name) => LiteVolume.Open(_disk, name, _loggers.CreateLogger<LiteVolume>());

    private List<Block> ReadWindow(BlockKind kind, long after, long? firstGroup)
    {
        var next = new BlockId(kind, after + 1);
        var volume = IsBeside(kind) ? _ids : _volumes.From(firstGroup, next);
        return _volumes.Read(volume, next, () => BlockDocuments.ReadWindow(volume, kind, after));
    }
}
