using Gateway.Store.Disk.Files;
using Gateway.Store.Records;

namespace Gateway.Store;

/// <summary>
/// The groups of the store, each verified when it is read; the last ones read stay in memory. An unreadable group is reported by
/// <see cref="TakeDamage"/>, and no byte of it is returned. Owned by the store's thread.
/// </summary>
/// <param name="cacheBytes">The size of the groups kept in memory.</param>
internal sealed class StoredGroups(IBlockStore blocks, long cacheBytes)
{
    private readonly LinkedList<CachedGroup> _cache = [];
    private readonly Dictionary<long, LinkedListNode<CachedGroup>> _cached = [];
    private readonly Dictionary<long, string> _damage = [];
    private long _cachedBytes;

    /// <summary>The first group that can exist.</summary>
    public long First => blocks.Volumes[0].FirstGroup;

    /// <summary>The last durable group.</summary>
    public long Last { get; set; }

    /// <summary>
    /// The disk's last refusal to read an existing block: results since then may be incomplete and are read again later. Null if there was
    /// none.
    /// </summary>
    public DiskRefusedException? Refusal { get; private set; }

    /// <summary>A group with a valid checksum; null if it is damaged.</summary>
    /// <param name="next">The groups that are probably read after it; see <see cref="IBlockStore.Read"/>.</param>
    public CachedGroup? Find(long number, IEnumerable<long>? next = null)
    {
        if (_damage.ContainsKey(number)) return null;
        if (_cached.TryGetValue(number, out var node))
        {
            _cache.Remove(node);
            _cache.AddFirst(node);
            return node.Value;
        }

        if (!TryRead(number, next, out var block)) return null;
        var group = new CachedGroup(block);
        _cached.Add(number, _cache.AddFirst(group));
        _cachedBytes += group.SizeBytes;
        while (_cachedBytes > cacheBytes && _cache.Count > 1)
        {
            var last = _cache.Last!.Value;
            _cachedBytes -= last.SizeBytes;
            _cached.Remove(last.Block.Id.Number);
            _cache.RemoveLast();
        }

        return group;
    }

    /// <summary>
    /// Reads a group with a valid checksum for a one-time scan: from the cache if present, without displacing groups that readers of queues
    /// need soon.
    /// </summary>
    public bool TryScan(long number, out Block block)
    {
        block = default;
        if (_damage.ContainsKey(number)) return false;
        if (_cached.TryGetValue(number, out var cached))
        {
            block = cached.Value.Block;
            return true;
        }

        return TryRead(number, next: null, out block);
    }

    /// <summary>Reads a group that need not be kept: false if it is missing or unreadable, which is no damage to anything kept.</summary>
    public bool TryPeek(long number, out Block block)
    {
        block = default;
        try
        {
            if (blocks.Read(new BlockId(BlockKind.Group, number)) is not { } bytes) return false;
            block = new Block(new BlockId(BlockKind.Group, number), bytes);
            return GroupReader.TryOpen(bytes, number, out _);
        }
        catch (Exception e) when (e is DiskRefusedException or DamagedBlockException)
        {
            return false;
        }
    }

    /// <summary>
    /// The first group of the volume that contains a group. Reading from a different volume may require opening its files.
    /// </summary>
    public long VolumeOf(long group)
    {
        var first = 0L;
        foreach (var volume in blocks.Volumes)
        {
            if (volume.FirstGroup > group) break;
            first = volume.FirstGroup;
        }

        return first;
    }

    /// <summary>A group lacks the messages that should be in it; nothing of it is used from now on.</summary>
    public void Report(Block block, string why)
    {
        blocks.SetAside(block);
        _damage[block.Id.Number] = why;
    }

    /// <summary>
    /// The groups found unreadable since the last call, each with the finding. The caller removes their messages from the queues.
    /// </summary>
    public IReadOnlyList<(long Group, string Why)> TakeDamage()
    {
        if (_damage.Count == 0) return [];
        var taken = _damage.Select(entry => (entry.Key, entry.Value)).ToList();
        _damage.Clear();
        return taken;
    }

    /// <summary>Whether the disk refused a block since the last call.</summary>
    public bool TakeRefusal()
    {
        var wasRefused = Refusal is not null;
        Refusal = null;
        return wasRefused;
    }

    private bool TryRead(long number, IEnumerable<long>? next, out Block block)
    {
        var id = new BlockId(BlockKind.Group, number);
        block = default;
        try
        {
            if (blocks.Read(id, next) is not { } bytes)
            {
                _damage.Add(number, "it is missing");
                return false;
            }

            block = new Block(id, bytes);
            if (GroupReader.TryOpen(bytes, number, out _)) return true;
            Report(block, "its checksum does not hold");
            return false;
        }
        catch (DiskRefusedException refused)
        {
            Refusal = refused;
            return false;
        }
        catch (DamagedBlockException damaged)
        {
            _damage.Add(number, damaged.Why);
            return false;
        }
    }
}
