using System.Data;
using System.Globalization;
using Gateway.Store.Holding;
using Npgsql;

namespace Gateway.Store.Postgres;

/// <summary>
/// A connection to the database of a store, with the row of the store and its advisory lock. Throws Npgsql's exceptions. Owned by the
/// store's thread.
/// </summary>
internal sealed class PostgresConnection : IHoldConnection<PostgresTransaction>
{
    private readonly PostgresHoldServer _server;

    public PostgresConnection(NpgsqlConnection npgsql, PostgresHoldServer server)
    {
        (Npgsql, _server) = (npgsql, server);
        // A commit that the server no longer holds back for its standby, because somebody has cancelled it there, is reported as done, with
        // a warning: the standby may not have it.
        npgsql.Notice += (_, notice) => IsUncertain |= notice.Notice is { SqlState: "01000", InvariantSeverity: "WARNING" };
    }

    /// <summary>For commands that change nothing.</summary>
    public NpgsqlConnection Npgsql { get; }

    public bool IsOpen => Npgsql.State == ConnectionState.Open;

    public bool IsUncertain { get; private set; }

    private PostgresTables Tables => _server.Tables;

    private int Store => _server.Store;

    public bool Find(bool mayMake) => _server.Find(Npgsql, mayMake);

    public HoldRow Look() => PostgresCommands.Rows(Npgsql, $"""
        SELECT epoch, holder, extract(epoch FROM clock_timestamp() - seen)::float8, closed FROM {Tables.Stores} WHERE id = $1
        """, row => new HoldRow(row.GetInt64(0), row.GetString(1), TimeSpan.FromSeconds(row.IsDBNull(2) ? 0 : row.GetDouble(2)),
            row.IsDBNull(3) ? null : row.GetString(3)), Store)[0];

    public bool Begin(long expected, long epoch, string holder) => PostgresCommands.Execute(Npgsql, $"""
        UPDATE {Tables.Stores} SET epoch = $3, holder = $4, held_since = now(), seen = clock_timestamp() WHERE id = $1 AND epoch = $2
        """, Store, expected, epoch, holder) == 1;

    public bool SayThatItLives(long epoch, bool isDurable)
    {
        using var batch = new NpgsqlBatch(Npgsql);
        if (!isDurable) batch.BatchCommands.Add(new NpgsqlBatchCommand("SELECT set_config('synchronous_commit', 'off', true)"));
        var seen = new NpgsqlBatchCommand($"UPDATE {Tables.Stores} SET seen = clock_timestamp() WHERE id = $1 AND epoch = $2");
        seen.Parameters.Add(new NpgsqlParameter<int> { TypedValue = Store });
        seen.Parameters.Add(new NpgsqlParameter<long> { TypedValue = epoch });
        batch.BatchCommands.Add(seen);
        return batch.ExecuteNonQuery() == 1;
    }

    public bool TryLock() => PostgresCommands.Scalar<bool>(
        Npgsql, "SELECT pg_try_advisory_lock($1::regclass::oid::int, $2)", Tables.Stores, Store);

    public bool TryAwaitLock(TimeSpan patience)
    {
        var milliseconds = Math.Max(1, (int)patience.TotalMilliseconds);
        PostgresCommands.Execute(Npgsql, string.Create(CultureInfo.InvariantCulture, $"SET lock_timeout = {milliseconds}"));
        var isLocked = IsGranted();
        PostgresCommands.Execute(Npgsql, "RESET lock_timeout");
        return isLocked;
    }

    public bool IsLocked() => PostgresCommands.Scalar<bool>(
        Npgsql, $"SELECT EXISTS (SELECT 1 FROM {LocksOf(Store)} l)", Tables.Stores);

    public void EndHolders(long epoch) => PostgresCommands.Execute(Npgsql, $"""
        SELECT pg_terminate_backend(l.pid) FROM {LocksOf(Store)} l, {Tables.Stores} s WHERE s.id = $2 AND s.epoch = $3
        """, Tables.Stores, Store, epoch);

    public PostgresTransaction BeginChange() => new(Npgsql, Tables.Fence, Store);

    public void Dispose() => Npgsql.Dispose();

    private bool IsGranted()
    {
        try
        {
            PostgresCommands.Execute(Npgsql, "SELECT pg_advisory_lock($1::regclass::oid::int, $2)", Tables.Stores, Store);
            return true;
        }
        catch (PostgresException locked) when (PostgresFailures.IsLocked(locked))
        {
            return false;
        }
    }

    /// <summary>The granted locks of the store; the first parameter is the table of all stores.</summary>
    private static string LocksOf(int store) => string.Create(CultureInfo.InvariantCulture, $"""
        (SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 2
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
            AND classid = $1::regclass::oid AND objid = {store}::oid)
        """);
}
