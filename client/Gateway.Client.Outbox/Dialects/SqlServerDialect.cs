using System.Data.Common;

namespace Gateway.Client.Outbox.Dialects;

/// <summary>SQL Server. Not tested.</summary>
internal sealed class SqlServerDialect : OutboxDialect
{
    internal override string Name => "sqlserver";

    internal override string Limit(int rows) => $"OFFSET 0 ROWS FETCH NEXT {rows} ROWS ONLY";

    internal override string BytesOf(string column) => $"DATALENGTH({column})";

    internal override string SecondsSince(string time) => $"DATEDIFF_BIG(millisecond, {time}, SYSDATETIMEOFFSET()) / 1000.0";

    internal override string Ago(long seconds) => $"DATEADD(second, -{seconds}, SYSDATETIMEOFFSET())";

    /// <summary>The lock on the place of the key makes a second one wait for the end of the first.</summary>
    internal override string InsertOnce(OutboxTables tables) =>
        $"INSERT INTO {tables.Inbox} (queue, message_id) SELECT @queue, @message_id WHERE NOT EXISTS (SELECT 1 FROM {tables.Inbox} "
        + "WITH (UPDLOCK, HOLDLOCK) WHERE queue = @queue AND message_id = @message_id)";

    internal override string DeleteOld(OutboxTables tables, long seconds, int rows) =>
        $"DELETE TOP ({rows}) FROM {tables.Inbox} WHERE received_at < {Ago(seconds)}";

    internal override Task<RelayLock?> TryLockAsync(DbDataSource source, OutboxTables tables, CancellationToken cancellationToken) =>
        SessionLock.TryTakeAsync(
            source,
            $"DECLARE @taken int; EXEC @taken = sp_getapplock @Resource = '{tables.Outbox}', @LockMode = 'Exclusive', "
                + "@LockOwner = 'Session', @LockTimeout = 0; SELECT CAST(CASE WHEN @taken >= 0 THEN 1 ELSE 0 END AS bit)",
            $"EXEC sp_releaseapplock @Resource = '{tables.Outbox}', @LockOwner = 'Session'",
            cancellationToken);
}
