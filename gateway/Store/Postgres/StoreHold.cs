using System.Diagnostics;
using System.Globalization;
using Gateway.Store.Disk.Files;
using Gateway.Store.Disk.Log;
using Gateway.Store.Records;
using Npgsql;

namespace Gateway.Store.Postgres;

/// <summary>
/// The row of one store, its advisory lock, and the epoch in which this process holds it. Throws Npgsql's exceptions. Owned by the store's
/// thread.
/// </summary>
internal sealed class StoreHold
{
    /// <summary>The server notices a killed process, or one whose connections were ended, within this time.</summary>
    private const int EndingMs = 2000;

    /// <summary>The interval in which a process that waits looks whether a holder that lost its connection has come back.</summary>
    private static readonly TimeSpan _returnInterval = TimeSpan.FromMilliseconds(200);

    private StoreHold(PostgresTables tables, int store, long epoch, string? closed) =>
        (Tables, Store, Epoch, Closed) = (tables, store, epoch, closed);

    public PostgresTables Tables { get; }

    public int Store { get; }

    public long Epoch { get; }

    /// <summary>Why the store is not to be used, in a sentence; null if it is.</summary>
    public string? Closed { get; }

    /// <summary>Makes the tables and the store if needed and permitted, takes the lock, and begins the next epoch.</summary>
    /// <param name="mayBeClosed">It is opened although it is not to be used, as one that was moved away.</param>
    /// <param name="standby">Waits for a store that another process holds; null if that is an error.</param>
    /// <exception cref="StoreInUseException">Another process holds the store, and lives.</exception>
    /// <exception cref="StoreFailedException">The store is missing, or may not be used.</exception>
    public static StoreHold Take(
        NpgsqlConnection connection, PostgresSettings settings, string place, bool mayMake, bool mayBeClosed, IStandby? standby)
    {
        if (mayMake) PostgresSchema.Make(connection, settings);
        else if (!PostgresSchema.Exists(connection, settings)) throw Missing(settings, place);
        var tables = new PostgresTables(settings.Schema);
        if (mayMake) PostgresCommands.Execute(connection,
            $"INSERT INTO {tables.Stores} (name) VALUES ($1) ON CONFLICT (name) DO NOTHING", settings.Store);
        var store = PostgresCommands.Scalar<int>(connection, $"SELECT id FROM {tables.Stores} WHERE name = $1", settings.Store);
        if (store == 0) throw Missing(settings, place);
        if (standby is { WasCutOff: true }) LetHolderReturn(connection, tables, settings, store);
        TakeLock(connection, tables, settings, store, place, standby);
        // A synchronous commit: what an earlier holder has committed is durable, as far as the server promises, before this one reads it.
        var (epoch, closed) = PostgresCommands.Rows(connection, $"""
            UPDATE {tables.Stores} SET epoch = epoch + 1, holder = $2, held_since = now(), seen = clock_timestamp()
            WHERE id = $1 RETURNING epoch, closed
            """, row => (row.GetInt64(0), row.IsDBNull(1) ? null : row.GetString(1)), store, Self())[0];
        if (closed is not null && !mayBeClosed)
            throw new StoreFailedException($"The store {settings.Store} in {place} is not to be used: {closed}");
        return new StoreHold(tables, store, epoch, closed);
    }

    /// <summary>
    /// Takes the lock again on a new connection, away from the former one if the server still has that, and proves the epoch with a
    /// synchronous commit: what the former one has committed is durable then.
    /// </summary>
    /// <returns>False if another process has taken the store over.</returns>
    public bool TryResume(NpgsqlConnection connection)
    {
        if (!IsOwn(connection)) return false;
        if (!TryLock(connection, Tables, Store))
        {
            EndHolders(connection, Tables, Store, Epoch);
            if (!IsOwn(connection)) return false;
            AwaitLock(connection, Tables, Store);
        }

        return PostgresCommands.Execute(connection, $"""
            UPDATE {Tables.Stores} SET seen = clock_timestamp() WHERE id = $1 AND epoch = $2
            """, Store, Epoch) == 1;
    }

    /// <summary>Whether the store's epoch is this one's.</summary>
    public bool IsOwn(NpgsqlConnection connection) =>
        PostgresCommands.Scalar<long>(connection, $"SELECT epoch FROM {Tables.Stores} WHERE id = $1", Store) == Epoch;

