using Gateway.Store.Records;
using Gateway.Store.Snapshots;

namespace Gateway.Store.Browsing;

/// <summary>
/// The position of each message in one group: dead letters lie in any order, and searching the group for each would take time in proportion
/// to their product.
/// </summary>
internal sealed class GroupIndex
{
    private readonly Dictionary<(long Handle, long Number), (int Offset, int Length)> _places = [];

    /// <summary>The group indexed last; 0 for none.</summary>
    public long Group => Block.Id.Number;

    public Block Block { get; private set; }

    /// <summary>Indexes a group with a valid checksum.</summary>
    public void Fill(Block block)
    {
        Block = block;
        _places.Clear();
        var records = GroupReader.OpenChecked(block);
        while (records.TryNext(out var kind, out var payload))
        {
            if (kind is not (RecordKind.Stored or RecordKind.Copied)) continue;
            block.Bytes.AsSpan().Overlaps(payload, out var offset);
            _places[Replay.StoredPrefix(payload)] = (offset, payload.Length);
        }
    }

    public bool TryFind(long handle, long number, out ReadOnlySpan<byte> message)
    {
        message = default;
        if (!_places.TryGetValue((handle, number), out var place)) return false;
        message = Block.Bytes.AsSpan(place.Offset + Replay.StoredPrefixBytes, place.Length - Replay.StoredPrefixBytes);
        return true;
    }
}
