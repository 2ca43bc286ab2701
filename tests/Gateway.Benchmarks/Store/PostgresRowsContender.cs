using Npgsql;

namespace Gateway.Benchmarks.Store;

/// <summary>
/// PostgreSQL as one would use it for this: a row a message, in the same transactions as the gateway. With one message in a group it is a
/// COMMIT for each.
/// </summary>
internal sealed class PostgresRowsContender : IStoreContender
{
    private const string Table = "benchmark_rows";

    private readonly StoreCase _case;
    private readonly NpgsqlConnection _connection;
    private readonly byte[] _body;
    private long _number;

    public PostgresRowsContender(string connectionString, StoreCase of)
    {
        (_case, _body) = (of, new byte[of.BodyBytes]);
        _connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString)
        { Pooling = false, MaxAutoPrepare = 10, AutoPrepareMinUsages = 2 }.ConnectionString);
        _connection.Open();
        Execute($"DROP TABLE IF EXISTS {Table}");
        Execute($"CREATE TABLE {Table} (queue int, number bigint, id uuid, enqueued bigint, expires bigint, body bytea, "
            + "PRIMARY KEY (queue, number))");
        Execute($"ALTER TABLE {Table} ALTER COLUMN body SET STORAGE EXTERNAL");
    }

    public string Name => "rows";

    public long? WrittenBytes => null;

    public bool HasLazyRemovals => false;

    public void Insert(int group) => Commit(Insertions());

    public long ReadAll()
    {
        var count = 0L;
        for (var queue = 0; queue < _case.Queues; queue++)
        {
            using var select = new NpgsqlCommand(
                $"SELECT number, id, enqueued, expires, body FROM {Table} WHERE queue = $1 ORDER BY number", _connection);
            select.Parameters.Add(new NpgsqlParameter<int> { TypedValue = queue });
            using var reader = select.ExecuteReader();
            while (reader.Read())
            {
                _ = reader.GetFieldValue<byte[]>(4);
                count++;
            }
        }

        return count;
    }

    public void Remove(int group) => Commit(Removals(group));

    public void InsertAndRemove(int inserted, int removed) => Commit([.. Insertions(), .. Removals(removed)]);

    public void Dispose() => _connection.Dispose();

    private IEnumerable<NpgsqlBatchCommand> Insertions()
    {
        for (var i = 0; i < _case.GroupMessages; i++)
        {
            var insert = new NpgsqlBatchCommand($"INSERT INTO {Table} VALUES ($1, $2, $3, 1, 0, $4)");
            insert.Parameters.Add(new NpgsqlParameter<int> { TypedValue = i % _case.Queues });
            insert.Parameters.Add(new NpgsqlParameter<long> { TypedValue = (_number++ / _case.Queues) + 1 });
            insert.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = Guid.CreateVersion7(DateTimeOffset.UnixEpoch.AddYears(50)) });
            insert.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = _body });
            yield return insert;
        }
    }

    private IEnumerable<NpgsqlBatchCommand> Removals(int group)
    {
        for (var queue = 0; queue < _case.Queues; queue++)
        {
            var remove = new NpgsqlBatchCommand($"DELETE FROM {Table} WHERE queue = $1 AND number <= $2");
            remove.Parameters.Add(new NpgsqlParameter<int> { TypedValue = queue });
            remove.Parameters.Add(new NpgsqlParameter<long> { TypedValue = (group + 1L) * _case.GroupMessages / _case.Queues });
            yield return remove;
        }
    }

    /// <summary>One transaction in one round trip.</summary>
    private void Commit(IEnumerable<NpgsqlBatchCommand> commands)
    {
        using var batch = new NpgsqlBatch(_connection);
        foreach (var command in commands) batch.BatchCommands.Add(command);
        batch.ExecuteNonQuery();
    }

    private void Execute(string sql)
    {
        using var command = new NpgsqlCommand(sql, _connection);
        command.ExecuteNonQuery();
    }
}