    /// <summary>Renews the lease. Not a promise to anybody, so it waits for no disk and no standby.</summary>
    /// <returns>False if another process has taken the store over.</returns>
    public bool SayThatItLives(NpgsqlConnection connection)
    {
        using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new NpgsqlBatchCommand("SELECT set_config('synchronous_commit', 'off', true)"));
        var seen = new NpgsqlBatchCommand(
            $"UPDATE {Tables.Stores} SET seen = clock_timestamp() WHERE id = $1 AND epoch = $2");
        seen.Parameters.Add(new NpgsqlParameter<int> { TypedValue = Store });
        seen.Parameters.Add(new NpgsqlParameter<long> { TypedValue = Epoch });
        batch.BatchCommands.Add(seen);
        return batch.ExecuteNonQuery() == 1;
    }

    /// <summary>Who holds the store now, for people; empty if that cannot be found out.</summary>
    public string Holder(NpgsqlConnection? connection)
    {
        try
        {
            return connection is null ? "" : PostgresCommands.Scalar<string>(
                connection, $"SELECT holder FROM {Tables.Stores} WHERE id = $1", Store) ?? "";
        }
        catch (Exception cause) when (PostgresFailures.IsOfDatabase(cause))
        {
            return "";
        }
    }

    private static StoreFailedException Missing(PostgresSettings settings, string place) =>
        new($"There is no store {settings.Store} in {place}.");

    private static string Self() => string.Create(
        CultureInfo.InvariantCulture, $"process {Environment.ProcessId} on {Environment.MachineName}");

    /// <summary>
    /// After an outage of the database nobody has the lock, and the holder may live: it comes first, if it comes within its lease.
    /// </summary>
    private static void LetHolderReturn(NpgsqlConnection connection, PostgresTables tables, PostgresSettings settings, int store)
    {
        using var pause = new ManualResetEventSlim();
        for (var began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began) < settings.Lease; pause.Wait(_returnInterval))
            if (PostgresCommands.Scalar<bool>(connection, $"SELECT EXISTS (SELECT 1 FROM {LocksOf(store)} l)", tables.Stores)) return;
    }

    private static void TakeLock(NpgsqlConnection connection, PostgresTables tables, PostgresSettings settings, int store, string place,
        IStandby? standby)
    {
        if (TryLock(connection, tables, store)) return;
        for (var patienceMs = EndingMs; !TryAwaitLock(connection, tables, store, patienceMs);)
        {
            var (epoch, holder, silence) = PostgresCommands.Rows(connection, $"""
                SELECT epoch, holder, extract(epoch FROM clock_timestamp() - seen)::float8 FROM {tables.Stores} WHERE id = $1
                """, row => (row.GetInt64(0), row.GetString(1), row.IsDBNull(2) ? 0 : row.GetDouble(2)), store)[0];
            var left = settings.Lease.TotalSeconds - silence;
            if (left <= 0)
            {
                // It says nothing, and its connection is still there: its process is paused, or its host is lost.
                EndHolders(connection, tables, store, epoch);
                AwaitLock(connection, tables, store);
                return;
            }

            if (standby?.WaitFor(holder, settings.Lease) != true) throw new StoreInUseException(
                $"The store {settings.Store} in {place} is in use by {holder}. Stop that process, or give this gateway a name of its own.");
            patienceMs = Math.Clamp((int)(left * 1000), 1, EndingMs);
        }
    }

    private static bool TryLock(NpgsqlConnection connection, PostgresTables tables, int store) =>
        PostgresCommands.Scalar<bool>(connection, "SELECT pg_try_advisory_lock($1::regclass::oid::int, $2)", tables.Stores, store);

    private static void AwaitLock(NpgsqlConnection connection, PostgresTables tables, int store)
    {
        if (!TryAwaitLock(connection, tables, store, EndingMs))
            throw new TimeoutException("the server has not ended the connection of the store's former holder yet");
    }

    private static bool TryAwaitLock(NpgsqlConnection connection, PostgresTables tables, int store, int milliseconds)
    {
        PostgresCommands.Execute(connection, $"SET lock_timeout = {milliseconds}");
        var isLocked = IsGranted(connection, tables, store);
        PostgresCommands.Execute(connection, "RESET lock_timeout");
        return isLocked;
    }

    private static bool IsGranted(NpgsqlConnection connection, PostgresTables tables, int store)
    {
        try
        {
            PostgresCommands.Execute(connection, "SELECT pg_advisory_lock($1::regclass::oid::int, $2)", tables.Stores, store);
            return true;
        }
        catch (PostgresException locked) when (PostgresFailures.IsLocked(locked))
        {
            return false;
        }
    }

    /// <summary>Ends the connections that hold the store's lock, unless its epoch has changed.</summary>
    private static void EndHolders(NpgsqlConnection connection, PostgresTables tables, int store, long epoch) =>
        PostgresCommands.Execute(connection, $"""
            SELECT pg_terminate_backend(l.pid) FROM {LocksOf(store)} l, {tables.Stores} s WHERE s.id = $2 AND s.epoch = $3
            """, tables.Stores, store, epoch);

    /// <summary>The granted locks of the store; the first parameter is the table of all stores.</summary>
    private static string LocksOf(int store) => string.Create(CultureInfo.InvariantCulture, $"""
        (SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 2
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
            AND classid = $1::regclass::oid AND objid = {store}::oid)
        """);
}
