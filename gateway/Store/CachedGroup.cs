using Gateway.Store.Records;
using Gateway.Store.Snapshots;

namespace Gateway.Store;

/// <summary>
/// A group with the positions of each queue's messages in it. It may hold messages of a thousand queues, and searching all of it for each
/// would take time in proportion to their product. Owned by the store's thread.
/// </summary>
internal sealed class CachedGroup
{
    private const int PlaceBytes = 16;

    private readonly (long Handle, int Offset, int Length)[] _places;

    /// <param name="block">Its checksum is valid.</param>
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
        // Sorted by queue, then by position.
        if (!isSorted) Array.Sort(_places);
    }

    public Block Block { get; }

    public long SizeBytes => Block.Bytes.Length + ((long)_places.Length * PlaceBytes);

    /// <summary>The payloads of one queue's messages, in the order of their positions.</summary>
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

    /// <summary>Enumerates the messages of one queue.</summary>
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
