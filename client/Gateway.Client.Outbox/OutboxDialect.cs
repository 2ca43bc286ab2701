using System.Data.Common;
using Gateway.Client.Outbox.Dialects;

namespace Gateway.Client.Outbox;

/// <summary>The database in which an outbox or an inbox is: its SQL, and the lock that lets one relay of many be active.</summary>
public abstract class OutboxDialect
{
    private protected OutboxDialect()
    {
    }

    /// <summary>PostgreSQL, by Npgsql. The lock is an advisory lock of the relay's session.</summary>
    public static OutboxDialect PostgreSql { get; } = new PostgreSqlDialect();

    /// <summary>
    /// SQLite, by Microsoft.Data.Sqlite, in a file. The lock is one of the operating system, on a file beside the database.
    /// </summary>
    public static OutboxDialect Sqlite { get; } = new SqliteDialect();

    /// <summary>SQL Server, by Microsoft.Data.SqlClient. Not tested. The lock is an application lock of the relay's session.</summary>
    public static OutboxDialect SqlServer { get; } = new SqlServerDialect();

    /// <summary>Each as a configuration names it, in either case.</summary>
    internal static IReadOnlyDictionary<string, OutboxDialect> ByName { get; } =
        new Dictionary<string, OutboxDialect>(StringComparer.OrdinalIgnoreCase)
        {
            [nameof(PostgreSql)] = PostgreSql,
            [nameof(Sqlite)] = Sqlite,
            [nameof(SqlServer)] = SqlServer,
        };

    /// <summary>The ending of the names of its scripts.</summary>
    internal abstract string Name { get; }

    /// <summary>A bound on a query, which stands at its end, after its order.</summary>
    internal virtual string Limit(int rows) => $"LIMIT {rows}";

    /// <summary>The size of a body, which does not read it.</summary>
    internal abstract string BytesOf(string column);

    /// <summary>The seconds from a time to now, by the database's clock.</summary>
    internal abstract string SecondsSince(string time);

    /// <summary>The statement that writes a row, with all parameters of <see cref="OutboxRow"/>.</summary>
    /// <param name="tables">The tables.</param>
    /// <param name="notify">Whether listeners are told of it when the transaction is committed, where the database can do so.</param>
    internal virtual string Insert(OutboxTables tables, bool notify) =>
        $"INSERT INTO {tables.Outbox} (message_id, destination, headers, body, expires_at) "
        + "VALUES (@message_id, @destination, @headers, @body, @expires_at)";

    /// <summary>The statement that keeps an id: of one row if it is new, of none if it is there already.</summary>
    internal virtual string InsertOnce(OutboxTables tables) =>
        $"INSERT INTO {tables.Inbox} (queue, message_id) VALUES (@queue, @message_id) ON CONFLICT DO NOTHING";

    /// <summary>The statement that removes ids older than so many seconds, so many of them.</summary>
    internal virtual string DeleteOld(OutboxTables tables, long seconds, int rows) =>
        $"DELETE FROM {tables.Inbox} WHERE (queue, message_id) IN (SELECT queue, message_id FROM {tables.Inbox} "
        + $"WHERE received_at < {Ago(seconds)} ORDER BY received_at {Limit(rows)})";

    /// <summary>The time so many seconds before now, by the database's clock.</summary>
    internal abstract string Ago(long seconds);

    /// <summary>As the database keeps it.</summary>
    internal virtual object IdValue(MessageId id) => id.Value;

    internal virtual MessageId ReadId(DbDataReader reader, int column) => new(reader.GetGuid(column));

    /// <summary>Takes the lock of the relays, and does not wait for it; null while another relay has it.</summary>
    internal abstract Task<RelayLock?> TryLockAsync(DbDataSource source, OutboxTables tables, CancellationToken cancellationToken);
}
