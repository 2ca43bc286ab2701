using Gateway.Store.Disk;
using Gateway.Store.Records;
using LiteDB;
using LiteDB.Engine;

namespace Gateway.Store.Blocks;

/// <summary>
/// Blocks as LiteDB documents <c>{ _id: number, d: bytes }</c> in a volume, one collection per kind. Throws the engine's exceptions.
/// </summary>
internal static class BlockDocuments
{
    private const int WindowDocuments = 64;
    private const int WindowBytes = 4 * 1024 * 1024;

    /// <summary>Writes and deletes blocks in one transaction, durable on return.</summary>
    public static void Write(LiteVolume volume, IReadOnlyList<Block> puts, IReadOnlyList<BlockId> deletes)
    {
        var engine = volume.Begin();
        var deleted = 0;
        foreach (var kind in puts.GroupBy(put => put.Id.Kind)) Put(engine, kind.Key, kind.Select(Document));
        foreach (var kind in deletes.GroupBy(id => id.Kind))
            deleted += engine.Delete(Collection(kind.Key), kind.Select(id => new BsonValue(id.Number)));
        volume.Commit(isChange: puts.Count + deleted > 0);
    }

    public static byte[]? Find(LiteVolume volume, BlockId id)
    {
        var query = new Query { Limit = 1 };
        query.Where.Add(Compare("=", id.Number));
        using var reader = volume.Engine.Query(Collection(id.Kind), query);
        return reader.Read() ? reader.Current["d"].AsBinary : null;
    }

    /// <summary>Reads the next blocks after a number, limited in count and bytes: an open reader holds every page it has touched.</summary>
    public static List<Block> ReadWindow(LiteVolume volume, BlockKind kind, long after)
    {
        var query = new Query { Limit = WindowDocuments };
        query.Where.Add(Compare(">", after));
        query.OrderBy = "_id";
        using var reader = volume.Engine.Query(Collection(kind), query);
        var window = new List<Block>();
        for (var bytes = 0; bytes < WindowBytes && reader.Read(); bytes += window[^1].Bytes.Length)
        {
            window.Add(new Block(new BlockId(kind, reader.Current["_id"].AsInt64), reader.Current["d"].AsBinary));
        }

        return window;
    }

    /// <summary>Only parts of a snapshot are ever overwritten; all else is new, and an insert is cheaper.</summary>
    private static void Put(LiteEngine engine, BlockKind kind, IEnumerable<BsonDocument> documents)
    {
        if (kind == BlockKind.Snapshot) engine.Upsert(Collection(kind), documents, BsonAutoId.Int64);
        else engine.Insert(Collection(kind), documents, BsonAutoId.Int64);
    }

    /// <summary>
    /// Passes the number as a parameter: LiteDB compiles each new expression and keeps it for the life of the process. With the number in
    /// the text, every block read would cost half a millisecond and some kilobytes.
    /// </summary>
    private static BsonExpression Compare(string comparison, long number) => BsonExpression.Create($"_id {comparison} @0", number);

    private static BsonDocument Document(Block block) => new()
    {
        ["_id"] = block.Id.Number,
        ["d"] = block.Bytes,
    };

    private static string Collection(BlockKind kind) => kind switch
    {
        BlockKind.Group => "groups",
        BlockKind.Snapshot => "snapshots",
        BlockKind.Accepted => "accepted",
        BlockKind.Identity => "identity",
        BlockKind.Event => "events",
        _ => throw new InvariantException($"there is no collection for {kind}"),
    };
}
