namespace Gateway.Store;

/// <summary>Reads messages back from the groups. Owned by the store's thread.</summary>
internal sealed class StoreReader(StoreState state, IBlockStore blocks, int cacheBytesMax)
{
    private readonly LinkedList<Block> _cache = [];
    private long _cacheBytes;

    public StoreState State => state;

    /// <summary>
    /// The messages of a queue with numbers above <paramref name="after"/>, in order, until either limit is reached; at least one if there is one.
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

    /// <summary>The live messages of one extent.</summary>
    public IReadOnlyList<StoredMessage> Read(QueueState queue, Extent extent)
    {
        var found = new List<StoredMessage>();
        var bytes = 0;
        ReadExtent(queue, extent, 0, int.MaxValue, int.MaxValue, found, ref bytes);
        return found;
    }

    /// <summary>The message of a dead letter.</summary>
    public StoredMessage Read(DeadLetter deadLetter)
    {
        var queue = state.Find(deadLetter.Queue);
        Invariant.Require(queue is not null, "a dead letter's queue is known");
        var records = GroupReader.OpenChecked(Group(deadLetter.Group));
        while (records.TryNext(out var kind, out var payload))
        {
            if (kind is not (RecordKind.Stored or RecordKind.Copied) || Replay.StoredPrefix(payload) != (queue.Handle, deadLetter.MessageNumber)) continue;
            if (MessageCodec.TryRead(payload[Replay.StoredPrefixBytes..], out var message)) return new StoredMessage(deadLetter.MessageNumber, message);
        }

        throw StoreFailedException.Damaged(new BlockId(BlockKind.Group, deadLetter.Group));
    }

    private bool ReadExtent(QueueState queue, Extent extent, long after, int messagesMax, int bytesMax, List<StoredMessage> found, ref int bytes)
    {
        var records = GroupReader.OpenChecked(Group(extent.Group));
        while (records.TryNext(out var kind, out var payload))
        {
            if (kind is not (RecordKind.Stored or RecordKind.Copied)) continue;
            var (handle, number) = Replay.StoredPrefix(payload);
            if (handle != queue.Handle || number <= after || !extent.IsLive(number)) continue;

            bytes += payload.Length;
            if (found.Count > 0 && (found.Count >= messagesMax || bytes > bytesMax)) return false;
            if (!MessageCodec.TryRead(payload[Replay.StoredPrefixBytes..], out var message)) throw StoreFailedException.Damaged(new BlockId(BlockKind.Group, extent.Group));
            found.Add(Describe(queue, number, message));
        }

        return found.Count < messagesMax && bytes < bytesMax;
    }

    private static StoredMessage Describe(QueueState queue, long number, Message message)
    {
        if (queue.Returned.TryGetValue(number, out var returned)) return new StoredMessage(number, message, returned.Deliveries, returned.NotBeforeUnixMs);
        return new StoredMessage(number, message, number <= queue.DeliveredUpTo ? 1 : 0);
    }

    /// <summary>A group whose checksum holds.</summary>
    private Block Group(long number)
    {
        for (var node = _cache.First; node is not null; node = node.Next)
        {
            if (node.Value.Id.Number != number) continue;
            _cache.Remove(node);
            _cache.AddFirst(node);
            return node.Value;
        }

        var id = new BlockId(BlockKind.Group, number);
        var block = new Block(id, blocks.Read(id) ?? throw StoreFailedException.Damaged(id));
        if (!GroupReader.TryOpen(block.Bytes, number, out _)) throw StoreFailedException.Damaged(id);
        _cache.AddFirst(block);
        _cacheBytes += block.Bytes.Length;
        while (_cacheBytes > cacheBytesMax && _cache.Count > 1)
        {
            _cacheBytes -= _cache.Last!.Value.Bytes.Length;
            _cache.RemoveLast();
        }

        return block;
    }
}
