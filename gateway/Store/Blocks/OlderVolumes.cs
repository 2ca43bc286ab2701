using Gateway.Store.Disk;
using Gateway.Store.Disk.Log;
using Gateway.Store.Disk.Pages;
using Gateway.Store.Records;
using LiteDB;

namespace Gateway.Store.Blocks;

/// <summary>
/// The volumes before the newest one, each opened when one of its blocks is needed; the least recently used one is closed. Owned by the
/// store's thread.
/// </summary>
/// <param name="open">Opens a volume by name.</param>
internal sealed class OlderVolumes(VolumeFolder folder, StoreGuard guard, Quarantine quarantine, Func<string, LiteVolume> open)
{
    private const int OpenMax = 3;

    private readonly LinkedList<(long FirstGroup, LiteVolume Volume)> _open = [];
    private readonly Dictionary<long, string> _unreadable = [];

    /// <summary>Returns the open volume that begins with a group.</summary>
    /// <param name="wanted">The block requested, for the exception.</param>
    /// <exception cref="DamagedBlockException">The volume's files are damaged; only its own blocks are lost.</exception>
    public LiteVolume Get(BlockId wanted, long firstGroup)
    {
        if (_unreadable.TryGetValue(firstGroup, out var known)) throw new DamagedBlockException(wanted, known);
        if (Find(firstGroup) is { } node)
        {
            _open.Remove(node);
            _open.AddFirst(node);
            return node.Value.Volume;
        }

        var opened = Open(wanted, firstGroup);
        _open.AddFirst((firstGroup, opened));
        if (_open.Count > OpenMax)
        {
            guard.Close(_open.Last!.Value.Volume);
            _open.RemoveLast();
        }

        return opened;
    }

    /// <summary>Whether it is one of these volumes, and open.</summary>
    public bool Has(LiteVolume volume) => _open.Any(entry => entry.Volume == volume);

    /// <summary>Closes a volume that is about to be dropped, without writing to it.</summary>
    public void Forget(long firstGroup)
    {
        if (Find(firstGroup) is not { } node) return;
        node.Value.Volume.Abandon();
        _open.Remove(node);
    }

    /// <summary>The pages of an open volume are as written, but the engine cannot follow them; it may have closed itself.</summary>
    public DamagedBlockException GiveUp(LiteVolume volume, BlockId wanted, LiteException cause)
    {
        var entry = _open.First(entry => entry.Volume == volume);
        _open.Remove(entry);
        volume.Abandon();
        _unreadable[entry.FirstGroup] = $"its volume cannot be read: {cause.Message}";
        return new DamagedBlockException(wanted, _unreadable[entry.FirstGroup], cause);
    }

    public void Close()
    {
        foreach (var (_, volume) in _open) guard.Close(volume);
    }

    /// <summary>Closes the files without writing.</summary>
    public void Abandon()
    {
        foreach (var (_, volume) in _open) volume.Abandon();
    }

    private LinkedListNode<(long FirstGroup, LiteVolume Volume)>? Find(long firstGroup)
    {
        for (var node = _open.First; node is not null; node = node.Next)
        {
            if (node.Value.FirstGroup == firstGroup) return node;
        }

        return null;
    }

    private LiteVolume Open(BlockId wanted, long firstGroup)
    {
        var name = VolumeFolder.NameOf(firstGroup);
        try
        {
            return folder.Exists(firstGroup) ? open(name) : throw new StoreFormatException($"the data file of {name} is missing");
        }
        catch (Exception e) when (e is CorruptPageException
            or StoreFormatException or StoreFailedException { InnerException: LiteException })
        {
            // A disk that returns an error ends the process; damaged files cost this volume alone.
            if (e is CorruptPageException page) quarantine.SetAside(page);
            _unreadable[firstGroup] = $"its volume cannot be opened: {(e as CorruptPageException)?.Finding ?? e.Message}";
            throw new DamagedBlockException(wanted, _unreadable[firstGroup], e);
        }
    }
}
