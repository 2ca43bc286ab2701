using Microsoft.Data.Sqlite;

namespace Gateway.Benchmarks.Store;

/// <summary>SQLite as one would use it for this: a row a message, write-ahead log, a full flush a commit.</summary>
internal sealed class SqliteContender : IStoreContender
{
    private readonly StoreCase _case;
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _insert;
    private readonly SqliteCommand _remove;
    private readonly byte[] _body;
    private long _number;

    public SqliteContender(DirectoryInfo folder, StoreCase of)
    {
        _case = of;
        _body = new byte[of.BodyBytes];
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder
        { DataSource = Path.Combine(folder.FullName, "sqlite"), Pooling = false }.ToString());
        _connection.Open();
        Execute("PRAGMA journal_mode=WAL");
        Execute("PRAGMA synchronous=FULL");
        Execute("CREATE TABLE messages (queue INTEGER, number INTEGER, id BLOB, enqueued INTEGER, expires INTEGER, body BLOB, PRIMARY "
            + "KEY (queue, number)) WITHOUT ROWID");
        _insert = Prepare("INSERT INTO messages VALUES ($queue, $number, $id, 1, 0, $body)", "$queue", "$number", "$id", "$body");
        _remove = Prepare("DELETE FROM messages WHERE queue = $queue AND number <= $number", "$queue", "$number");
    }

    public string Name => "sqlite";

    public long? WrittenBytes => null;

    public bool HasLazyRemovals => false;

    public void Insert(int group)
    {
        using var transaction = _connection.BeginTransaction();
        InsertRows(transaction);
        transaction.Commit();
    }

    public long ReadAll()
    {
        using var select = _connection.CreateCommand();
        select.CommandText = "SELECT number, id, enqueued, expires, body FROM messages WHERE queue = $queue ORDER BY number";
        var queue = select.Parameters.Add("$queue", SqliteType.Integer);
        var count = 0L;
        for (var number = 0; number < _case.Queues; number++)
        {
            queue.Value = number;
            using var reader = select.ExecuteReader();
            while (reader.Read())
            {
                _ = reader.GetFieldValue<byte[]>(4);
                count++;
            }
        }

        return count;
    }

    public void Remove(int group)
    {
        using var transaction = _connection.BeginTransaction();
        RemoveRows(transaction, group);
        transaction.Commit();
    }

    public void InsertAndRemove(int inserted, int removed)
    {
        using var transaction = _connection.BeginTransaction();
        InsertRows(transaction);
        RemoveRows(transaction, removed);
        transaction.Commit();
    }

    public void Dispose()
    {
        _insert.Dispose();
        _remove.Dispose();
        _connection.Dispose();
    }

    private void InsertRows(SqliteTransaction transaction)
    {
        _insert.Transaction = transaction;
        for (var i = 0; i < _case.GroupMessages; i++)
        {
            _insert.Parameters[0].Value = i % _case.Queues;
            _insert.Parameters[1].Value = (_number++ / _case.Queues) + 1;
            _insert.Parameters[2].Value = Guid.CreateVersion7(DateTimeOffset.UnixEpoch.AddYears(50)).ToByteArray();
            _insert.Parameters[3].Value = _body;
            _insert.ExecuteNonQuery();
        }
    }

    private void RemoveRows(SqliteTransaction transaction, int group)
    {
        _remove.Transaction = transaction;
        for (var queue = 0; queue < _case.Queues; queue++)
        {
            _remove.Parameters[0].Value = queue;
            _remove.Parameters[1].Value = (group + 1L) * _case.GroupMessages / _case.Queues;
            _remove.ExecuteNonQuery();
        }
    }

    private void Execute(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private SqliteCommand Prepare(string sql, params IEnumerable<string> parameters)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        foreach (var parameter in parameters) command.Parameters.Add(new SqliteParameter { ParameterName = parameter });
        return command;
    }
}
