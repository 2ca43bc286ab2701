using System.Data.Common;

namespace Gateway.Client.Outbox.Dialects;

/// <summary>SQLite, in a file: ids of messages are texts.</summary>
internal sealed class SqliteDialect : OutboxDialect
{
    internal override string Name => "sqlite";

    internal override string BytesOf(string column) => $"length({column})";

    internal override string SecondsSince(string time) => $"(julianday('now') - julianday({time})) * 86400";

    internal override string Ago(long seconds) => $"datetime('now', '-{seconds} seconds')";

    internal override object IdValue(MessageId id) => id.ToString();

    internal override MessageId ReadId(DbDataReader reader, int column) =>
        MessageId.TryParse(reader.GetString(column), out var id) ? id : default;

    internal override Task<RelayLock?> TryLockAsync(DbDataSource source, OutboxTables tables, CancellationToken cancellationToken) =>
        SqliteLock.TryTakeAsync(source, tables, cancellationToken);
}
