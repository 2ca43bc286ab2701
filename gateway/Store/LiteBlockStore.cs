using Gateway.Store.Disk;
using LiteDB;
using Microsoft.Extensions.Logging;

namespace Gateway.Store;

/// <summary>
/// Blocks in LiteDB (<see cref="BlockDocuments"/>). Groups, snapshots and identity lie in volumes that follow each other, each a
/// <see cref="LiteVolume"/> named by its first group; accepted ids and events in one of their own, which is cleaned up document by
/// document.
/// </summary>
internal sealed class LiteBlockStore : IBlockStore
{
    private const int OlderOpenMax = 3;
    private const string IdsVolume = "ids";

    /// <summary>A log of two areas, a data file, and room to checkpoint into it.</summary>
    private const long NewVolumeBytes = 6 * 1024 * 1024;

    /// <summary>With a smaller limit of a file's size, logs and data files end before they can be left for the next ones.</summary>
    private const long FileBytesMin = 32 * 1024 * 1024;

    private readonly DiskReserve _reserve;
    private readonly long _reserveBytes;
    private readonly IDisk _disk;
    private readonly VolumeFolder _folder;
    private readonly ILoggerFactory _loggers;
    private readonly Quarantine _quarantine;
    private readonly LiteVolume _ids;
    private readonly List<VolumeInfo> _volumes = [];
    private readonly LinkedList<(long FirstGroup, LiteVolume Volume)> _older = [];
    private readonly HashSet<LiteVolume> _damaged = [];
    private readonly Dictionary<long, string> _unreadable = [];
    private LiteVolume? _newest;
    private StoreFailedException? _failure;
    private DiskRefusedException? _noRoom;
    private DiskRefusedException? _noNext;
    private DiskRefusedException? _noDrop;
    private DiskRefusedException? _noRead;

    /// <summary>Opens what is there; a volume that a crash left without its first blocks is dropped.</summary>
    /// <param name="reserveBytes">What is kept back on the disk for draining; none to keep what is there and no more.</param>
    public LiteBlockStore(IDisk disk, ILoggerFactory loggers, long reserveBytes = 0)
    {
        _reserve = new DiskReserve(disk);
        _reserveBytes = reserveBytes;
        _disk = new ReservedDisk(disk, _reserve);
        _folder = new VolumeFolder(_disk);
        _loggers = loggers;
        _quarantine = new Quarantine(disk, loggers.CreateLogger<Quarantine>());
        try
        {
            Guard("Clearing the store's folder", Clear);
            _ids = Open(IdsVolume);
        }
        catch
        {
            _reserve.Close();
            throw;
        }

        try
        {
            Guard("Opening the store", OpenNewest);
        }
        catch
        {
            Abandon();
            throw;
        }
    }

    public IReadOnlyList<VolumeInfo> Volumes => _volumes;

    public long FreeBytes => Guard("Asking for the disk's free bytes", () => _disk.FreeBytes);

    public long FileBytesMax => _disk.FileBytesMax is var limit && limit < FileBytesMin ? FileBytesMin : limit;

    public string? Obstacle
    {
        get
        {
            if (_noNext is not null) return $"the next volume cannot be made: {_noNext.Message}";
            if (_noDrop is not null) return $"what has drained cannot be removed: {_noDrop.Message}";
            if (_noRead is not null) return $"what is stored cannot be read: {_noRead.Message}";
            if (_noRoom is not null) return _noRoom.Message;
            if (!_reserve.IsWhole) return $"{_reserve.Refusal?.Message ?? "what was kept back is in use"}; of the reserve for draining "
                + $"{_reserve.MissingBytes} bytes and {_reserve.MissingFiles} files are missing, for which there must be room";
            return _disk.FileBytesMax < FileBytesMin ? $"the limit of a file's size is {_disk.FileBytesMax} bytes for this process "
                + $"(ulimit -f), and {FileBytesMin} are needed" : null;
        }
    }

    public bool IsShort => !_reserve.IsWhole;

    public bool IsNewestDamaged => _newest is not null && _damaged.Contains(_newest);

    public bool IsNewestTooLarge => _newest is { IsTooLarge: true };

    private LiteVolume Newest => _newest ?? throw new InvariantException("a store has a volume before it is used");

