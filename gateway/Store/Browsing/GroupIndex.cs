namespace Gateway.Store.Browsing;

/// <summary>
/// Where each message of one group stands in it: dead letters lie in any order, and searching the group for each would take as long as
/// their product.
/// </summary>
internal sealed class GroupIndex
{
    private readonly Dictionary<(long Handle, long Number), (int Offset, int Length)> _places = [];

    /// <summary>The group that was indexed last; 0 for none.</summary>
    public long Group => Block.Id.Number;

    public Block Block { get; private set; }

    /// <summary>Indexes a group whose checksum holds.</summary>
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
