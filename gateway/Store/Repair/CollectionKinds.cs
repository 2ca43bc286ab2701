using Gateway.Store.Disk.Salvage;

namespace Gateway.Store.Repair;

/// <summary>
/// What the collections of a volume hold: by their names, or, when the page with these is lost, by what is in their blocks.
/// </summary>
internal sealed class CollectionKinds
{
    private const int IdentityBytes = 24;

    private readonly Dictionary<uint, BlockKind> _kinds = [];

    public CollectionKinds(SalvagedVolume volume)
    {
        foreach (var (page, name) in volume.Collections)
        {
            if (KindOf(name) is { } kind) _kinds[page] = kind;
        }

        foreach (var document in volume.Documents())
        {
            if (!_kinds.ContainsKey(document.Collection) && !volume.Collections.ContainsKey(document.Collection)
                && volume.Read(document) is { } bytes && Guess(bytes, document.Number) is { } kind) _kinds[document.Collection] = kind;
        }
    }

    public BlockKind? Of(uint collection) => _kinds.TryGetValue(collection, out var kind) ? kind : null;

    /// <summary>The kinds of the records in a block whose checksum holds.</summary>
    public static List<RecordKind> Records(byte[] block)
    {
        var kinds = new List<RecordKind>();
        var records = GroupReader.OpenChecked(new Block(default, block));
        while (records.TryNext(out var kind, out _)) kinds.Add(kind);
        return kinds;
    }

    private static BlockKind? KindOf(string name) => name switch
    {
        "groups" => BlockKind.Group,
        "snapshots" => BlockKind.Snapshot,
        "identity" => BlockKind.Identity,
        _ => null,
    };

    /// <summary>Some records stand in groups as well as in snapshots: a block of these alone tells nothing.</summary>
    private static BlockKind? Guess(byte[] bytes, long number)
    {
        if (bytes.Length == IdentityBytes) return BlockKind.Identity;
        if (!GroupReader.TryOpen(bytes, number, out _)) return null;
        var records = Records(bytes);
        if (records.Exists(kind => kind >= RecordKind.Counters)) return BlockKind.Snapshot;
        return records.Exists(kind => kind is not (
            RecordKind.QueueMade or RecordKind.Returned or RecordKind.PositionMoved or RecordKind.Marked)) ? BlockKind.Group : null;
    }
}