    public void Replenish(long moreBytes)
    {
        if (_failure is null && _reserveBytes > 0) Guard("Filling the reserve", () => _reserve.Fill(_reserveBytes + moreBytes));
    }

    public bool MakeRoom(long bytes, long neededBytes)
    {
        ThrowIfFailed();
        _noRoom = MakeRoomFor(bytes, 0);
        return _noRoom is null || MakeRoomFor(neededBytes, 0) is null;
    }

    public bool TryMakeRoom(long bytes, long besideBytes = 0)
    {
        ThrowIfFailed();
        return MakeRoomFor(bytes, besideBytes) is null;
    }

    public bool PrepareNext()
    {
        ThrowIfFailed();
        _noNext = Attempt("Making the next volume", () => VolumeFiles.PrepareNext(_disk));
        return _noNext is null;
    }

    public bool Roll(long firstGroup, IReadOnlyList<Block> first)
    {
        ThrowIfFailed();
        var bytes = first.Sum(block => (long)block.Bytes.Length);
        var what = $"Beginning the volume from group {firstGroup}";
        if (_newest is not { } former)
        {
            Guard(what, () => Begin(firstGroup, first, bytes));
            return true;
        }

        // A disk that is this short would be asked for most of a volume in vain.
        if (!_reserve.IsWhole && FreeBytes < NewVolumeBytes + (3 * bytes)) return false;
        _noNext = Attempt(what, () => Begin(firstGroup, first, bytes));
        if (_noNext is not null) return false;
        Guard("Closing the volume before", () => Leave(former));
        return true;
    }

    public void Write(IReadOnlyList<Block> puts, IReadOnlyList<BlockId> deletes)
    {
        ThrowIfFailed();
        Guard("Writing to the store", () => WriteEach(puts, deletes));
    }

    public bool Drop(long firstGroup)
    {
        ThrowIfFailed();
        Invariant.Require(_volumes.Count > 1 && _volumes[^1].FirstGroup != firstGroup, "only a volume that is not the newest is dropped");
        _noDrop = Attempt($"Dropping the volume from group {firstGroup}", () => Remove(firstGroup));
        return _noDrop is null;
    }

    public byte[]? Read(BlockId id)
    {
        ThrowIfFailed();
        LiteVolume? volume = null;
        _noRead = Attempt($"Opening the volume of {id}", () => volume = VolumeOf(id));
        if (_noRead is not null) throw _noRead;
        return Guard($"Reading {id}", () => Find(volume!, id));
    }

    public IEnumerable<Block> ReadFrom(BlockKind kind, long after)
    {
        // Small windows, each reader closed at once: an open one holds every page it has touched.
        while (NextWindow() is { Count: > 0 } window)
        {
            foreach (var block in window) yield return block;
            after = window[^1].Id.Number;
        }

        List<Block> NextWindow()
        {
            ThrowIfFailed();
            return Guard($"Reading the {kind} blocks after {after}", () => ReadWindow(kind, after));
        }
    }

    public void SetAside(Block block) => _quarantine.SetAside($"{block.Id.Kind}-{block.Id.Number}.block", block.Bytes);

    public bool Maintain()
    {
        if (_failure is not null) return false;
        if (!Newest.IsCheckpointDue(IsShort) || !CanCheckpoint(Newest)) return RemovePiece();
        Guard("A checkpoint of the store", () =>
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
            if (_failure is not null) return [_failure.Message];
            return Guard<IReadOnlyList<string>>(
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
            if (_failure is null) Guard("Closing the store", CloseVolumes);
        }
        finally
        {
            Abandon();
        }
    }

    /// <summary>Closes the files and writes nothing, as if the process had been killed here.</summary>
    public void Abandon()
    {
        foreach (var (_, volume) in _older) volume.Abandon();
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
        _noDrop = Attempt("Removing a dropped volume", () => hasMore = _folder.RemovePiece(IsShort));
        return hasMore;
    }

    private void CloseVolumes()
    {
        foreach (var (_, volume) in _older) Close(volume);
        if (_newest is not null) Close(_newest);
        Close(_ids);
        RemoveDropped();
    }

    /// <summary>All pieces at once: nobody waits for the store.</summary>
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

        // What is written to it goes through pages that are there; it is better to know now than in the middle of a commit.
        if (_newest is not null && _newest.Check().Any()) _damaged.Add(_newest);
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

    /// <summary>Nobody has been told of the volume; but after a crash it would be taken for the newest, if all of it is there.</summary>
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
        Close(former);
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
            if (_ids.IsCheckpointDue(IsShort) && CanCheckpoint(_ids)) _ids.Checkpoint();
            puts = puts.Where(put => !IsBeside(put.Id.Kind)).ToList();
            deletes = deletes.Where(id => !IsBeside(id.Kind)).ToList();
        }

