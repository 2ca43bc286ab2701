using System.Globalization;
using Gateway.Store.Records;
using Npgsql;
using NpgsqlTypes;

namespace Gateway.Store.Postgres;

/// <summary>Blocks as rows of a table. Throws Npgsql's exceptions.</summary>
/// <param name="Table">The quoted name.</param>
/// <param name="Store">The store whose rows they are, in the table of all stores; null in the table of a volume.</param>
internal readonly record struct PostgresRows(string Table, int? Store)
{
    private const int WindowRows = 64;
    private const int WindowBytes = 4 * 1024 * 1024;

    /// <summary>The rows of one command; more make a further one, so that no command grows beyond the protocol's limits.</summary>
    private const long CommandBytes = 8 * 1024 * 1024;

    private string OfStore => Store is { } store ? string.Create(CultureInfo.InvariantCulture, $"store = {store} AND ") : "";

    /// <summary>Adds commands that write these blocks, whether or not they were written before.</summary>
    public void AddPuts(NpgsqlBatch batch, IReadOnlyList<Block> puts)
    {
        if (puts.Count == 0) return;
        if (puts.Count == 1)
        {
            AddPut(batch, puts[0]);
            return;
        }

        var (piece, bytes) = (new List<Block>(), 0L);
        foreach (var put in puts)
        {
            piece.Add(put);
            bytes += put.Bytes.Length;
            if (bytes < CommandBytes) continue;
            AddPiece(batch, piece);
            (piece, bytes) = ([], 0);
        }

        if (piece.Count > 0) AddPiece(batch, piece);
    }

    /// <summary>Adds the commands that delete these blocks.</summary>
    public void AddDeletes(NpgsqlBatch batch, IReadOnlyList<BlockId> deletes)
    {
        foreach (var kind in deletes.GroupBy(id => id.Kind))
        {
            var command = new NpgsqlBatchCommand($"DELETE FROM {Table} WHERE {OfStore}kind = $1 AND number = ANY($2)");
            command.Parameters.Add(new NpgsqlParameter<short> { TypedValue = (short)kind.Key });
            command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. kind.Select(id => id.Number)] });
            batch.BatchCommands.Add(command);
        }
    }

    /// <summary>Whether the block is there, with these bytes.</summary>
    public bool Has(NpgsqlConnection connection, Block block) => PostgresCommands.Scalar<bool>(connection,
        $"SELECT bytes = $3 FROM {Table} WHERE {OfStore}kind = $1 AND number = $2", (short)block.Id.Kind, block.Id.Number, block.Bytes);

    public byte[]? Find(NpgsqlConnection connection, BlockId id) => PostgresCommands.Scalar<byte[]>(connection,
        $"SELECT bytes FROM {Table} WHERE {OfStore}kind = $1 AND number = $2", (short)id.Kind, id.Number);

    /// <summary>The numbers of a kind, ascending.</summary>
    public List<long> Numbers(NpgsqlConnection connection, BlockKind kind) => PostgresCommands.Rows(connection,
        $"SELECT number FROM {Table} WHERE {OfStore}kind = $1 ORDER BY number", row => row.GetInt64(0), (short)kind);

    /// <summary>Of the blocks with these numbers, the first ones, up to a number of bytes; at least one if there is one.</summary>
    public List<Block> Find(NpgsqlConnection connection, BlockKind kind, long[] numbers, long bytesMax) =>
        PostgresCommands.Rows(connection, $"""
        SELECT number, bytes FROM (
            SELECT number, bytes, sum(octet_length(bytes)) OVER (ORDER BY number) - octet_length(bytes) AS before
            FROM {Table} WHERE {OfStore}kind = $1 AND number = ANY($2)) found
        WHERE before < $3
        """, row => Read(kind, row), (short)kind, numbers, bytesMax);

    /// <summary>The next blocks after a number, in order, limited in count and bytes.</summary>
    public List<Block> Window(NpgsqlConnection connection, BlockKind kind, long after) => PostgresCommands.Rows(connection, $"""
        SELECT number, bytes FROM (
            SELECT number, bytes, sum(octet_length(bytes)) OVER (ORDER BY number) - octet_length(bytes) AS before
            FROM (SELECT number, bytes FROM {Table} WHERE {OfStore}kind = $1 AND number > $2
                ORDER BY number LIMIT {WindowRows}) piece) found
        WHERE before < {WindowBytes} ORDER BY number
        """, row => Read(kind, row), (short)kind, after);

    private static Block Read(BlockKind kind, NpgsqlDataReader row) =>
        new(new BlockId(kind, row.GetInt64(0)), row.GetFieldValue<byte[]>(1));

    private void AddPut(NpgsqlBatch batch, Block put)
    {
        var command = new NpgsqlBatchCommand(Insert("VALUES ($1, $2, $3)"));
        command.Parameters.Add(new NpgsqlParameter<short> { TypedValue = (short)put.Id.Kind });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = put.Id.Number });
        command.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = put.Bytes });
        batch.BatchCommands.Add(command);
    }

    private void AddPiece(NpgsqlBatch batch, List<Block> puts)
    {
        var command = new NpgsqlBatchCommand(Insert("SELECT * FROM unnest($1::smallint[], $2::bigint[], $3::bytea[])"));
        command.Parameters.Add(new NpgsqlParameter<short[]> { TypedValue = [.. puts.Select(put => (short)put.Id.Kind)] });
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. puts.Select(put => put.Id.Number)] });
        command.Parameters.Add(new NpgsqlParameter<byte[][]>
        { TypedValue = [.. puts.Select(put => put.Bytes)], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea });
        batch.BatchCommands.Add(command);
    }

    private string Insert(string rows)
    {
        var ofStore = Store is { } store ? string.Create(CultureInfo.InvariantCulture, $"{store}, ") : "";
        rows = Store is null ? rows : rows.Replace("VALUES (", $"VALUES ({ofStore}", StringComparison.Ordinal)
            .Replace("SELECT *", $"SELECT {ofStore}*", StringComparison.Ordinal);
        return $"""
            INSERT INTO {Table} ({(Store is null ? "" : "store, ")}kind, number, bytes) {rows}
            ON CONFLICT ({(Store is null ? "" : "store, ")}kind, number) DO UPDATE SET bytes = excluded.bytes
            """;
    }
}
