namespace Gateway.Store;

/// <summary>
/// A group that was read, and where each queue's messages stand in it: it may hold messages of a thousand queues, and to search all of it
/// for each would take as long as their product. Owned by the store's thread.
/// </summary>
internal sealed class CachedGroup
{
    private const int PlaceBytes = 16;

    private readonly (long Handle, int Offset, int Length)[] _places;

    /// <param name="block">Its checksum holds.</param>
    public CachedGroup(Block block)
    {
        Block = block;
        var places = new List<(long Handle, int Offset, int Length)>();
        var isSorted = true;
        var records = GroupReader.OpenChecked(block);
        while (records.TryNext(out var kind, out var payload))
        {
            if (kind is not (RecordKind.Stored or RecordKind.Copied)) continue;
            block.Bytes.AsSpan().Overlaps(payload, out var offset);
            var handle = Replay.StoredPrefix(payload).Handle;
            isSorted &= places.Count == 0 || places[^1].Handle <= handle;
            places.Add((handle, offset, payload.Length));
        }

        _places = [.. places];
        // By the queue, and in the order in which they stand.
        if (!isSorted) Array.Sort(_places);
    }

    public Block Block { get; }

    public long SizeBytes => Block.Bytes.Length + ((long)_places.Length * PlaceBytes);

    /// <summary>The payloads of the messages of one queue, in the order in which they stand.</summary>
    public Messages Of(long handle)
    {
        var (low, high) = (0, _places.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_places[middle].Handle < handle) low = middle + 1;
            else high = middle;
        }

        return new Messages(this, handle, low);
    }

    /// <summary>Goes through the messages of one queue.</summary>
    public ref struct Messages(CachedGroup group, long handle, int next)
    {
        private int _next = next;

        public bool TryNext(out ReadOnlySpan<byte> payload)
        {
            payload = default;
            if (_next == group._places.Length || group._places[_next].Handle != handle) return false;
            var (_, offset, length) = group._places[_next++];
            payload = group.Block.Bytes.AsSpan(offset, length);
            return true;
        }
    }
}
