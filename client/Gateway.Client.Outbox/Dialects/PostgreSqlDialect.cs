using System.Data.Common;

namespace Gateway.Client.Outbox.Dialects;

/// <summary>PostgreSQL: a row is told to those who listen when its transaction is committed.</summary>
internal sealed class PostgreSqlDialect : OutboxDialect
{
    internal override string Name => "postgresql";

    internal override string BytesOf(string column) => $"octet_length({column})";

    internal override string SecondsSince(string time) => $"EXTRACT(EPOCH FROM clock_timestamp() - {time})";

    internal override string Ago(long seconds) => $"clock_timestamp() - make_interval(secs => {seconds})";

    internal override string Insert(OutboxTables tables, bool notify) =>
        base.Insert(tables, notify) + (notify ? $"; SELECT pg_notify('{tables.Outbox}', '')" : "");

    /// <summary>By the table's own number, which is the same however its schema is found.</summary>
    internal override Task<RelayLock?> TryLockAsync(DbDataSource source, OutboxTables tables, CancellationToken cancellationToken)
    {
        var key = $"{OutboxTables.LockClass}, '{tables.Outbox}'::regclass::oid::int";
        return SessionLock.TryTakeAsync(
            source, $"SELECT pg_try_advisory_lock({key})", $"SELECT pg_advisory_unlock({key})", cancellationToken);
    }
}
