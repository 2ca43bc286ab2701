using Gateway.Store.Disk;
using LiteDB;
using LiteDB.Engine;

namespace Gateway.Store;

/// <summary>Blocks as LiteDB documents <c>{ _id: number, d: bytes }</c>, one collection a kind, in a <see cref="LiteVolume"/>.</summary>
internal sealed class LiteBlockStore(LiteVolume volume) : IBlockStore
{
    private const int WindowDocuments = 64;
    private const int WindowBytes = 4 * 1024 * 1024;

    private StoreFailedException? _failure;

    /// <summary>The engine, as long as nothing has failed: after a failure it may have rolled back, and go on as if nothing had been.</summary>
    private LiteEngine Engine => _failure is null ? volume.Engine : throw new StoreFailedException(_failure.Message, _failure);

    public void Write(IReadOnlyList<Block> puts, IReadOnlyList<BlockId> deletes)
    {
        var engine = Engine;
        engine.BeginTrans();
        try
        {
            foreach (var kind in puts.GroupBy(put => put.Id.Kind)) Put(engine, kind.Key, kind.Select(Document));
            foreach (var kind in deletes.GroupBy(id => id.Kind)) engine.Delete(Collection(kind.Key), kind.Select(id => new BsonValue(id.Number)));
        }
        catch (Exception e) when (e is LiteException or IOException or CorruptPageException)
        {
            throw _failure = new StoreFailedException($"Writing to the store failed: {e.Message}. Free or repair the disk and start the gateway again.", e);
        }

        volume.Commit();
    }

    public byte[]? Read(BlockId id)
    {
        try
        {
            var query = new Query { Limit = 1 };
            query.Where.Add(Query.EQ("_id", id.Number));
            using var reader = Engine.Query(Collection(id.Kind), query);
            return reader.Read() ? reader.Current["d"].AsBinary : null;
        }
        catch (Exception e) when (e is LiteException or IOException or CorruptPageException)
        {
            throw Failed(id.Kind, e);
        }
    }

    public IEnumerable<Block> ReadFrom(BlockKind kind, long after)
    {
        // Small windows, each reader closed at once: an open one holds every page it has touched.
        while (ReadWindow(kind, after) is { Count: > 0 } window)
        {
            foreach (var block in window) yield return block;
            after = window[^1].Id.Number;
        }
    }

    public void Maintain()
    {
        if (_failure is null && volume.CheckpointDue) volume.Checkpoint();
    }

    public IReadOnlyList<string> Check()
    {
        try
        {
            return _failure is null ? [.. volume.Check()] : [_failure.Message];
        }
        catch (CorruptPageException e)
        {
            return [e.Message];
        }
    }

    public void Dispose()
    {
        if (_failure is null) volume.Dispose();
        else volume.Abandon();
    }

    private List<Block> ReadWindow(BlockKind kind, long after)
    {
        try
        {
            var query = new Query { Limit = WindowDocuments };
            query.Where.Add(Query.GT("_id", after));
            query.OrderBy = "_id";
            using var reader = Engine.Query(Collection(kind), query);
            var window = new List<Block>();
            for (var bytes = 0; bytes < WindowBytes && reader.Read(); bytes += window[^1].Bytes.Length)
            {
                window.Add(new Block(new BlockId(kind, reader.Current["_id"].AsInt64), reader.Current["d"].AsBinary));
            }

            return window;
        }
        catch (Exception e) when (e is LiteException or IOException or CorruptPageException)
        {
            throw Failed(kind, e);
        }
    }

    /// <summary>Only parts of a snapshot are ever written over; everything else is new, and an insert is cheaper.</summary>
    private static void Put(LiteEngine engine, BlockKind kind, IEnumerable<BsonDocument> documents)
    {
        if (kind == BlockKind.Snapshot) engine.Upsert(Collection(kind), documents, BsonAutoId.Int64);
        else engine.Insert(Collection(kind), documents, BsonAutoId.Int64);
    }

    private static BsonDocument Document(Block block) => new()
    {
        ["_id"] = block.Id.Number,
        ["d"] = block.Bytes.ToArray(),
    };

    private static string Collection(BlockKind kind) => kind switch
    {
        BlockKind.Group => "groups",
        BlockKind.Snapshot => "snapshots",
        BlockKind.Accepted => "accepted",
        BlockKind.Identity => "identity",
        _ => throw new InvariantException($"there is no collection for {kind}"),
    };

    private StoreFailedException Failed(BlockKind kind, Exception e) =>
        _failure = new StoreFailedException($"Reading the store's {kind} blocks failed: {e.Message}. Stop the gateway and check the disk.", e);
}