        if (puts.Count + deletes.Count == 0) return;
        BlockDocuments.Write(Newest, puts, deletes);
    }

    private void Remove(long firstGroup)
    {
        for (var node = _older.First; node is not null; node = node.Next)
        {
            if (node.Value.FirstGroup != firstGroup) continue;
            _damaged.Remove(node.Value.Volume);
            node.Value.Volume.Abandon();
            _older.Remove(node);
            break;
        }

        _folder.Drop(firstGroup);
        _volumes.RemoveAll(volume => volume.FirstGroup == firstGroup);
    }

    /// <summary>
    /// Nothing is written to a volume that was found damaged, or for which the disk has no room: what it has committed is safe in its log.
    /// </summary>
    private void Close(LiteVolume volume)
    {
        if (_damaged.Remove(volume) || !CanCheckpoint(volume)) volume.Abandon();
        else volume.Dispose();
    }

    /// <summary>A checkpoint that finds no room would be the end of the volume; one that is left for later costs a longer log.</summary>
    private bool CanCheckpoint(LiteVolume volume) => Attempt("Making room for a checkpoint", volume.MakeRoomForCheckpoint) is null;

    /// <summary>With a group may go events, which are small.</summary>
    private DiskRefusedException? MakeRoomFor(long bytes, long besideBytes) => Attempt("Making room", () =>
    {
        _ids.MakeRoom(besideBytes);
        if (bytes > 0) Newest.MakeRoom(bytes);
    });

    private IEnumerable<string> CheckOlder(VolumeInfo volume)
    {
        try
        {
            return Older(new BlockId(BlockKind.Group, volume.FirstGroup), volume.FirstGroup).Check();
        }
        catch (DamagedBlockException damaged)
        {
            return [damaged.Why];
        }
    }

    /// <summary>Kept beside the volumes that follow each other.</summary>
    private static bool IsBeside(BlockKind kind) => kind is BlockKind.Accepted or BlockKind.Event;

    private LiteVolume VolumeOf(BlockId id)
    {
        if (IsBeside(id.Kind)) return _ids;
        if (id.Kind != BlockKind.Group) return Newest;

        var index = _volumes.FindLastIndex(volume => volume.FirstGroup <= id.Number);
        if (index < 0) throw new StoreFailedException($"The store has no volume for {id}: its files are missing in {_disk.Path}. "
            + $"Put them back, or save what is left with 'gateway store repair'.");
        return index == _volumes.Count - 1 ? Newest : Older(id, _volumes[index].FirstGroup);
    }

    /// <summary>An older volume, opened when it is needed; the least recently used one gives way.</summary>
    private LiteVolume Older(BlockId wanted, long firstGroup)
    {
        if (_unreadable.TryGetValue(firstGroup, out var known)) throw new DamagedBlockException(wanted, known);
        for (var node = _older.First; node is not null; node = node.Next)
        {
            if (node.Value.FirstGroup != firstGroup) continue;
            _older.Remove(node);
            _older.AddFirst(node);
            return node.Value.Volume;
        }

        var opened = OpenOlder(wanted, firstGroup);
        _older.AddFirst((firstGroup, opened));
        if (_older.Count > OlderOpenMax)
        {
            Close(_older.Last!.Value.Volume);
            _older.RemoveLast();
        }

        return opened;
    }

    private LiteVolume OpenOlder(BlockId wanted, long firstGroup)
    {
        var name = VolumeFolder.NameOf(firstGroup);
        try
        {
            if (_folder.Exists(firstGroup)) return Open(name);
            throw new StoreFormatException($"the data file of {name} is missing");
        }
        catch (Exception e) when (e is CorruptPageException
            or StoreFormatException or StoreFailedException { InnerException: LiteException })
        {
            // A disk that answers with an error ends the process; files that are not what they were are a loss of this volume alone.
            if (e is CorruptPageException page) _quarantine.SetAside(page);
            _unreadable[firstGroup] = $"its volume cannot be opened: {(e as CorruptPageException)?.Finding ?? e.Message}";
            throw new DamagedBlockException(wanted, _unreadable[firstGroup], e);
        }
    }

    private LiteVolume Open(string name) => LiteVolume.Open(_disk, name, _loggers.CreateLogger<LiteVolume>());

    private void DropUnfinished()
    {
        _newest!.Abandon();
        _newest = null;
        _folder.Drop(_volumes[^1].FirstGroup);
        RemoveDropped();
        _volumes.RemoveAt(_volumes.Count - 1);
    }

    /// <summary>In a folder that may not be looked into any more it has the size that it had.</summary>
    private VolumeInfo Measured(long firstGroup)
    {
        var known = _volumes.Find(volume => volume.FirstGroup == firstGroup);
        Attempt("Measuring a volume", () => known = new VolumeInfo(firstGroup, _folder.SizeBytes(firstGroup)));
        return known;
    }

    private byte[]? Find(LiteVolume volume, BlockId id)
    {
        try
        {
            return BlockDocuments.Find(volume, id);
        }
        catch (CorruptPageException e)
        {
            throw Damaged(volume, id, e);
        }
        catch (LiteException e) when (volume != _newest && volume != _ids)
        {
            // The pages are what was written, but not what the engine can follow; it may have closed itself over that.
            var older = _older.First(entry => entry.Volume == volume);
            _older.Remove(older);
            volume.Abandon();
            _unreadable[older.FirstGroup] = $"its volume cannot be read: {e.Message}";
            throw new DamagedBlockException(id, _unreadable[older.FirstGroup], e);
        }
    }

    private List<Block> ReadWindow(BlockKind kind, long after)
    {
        var volume = IsBeside(kind) ? _ids : Newest;
        try
        {
            return BlockDocuments.ReadWindow(volume, kind, after);
        }
        catch (CorruptPageException e)
        {
            throw Damaged(volume, new BlockId(kind, after + 1), e);
        }
    }

    /// <summary>The engine has only passed the page's loss on: its query has ended, and it reads and writes as before.</summary>
    private DamagedBlockException Damaged(LiteVolume volume, BlockId id, CorruptPageException cause)
    {
        _damaged.Add(volume);
        _quarantine.SetAside(cause);
        return new DamagedBlockException(id, cause.Finding, cause);
    }

    /// <summary>After a failure an engine may have rolled back by itself, and would go on as if nothing had been.</summary>
    private void ThrowIfFailed()
    {
        if (_failure is not null) throw new StoreFailedException(_failure.Message, _failure);
    }

    /// <summary>For what can be left for later.</summary>
    /// <returns>What the disk said when it refused: then nothing has changed. Null when it is done.</returns>
    private DiskRefusedException? Attempt(string what, Action operation) => Guard(what, () =>
    {
        try
        {
            operation();
            return null;
        }
        catch (Exception cause) when (DiskRefusedException.In(cause) is not null)
        {
            return DiskRefusedException.In(cause);
        }
    });

    /// <summary>Whatever the engine or the disk throws becomes the store's failure, and stays it.</summary>
    private T Guard<T>(string what, Func<T> operation)
    {
        try
        {
            return operation();
        }
        catch (StoreFailedException e)
        {
            _failure ??= e;
            throw;
        }
        catch (Exception e) when (e is CorruptPageException or StoreFormatException)
        {
            throw _failure = new StoreFailedException($"{what} failed: {e.Message}", e);
        }
        catch (Exception e) when (e is LiteException or IOException or UnauthorizedAccessException)
        {
            throw _failure = new StoreFailedException(
                $"{what} failed: {e.Message} Free or repair the disk and start the gateway again.", e);
        }
    }

    private void Guard(string what, Action operation) => Guard(what, () =>
    {
        operation();
        return true;
    });
}
