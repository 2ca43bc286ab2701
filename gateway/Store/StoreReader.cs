using Gateway.Store.Disk.Files;
using Gateway.Store.Messages;
using Gateway.Store.Records;
using Gateway.Store.Snapshots;
using Gateway.Store.State;

namespace Gateway.Store;

/// <summary>
/// Reads messages from the groups. An unreadable group is skipped and reported by <see cref="TakeDamage"/>; no byte of it is returned.
/// Owned by the store's thread.
/// </summary>
internal sealed partial class StoreReader(StoreState state, IBlockStore blocks, StoreSettings settings)
{
    private readonly LinkedList<CachedGroup> _cache = [];
    private readonly Dictionary<long, LinkedListNode<CachedGroup>> _cached = [];
    private readonly Dictionary<long, string> _damage = [];
    private long _cacheBytes;

    public StoreState State => state;

    public StoreSettings Settings => settings;

    /// <summary>The free space on the disk.</summary>
    public long FreeBytes => blocks.FreeBytes;

    /// <summary>
    /// The disk's last refusal to read an existing block: results since then may be incomplete and are read again later. Null if there was
    /// none.
    /// </summary>
    public DiskRefusedException? Refusal { get; private set; }

    /// <summary>Why the disk keeps the store from accepting messages; null if it does not.</summary>
    public DiskObstacle? DiskObstacle { get; set; }

    /// <summary>
    /// The messages of a queue with numbers above <paramref name="after"/>, in order, until either limit is reached; at least one if there
    /// is one.
    /// </summary>
    public IReadOnlyList<StoredMessage> Read(QueueId id, long after, int messagesMax, int bytesMax)
    {
        var found = new List<StoredMessage>();
        if (state.Find(id) is not { } queue) return found;

        var bytes = 0;
        foreach (var extent in queue.After(after))
        {
            if (!ReadExtent(queue, extent, after, messagesMax, bytesMax, found, ref bytes)) break;
        }

        return found;
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

    /// <summary>The live messages of one extent; empty if it is damaged.</summary>
    public IReadOnlyList<StoredMessage> Read(QueueState queue, Extent extent)
    {
        var found = new List<StoredMessage>();
        var bytes = 0;
        ReadExtent(queue, extent, 0, int.MaxValue, int.MaxValue, found, ref bytes);
        return found;
    }

    /// <summary>The message of a dead letter; null if it is damaged.</summary>
    public StoredMessage? Read(DeadLetter deadLetter)
    {
        var queue = state.Find(deadLetter.Queue);
        Invariant.Require(queue is not null, "a dead letter's queue is known");
        if (Group(deadLetter.Group) is not { } group) return null;
        var messages = group.Of(queue.Handle);
        while (messages.TryNext(out var payload))
        {
            if (Replay.StoredPrefix(payload).Number != deadLetter.MessageNumber) continue;
            if (MessageCodec.TryRead(payload[Replay.StoredPrefixBytes..], out var message))
                return new StoredMessage(deadLetter.MessageNumber, message);
        }

        Report(group.Block, $"it does not hold number {deadLetter.MessageNumber} of {deadLetter.Queue}");
        return null;
    }

    /// <summary>Adds all live messages of the extent above a number, or none if one is unreadable; false if a limit is reached.</summary>
    private bool ReadExtent(QueueState queue, Extent extent, long after, int messagesMax, int bytesMax, List<StoredMessage> found,
        ref int bytes)
    {
        if (Group(extent.Group) is not { } group) return true;
        var (foundBefore, bytesBefore) = (found.Count, bytes);
        var messages = group.Of(queue.Handle);
        while (messages.TryNext(out var payload))
        {
            var number = Replay.StoredPrefix(payload).Number;
            if (number <= after || !extent.IsLive(number)) continue;

            bytes += payload.Length;
            if (found.Count > 0 && (found.Count >= messagesMax || bytes > bytesMax)) return false;
            if (!MessageCodec.TryRead(payload[Replay.StoredPrefixBytes..], out var message)) break;
            found.Add(Describe(queue, number, message, extent.Group));
        }

        var expected = extent.Live - extent.LiveNumbers().TakeWhile(number => number <= after).Count();
        if (found.Count - foundBefore == expected) return found.Count < messagesMax && bytes < bytesMax;

        Report(group.Block, $"it does not hold all of the numbers {extent.First} to {extent.Last} of {queue.Id}");
        found.RemoveRange(foundBefore, found.Count - foundBefore);
        bytes = bytesBefore;
        return true;
    }

    private static StoredMessage Describe(QueueState queue, long number, Message message, long group)
    {
        if (queue.Returned.TryGetValue(number, out var returned))
            return new StoredMessage(number, message, returned.Deliveries, returned.NotBeforeUnixMs) { Group = group };
        return new StoredMessage(number, message, number <= queue.DeliveredUpTo ? 1 : 0) { Group = group };
    }

    /// <summary>A group with a valid checksum; null if it is damaged.</summary>
    private CachedGroup? Group(long number)
    {
        if (_damage.ContainsKey(number)) return null;
        if (_cached.TryGetValue(number, out var node))
        {
            _cache.Remove(node);
            _cache.AddFirst(node);
            return node.Value;
        }

        if (!TryRead(new BlockId(BlockKind.Group, number), out var block)) return null;
        var group = new CachedGroup(block);
        _cached.Add(number, _cache.AddFirst(group));
        _cacheBytes += group.SizeBytes;
        while (_cacheBytes > settings.ReadCacheBytes && _cache.Count > 1)
        {
            var last = _cache.Last!.Value;
            _cacheBytes -= last.SizeBytes;
            _cached.Remove(last.Block.Id.Number);
            _cache.RemoveLast();
        }

        return group;
    }

    private bool TryRead(BlockId id, out Block block)
    {
        block = default;
        try
        {
            if (blocks.Read(id) is not { } bytes)
            {
                _damage.Add(id.Number, "it is missing");
                return false;
            }

            block = new Block(id, bytes);
            if (GroupReader.TryOpen(bytes, id.Number, out _)) return true;
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
            _damage.Add(id.Number, damaged.Why);
            return false;
        }
    }

    private void Report(Block block, string why)
    {
        blocks.SetAside(block);
        _damage[block.Id.Number] = why;
    }
}
