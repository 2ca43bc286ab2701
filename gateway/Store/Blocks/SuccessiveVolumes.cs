using Gateway.Store.Disk;
using Gateway.Store.Disk.Files;
using Gateway.Store.Disk.Log;
using Gateway.Store.Disk.Pages;
using Gateway.Store.Records;
using LiteDB;

namespace Gateway.Store.Blocks;

/// <summary>
/// The volumes of groups, oldest first, each named by its first group and with the size last measured. The newest is open as long as the
/// store; <see cref="OlderVolumes"/> opens the others when they are needed. Owned by the store's thread.
/// </summary>
/// <param name="open">Opens a volume by name.</param>
internal sealed class SuccessiveVolumes(VolumeFolder folder, StoreGuard guard, Quarantine quarantine, Func<string, LiteVolume> open)
{
    private readonly List<VolumeInfo> _volumes = [];
    private readonly OlderVolumes _older = new(folder, guard, quarantine, open);
    private LiteVolume? _newest;

    public IReadOnlyList<VolumeInfo> All => _volumes;

    /// <summary>The newest volume; null while a store is being created.</summary>
    public LiteVolume? NewestOrNone => _newest;

    public LiteVolume Newest => _newest ?? throw new InvariantException("a store has a volume before it is used");

    /// <summary>Finds the volumes in the folder.</summary>
    public void Find()
    {
        foreach (var firstGroup in folder.FirstGroups()) _volumes.Add(new VolumeInfo(firstGroup, 0));
        for (var i = 0; i < _volumes.Count; i++) Measure(i);
    }

    /// <summary>
    /// Opens the newest volume, if there is any. False if a crash had left it without its first blocks: it was dropped, and the one before
    /// it is to be opened.
    /// </summary>
    public bool TryOpenNewest()
    {
        if (_volumes.Count == 0) return true;
        var identity = new BlockId(BlockKind.Identity, 1);
        var newest = _newest = open(VolumeFolder.NameOf(_volumes[^1].FirstGroup));
        try
        {
            if (Read(newest, identity, () => BlockDocuments.Find(newest, identity)) is null)
            {
                DropUnfinished(newest);
                return false;
            }
        }
        catch (DamagedBlockException damaged)
        {
            throw UnreadableBlock.Damaged(identity, damaged);
        }

        // Writes to the volume go through existing pages; damage is better found now than in the middle of a commit.
        if (newest.Check().Any()) newest.IsDamaged = true;
        MeasureNewest();
        return true;
    }

    /// <summary>Begins the next volume with its first blocks. If this throws, the volume before is still the newest.</summary>
    public void Begin(long firstGroup, IReadOnlyList<Block> first, long bytes)
    {
        LiteVolume? next = null;
        try
        {
            next = open(VolumeFolder.NameOf(firstGroup));
            next.MakeRoom(bytes);
            BlockDocuments.Write(next, first, []);
            var sizeBytes = 0L;
            guard.Attempt("Measuring a volume", () => sizeBytes = folder.SizeBytes(firstGroup));
            _volumes.Add(new VolumeInfo(firstGroup, sizeBytes));
            _newest = next;
        }
        catch (Exception cause)
        {
            next?.Abandon();
            if (DiskRefusedException.In(cause) is not null && _volumes.Count > 0) Discard(firstGroup, cause);
            throw;
        }
    }

    /// <summary>Closes the volume that was the newest before the present one.</summary>
    public void Leave(LiteVolume former)
    {
        guard.Close(former);
        Measure(_volumes.Count - 2);
    }

    /// <summary>Takes an older volume out of the folder; its files are removed later.</summary>
    public void Drop(long firstGroup)
    {
        Invariant.Require(_volumes.Count > 1 && _volumes[^1].FirstGroup != firstGroup, "only a volume that is not the newest is dropped");
        _older.Forget(firstGroup);
        folder.Drop(firstGroup);
        _volumes.RemoveAll(volume => volume.FirstGroup == firstGroup);
    }

    public void MeasureNewest() => Measure(_volumes.Count - 1);

    /// <summary>The open volume that contains the group with this number; null if there is none.</summary>
    public LiteVolume? Of(BlockId group)
    {
        var index = _volumes.FindLastIndex(volume => volume.FirstGroup <= group.Number);
        return index < 0 ? null : From(_volumes[index].FirstGroup, group);
    }

    /// <summary>The open volume that begins with a group; the newest by default.</summary>
    /// <param name="wanted">The block requested, for the exception.</param>
    public LiteVolume From(long? firstGroup, BlockId wanted) =>
        firstGroup is null || firstGroup == _volumes[^1].FirstGroup ? Newest : _older.Get(wanted, firstGroup.Value);

    /// <summary>Reads a block from an open volume.</summary>
    /// <exception cref="DamagedBlockException">The block cannot be read; nothing else of the store is affected.</exception>
    public T Read<T>(LiteVolume volume, BlockId id, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (CorruptPageException e)
        {
            // The engine has merely reported the damaged page: its query has ended, and it reads and writes as before.
            volume.IsDamaged = true;
            quarantine.SetAside(e);
            throw new DamagedBlockException(id, e.Finding, e);
        }
        catch (LiteException e) when (_older.Has(volume))
        {
            throw _older.GiveUp(volume, id, e);
        }
    }

    public IEnumerable<string> Check() => [.. _volumes.SkipLast(1).SelectMany(CheckOlder), .. Newest.Check()];

    public void Close()
    {
        _older.Close();
        if (_newest is not null) guard.Close(_newest);
    }

    /// <summary>Closes the files without writing.</summary>
    public void Abandon()
    {
        _older.Abandon();
        _newest?.Abandon();
    }

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

    private void DropUnfinished(LiteVolume newest)
    {
        newest.Abandon();
        _newest = null;
        folder.Drop(_volumes[^1].FirstGroup);
        _volumes.RemoveAt(_volumes.Count - 1);
    }

    /// <summary>The volume is not in use yet; but after a crash it would be taken for the newest if it were complete.</summary>
    private void Discard(long firstGroup, Exception cause)
    {
        try
        {
            folder.Discard(firstGroup);
        }
        catch (DiskRefusedException refused) when (folder.Exists(firstGroup))
        {
            throw new StoreFailedException(
                $"The volume from group {firstGroup} could neither be begun ({cause.Message}) nor taken away: {refused.Message}");
        }
    }

    /// <summary>In a folder that is no longer readable, a volume keeps its last known size.</summary>
    private void Measure(int index) => guard.Attempt("Measuring a volume", () =>
    {
        var firstGroup = _volumes[index].FirstGroup;
        _volumes[index] = new VolumeInfo(firstGroup, folder.SizeBytes(firstGroup));
    });
}
