using System.Data.Common;

namespace Gateway.Client.Outbox.Dialects;

/// <summary>
/// A transaction that is never committed, in an empty database of its own beside the application's: SQLite holds a lock of the operating
/// system for it. That ends with the process, whatever any clock shows; and it hinders no writer of the application's database.
/// </summary>
internal sealed class SqliteLock : RelayLock
{
    private const string Name = "gateway_outbox_lock";

    /// <summary>SQLITE_BUSY is tried again for this long before it is reported; zero would mean for ever.</summary>
    private const int AttemptSeconds = 1;

    private readonly DbConnection _lock;

    private SqliteLock(DbConnection work, DbConnection lockConnection)
        : base(work) => _lock = lockConnection;

    public static async Task<RelayLock?> TryTakeAsync(DbDataSource source, OutboxTables tables, CancellationToken cancellationToken)
    {
        var connection = await source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        var isTaken = false;
        try
        {
            await AttachAsync(connection, tables, cancellationToken).ConfigureAwait(false);
            if (!await TryBeginAsync(connection, cancellationToken).ConfigureAwait(false))
                return null;
            var work = await source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
            isTaken = true;
            return new SqliteLock(work, connection);
        }
        finally
        {
            if (!isTaken)
                await GiveUpAsync(connection).ConfigureAwait(false);
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await Connection.DisposeAsync().ConfigureAwait(false);
        await GiveUpAsync(_lock).ConfigureAwait(false);
    }

    private static async Task AttachAsync(DbConnection connection, OutboxTables tables, CancellationToken cancellationToken)
    {
        var file = await connection.ScalarAsync("SELECT file FROM pragma_database_list WHERE name = 'main'", cancellationToken)
            .ConfigureAwait(false) as string;
        if (string.IsNullOrEmpty(file))
            throw new NotSupportedException("The outbox is in a database in memory; a relay needs one in a file.");
        var attach = connection.Command($"ATTACH DATABASE @file AS {Name}");
        await using (attach.ConfigureAwait(false))
        {
            attach.Add("@file", $"{file}-{tables.Outbox}-lock");
            await attach.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task<bool> TryBeginAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        var begin = connection.Command($"BEGIN; CREATE TABLE {Name}.held (id INTEGER)");
        await using (begin.ConfigureAwait(false))
        {
            begin.CommandTimeout = AttemptSeconds;
            try
            {
                await begin.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
                return true;
            }
            catch (DbException)
            {
                // Another relay has it. Any other fault of the file shows when the work begins.
                return false;
            }
        }
    }

    /// <summary>The connection goes back into a pool as it came.</summary>
    private static async Task GiveUpAsync(DbConnection connection)
    {
        try
        {
            await connection.ExecuteAsync("ROLLBACK", CancellationToken.None).ConfigureAwait(false);
            await connection.ExecuteAsync($"DETACH DATABASE {Name}", CancellationToken.None).ConfigureAwait(false);
        }
        catch (DbException)
        {
            // It had not come that far.
        }
        finally
        {
            await connection.DisposeAsync().ConfigureAwait(false);
        }
    }
}
