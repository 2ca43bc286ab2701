using System.Data.Common;

namespace Gateway.Client.Outbox;

/// <summary>The statements of the relay. Every call has a connection of the relay's; none is remembered.</summary>
internal sealed class OutboxStore(OutboxDialect dialect, OutboxTables tables)
{
    private const string Columns = "id, message_id, destination, headers, body, expires_at";

    /// <summary>The longest reason that is kept of a refusal.</summary>
    private const int ErrorCharsMax = 1_000;

    public Task<RelayLock?> TryLockAsync(DbDataSource source, CancellationToken cancellationToken) =>
        dialect.TryLockAsync(source, tables, cancellationToken);

    /// <summary>The first rows that are ready, in order: at most so many, and so many bytes unless the first has more.</summary>
    public Task<List<OutboxRow>> ReadReadyAsync(DbConnection connection, int rowsMax, int bytesMax, CancellationToken cancellationToken) =>
        ReadAsync(connection, $"state = {(int)RowState.Ready}", null, rowsMax, bytesMax, cancellationToken);

    /// <summary>Likewise, of the rows that wait for their destination.</summary>
    public Task<List<OutboxRow>> ReadWaitingAsync(
        DbConnection connection, string destination, int rowsMax, int bytesMax, CancellationToken cancellationToken) =>
        ReadAsync(
            connection, $"state = {(int)RowState.Waiting} AND destination = @destination", destination, rowsMax, bytesMax,
            cancellationToken);

    /// <summary>The destinations for which rows wait, in the order of their names; some at a time.</summary>
    /// <param name="connection">The relay's.</param>
    /// <param name="after">Those behind this one; empty for the first.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<string?> NextWaitingDestinationAsync(DbConnection connection, string after, CancellationToken cancellationToken)
    {
        var select = connection.Command(
            $"SELECT MIN(destination) FROM {tables.Outbox} WHERE state = {(int)RowState.Waiting} AND destination > @after");
        await using (select.ConfigureAwait(false))
        {
            select.Add("@after", after);
            return await select.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) as string;
        }
    }

    /// <summary>Writes down what became of rows, in one transaction.</summary>
    public async Task SettleAsync(DbConnection connection, Settlement settlement, CancellationToken cancellationToken)
    {
        var transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        await using (transaction.ConfigureAwait(false))
        {
            if (settlement.Accepted.Count > 0)
                await connection.ExecuteAsync(
                    $"DELETE FROM {tables.Outbox} WHERE id IN ({string.Join(',', settlement.Accepted)})", cancellationToken, transaction)
                    .ConfigureAwait(false);
            if (settlement.Waiting.Count > 0)
                await connection.ExecuteAsync(
                    $"UPDATE {tables.Outbox} SET state = {(int)RowState.Waiting} WHERE id IN ({string.Join(',', settlement.Waiting)})",
                    cancellationToken, transaction).ConfigureAwait(false);
            foreach (var (number, state, error) in settlement.Refused)
                await RefuseAsync(connection, transaction, number, state, error, cancellationToken).ConfigureAwait(false);
            await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task RefuseAsync(
        DbConnection connection, DbTransaction transaction, long number, RowState state, string error, CancellationToken cancellationToken)
    {
        var update = connection.Command(
            $"UPDATE {tables.Outbox} SET state = {(int)state}, attempts = attempts + 1, error = @error WHERE id = {number}", transaction);
        await using (update.ConfigureAwait(false))
        {
            update.Add("@error", error.Length <= ErrorCharsMax ? error : error[..ErrorCharsMax]);
            await update.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// What comes before a row decides whether it is still read. The sizes are known without reading the bodies, so that neither this
    /// process nor the network holds more of them than asked for.
    /// </summary>
    private async Task<List<OutboxRow>> ReadAsync(
        DbConnection connection, string which, string? destination, int rowsMax, int bytesMax, CancellationToken cancellationToken)
    {
        var size = dialect.BytesOf("body");
        var select = connection.Command(
            $"SELECT {Columns} FROM (SELECT {Columns}, SUM({size}) OVER (ORDER BY id ROWS UNBOUNDED PRECEDING) - {size} AS bytes_before "
            + $"FROM (SELECT {Columns} FROM {tables.Outbox} WHERE {which} ORDER BY id {dialect.Limit(rowsMax)}) AS first_rows) AS page "
            + $"WHERE bytes_before < {bytesMax} ORDER BY id");
        await using (select.ConfigureAwait(false))
        {
            if (destination is not null)
                select.Add("@destination", destination);
            var rows = new List<OutboxRow>();
            var reader = await select.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
                    rows.Add(ReadRow(reader));
            }

            return rows;
        }
    }

    private OutboxRow ReadRow(DbDataReader reader) => new(
        reader.GetInt64(0),
        dialect.ReadId(reader, 1),
        reader.GetString(2),
        reader.IsDBNull(3) ? null : reader.GetString(3),
        (byte[])reader.GetValue(4),
        reader.GetInt64(5));
}
