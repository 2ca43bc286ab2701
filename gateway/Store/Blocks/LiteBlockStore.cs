using Gateway.Store.Disk;
using Gateway.Store.Disk.Files;
using Gateway.Store.Disk.Log;
using Gateway.Store.Disk.Pages;
using Gateway.Store.Records;
using LiteDB;
using Microsoft.Extensions.Logging;

namespace Gateway.Store.Blocks;

/// <summary>
/// Blocks in LiteDB (<see cref="BlockDocuments"/>). Groups, snapshots and identity are in successive volumes, each a
/// <see cref="LiteVolume"/> named by its first group; accepted ids and events are in a volume of their own, which is cleaned up document by
/// document.
/// </summary>
internal sealed class LiteBlockStore : IBlockStore
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
    private readonly List<VolumeInfo> _volumes = [];
    private readonly StoreGuard _guard = new();
    private readonly OlderVolumes _older;
    private readonly DiskRefusals _refusals;
    private LiteVolume? _newest;

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
        _older = new OlderVolumes(_folder, _guard, _quarantine, Open);
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

    public IReadOnlyList<VolumeInfo> Volumes => _volumes;

    public long FreeBytes => _guard.Run("Asking for the disk's free bytes", () => _disk.FreeBytes);

    public long FileBytesMax => _refusals.FileBytesMax;

    public string? Obstacle => _refusals.Describe();

    public bool IsShort => !_reserve.IsWhole;

    public bool IsNewestDamaged => _newest is { IsDamaged: true };

    public bool IsNewestTooLarge => _newest is { IsTooLarge: true };

    private LiteVolume Newest => _newest ?? throw new InvariantException("a store has a volume before it is used");

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
        if (_newest is not { } former)
        {
            _guard.Run(what, () => Begin(firstGroup, first, bytes));
            return true;
        }

        // With so little disk space, most of a volume would be requested in vain.
        if (!_reserve.IsWhole && FreeBytes < NewVolumeBytes + (3 * bytes)) return false;
        _refusals.Next = _guard.Attempt(what, () => Begin(firstGroup, first, bytes));
        if (_refusals.Next is not null) return false;
        _guard.Run("Closing the volume before", () => Leave(former));
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
        Invariant.Require(_volumes.Count > 1 && _volumes[^1].FirstGroup != firstGroup, "only a volume that is not the newest is dropped");
        _refusals.Drop = _guard.Attempt($"Dropping the volume from group {firstGroup}", () => Remove(firstGroup));
        return _refusals.Drop is null;
    }

    public byte[]? Read(BlockId id)
    {
        _guard.ThrowIfFailed();
        LiteVolume? volume = null;
        _refusals.Read = _guard.Attempt($"Opening the volume of {id}", () => volume = VolumeOf(id));
        if (_refusals.Read is { } refused) throw refused;
        return _guard.Run($"Reading {id}", () => Find(volume!, id));
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

    public bool Maintain()
    {
        if (_guard.Failure is not null) return false;
        if (!Newest.IsCheckpointDue(IsShort) || !_guard.CanCheckpoint(Newest)) return RemovePiece();
        _guard.Run("A checkpoint of the store", () =>
        {
            Newest.Checkpoint();
            _volumes[^1] = Measured(_volumes[^1].FirstGroup);
        });
        return true;
    }

    public IReadOnlyList<string> Check()
    {
        try
        {
            if (_guard.Failure is not null) return [_guard.Failure.Message];
            return _guard.Run<IReadOnlyList<string>>(
                "Checking the store", () => [.. _ids.Check(), .. _volumes.SkipLast(1).SelectMany(CheckOlder), .. Newest.Check()]);
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
        _older.Abandon();
        _newest?.Abandon();
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
        _older.Close();
        if (_newest is not null) _guard.Close(_newest);
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
        foreach (var firstGroup in _folder.FirstGroups()) _volumes.Add(new VolumeInfo(firstGroup, 0));
        var identity = new BlockId(BlockKind.Identity, 1);
        while (_volumes.Count > 0 && _newest is null)
        {
            _newest = Open(VolumeFolder.NameOf(_volumes[^1].FirstGroup));
            try
            {
                if (Find(_newest, identity) is null) DropUnfinished();
            }
            catch (DamagedBlockException damaged)
            {
                throw UnreadableBlock.Damaged(identity, damaged);
            }
        }

        // Writes to the volume go through existing pages; damage is better found now than in the middle of a commit.
        if (_newest is not null && _newest.Check().Any()) _newest.IsDamaged = true;
        for (var i = 0; i < _volumes.Count; i++) _volumes[i] = Measured(_volumes[i].FirstGroup);
    }

    private void Begin(long firstGroup, IReadOnlyList<Block> first, long bytes)
    {
        LiteVolume? next = null;
        try
        {
            next = Open(VolumeFolder.NameOf(firstGroup));
            next.MakeRoom(bytes);
            BlockDocuments.Write(next, first, []);
            _volumes.Add(Measured(firstGroup));
            _newest = next;
        }
        catch (Exception cause)
        {
            next?.Abandon();
            if (DiskRefusedException.In(cause) is not null && _volumes.Count > 0) Discard(firstGroup, cause);
            throw;
        }
    }

    /// <summary>The volume is not in use yet; but after a crash it would be taken for the newest if it were complete.</summary>
    private void Discard(long firstGroup, Exception cause)
    {
        try
        {
            _folder.Discard(firstGroup);
        }
        catch (DiskRefusedException refused) when (_folder.Exists(firstGroup))
        {
            throw new StoreFailedException(
                $"The volume from group {firstGroup} could neither be begun ({cause.Message}) nor taken away: {refused.Message}");
        }
    }

    private void Leave(LiteVolume former)
    {
        _guard.Close(former);
        _volumes[^2] = Measured(_volumes[^2].FirstGroup);
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
        BlockDocuments.Write(Newest, puts, deletes);
    }

    private void Remove(long firstGroup)
    {
        _older.Forget(firstGroup);
        _folder.Drop(firstGroup);
        _volumes.RemoveAll(volume => volume.FirstGroup == firstGroup);
    }

    /// <summary>Events, which are small, may be written together with a group.</summary>
    private DiskRefusedException? MakeRoomFor(long bytes, long besideBytes) => _guard.Attempt("Making room", () =>
    {
        _ids.MakeRoom(besideBytes);
        if (bytes > 0) Newest.MakeRoom(bytes);
    });

    private IEnumerable<string> CheckOlder(VolumeInfo volume)
    {
        try
        {
            return _older.Get(new BlockId(BlockKind.Group, volume.FirstGroup), volume.FirstGroup).Check();
        }
        catch (DamagedBlockException damaged)
        {
            return [damaged.Why];
        }
    }

    /// <summary>Kinds kept in the volume beside the successive ones.</summary>
    private static bool IsBeside(BlockKind kind) => kind is BlockKind.Accepted or BlockKind.Event;

    private LiteVolume VolumeOf(BlockId id)
    {
        if (IsBeside(id.Kind)) return _ids;
        if (id.Kind != BlockKind.Group) return Newest;

        var index = _volumes.FindLastIndex(volume => volume.FirstGroup <= id.Number);
        if (index < 0) throw new StoreFailedException($"The store has no volume for {id}: its files are missing in {_disk.Path}. "
            + $"Put them back, or save what is left with 'gateway store repair'.");
        return VolumeFrom(_volumes[index].FirstGroup, id);
    }

    private LiteVolume VolumeFrom(long firstGroup, BlockId wanted) =>
        firstGroup == _volumes[^1].FirstGroup ? Newest : _older.Get(wanted, firstGroup);

    private LiteVolume Open(string name) => LiteVolume.Open(_disk, name, _loggers.CreateLogger<LiteVolume>());

    private void DropUnfinished()
    {
        _newest!.Abandon();
        _newest = null;
        _folder.Drop(_volumes[^1].FirstGroup);
        RemoveDropped();
        _volumes.RemoveAt(_volumes.Count - 1);
    }

    /// <summary>In a folder that is no longer readable, a volume keeps its last known size.</summary>
    private VolumeInfo Measured(long firstGroup)
    {
        var known = _volumes.Find(volume => volume.FirstGroup == firstGroup);
        _guard.Attempt("Measuring a volume", () => known = new VolumeInfo(firstGroup, _folder.SizeBytes(firstGroup)));
        return known;
    }

    private byte[]? Find(LiteVolume volume, BlockId id) => Reading(volume, id, () => BlockDocuments.Find(volume, id));

    private T Reading<T>(LiteVolume volume, BlockId id, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (CorruptPageException e)
        {
            throw Damaged(volume, id, e);
        }
        catch (LiteException e) when (volume != _newest && volume != _ids)
        {
            throw _older.GiveUp(volume, id, e);
        }
    }

    private List<Block> ReadWindow(BlockKind kind, long after, long? firstGroup)
    {
        var next = new BlockId(kind, after + 1);
        var volume = IsBeside(kind) ? _ids : VolumeFrom(firstGroup ?? _volumes[^1].FirstGroup, next);
        return Reading(volume, next, () => BlockDocuments.ReadWindow(volume, kind, after));
    }

    /// <summary>The engine has merely reported the damaged page: its query has ended, and it reads and writes as before.</summary>
    private DamagedBlockException Damaged(LiteVolume volume, BlockId id, CorruptPageException cause)
    {
        volume.IsDamaged = true;
        _quarantine.SetAside(cause);
        return new DamagedBlockException(id, cause.Finding, cause);
    }
}
