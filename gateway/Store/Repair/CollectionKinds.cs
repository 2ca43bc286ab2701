using Gateway.Store.Disk.Salvage;
using Gateway.Store.Records;

namespace Gateway.Store.Repair;

/// <summary>
/// Determines the block kinds of a volume's collections: by name, or, if the page with the names is lost, by the contents of their blocks.
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

    /// <summary>The kinds of the records in a block with a valid checksum.</summary>
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

    /// <summary>Some records occur both in groups and in snapshots: a block with only these is ambiguous.</summary>
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
