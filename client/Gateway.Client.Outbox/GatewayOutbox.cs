using System.Data.Common;
using System.Globalization;
using System.Text;
using System.Threading.Channels;
using Gateway.Client.Telemetry;
using Gateway.Client.Wire;
using Microsoft.Extensions.Options;

namespace Gateway.Client.Outbox;

/// <summary>
/// Messages as rows of the application's database, written within its own transactions: a message is sent if, and only if, its transaction
/// is committed. An <see cref="OutboxRelay"/> sends them. Every member may be called from any thread, with a connection of the caller.
/// </summary>
/// <remarks>
/// Calls throw the exceptions of the database's provider, and <see cref="ArgumentException"/> for what can never be right.
/// </remarks>
public sealed class GatewayOutbox
{
    private readonly OutboxDialect _dialect;
    private readonly OutboxTables _tables;
    private readonly bool _notify;
    private readonly TimeProvider _time;

    /// <summary>Of one place: however often it is called, the relay looks once.</summary>
    private readonly Channel<bool> _wakes = Channel.CreateBounded<bool>(1);

    /// <exception cref="OptionsValidationException">The options are invalid; the message lists every fault.</exception>
    public GatewayOutbox(OutboxOptions options, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        var validation = new OutboxOptionsValidator("").Validate(null, options);
        if (validation.Failed)
            throw new OptionsValidationException(nameof(OutboxOptions), typeof(OutboxOptions), validation.Failures);
        Options = options;
        _dialect = options.Dialect;
        _tables = new OutboxTables(options.Table, OutboxTables.InboxDefault);
        _notify = options.Notify;
        _time = time ?? TimeProvider.System;
    }

    /// <summary>The channel of NOTIFY, which is the table's name.</summary>
    public string NotificationChannel => _tables.Outbox;

    /// <summary>The script that makes the tables, for those who keep the scripts of their database themselves.</summary>
    public string SchemaScript => _tables.Script("outbox", _dialect);

    internal OutboxOptions Options { get; }

    internal ChannelReader<bool> Wakes => _wakes.Reader;

    /// <summary>
    /// Writes a message into the outbox, within the transaction: it is sent once the transaction is committed. Messages of one transaction,
    /// and of transactions one after the other, are sent in that order; of transactions side by side none comes first.
    /// </summary>
    /// <param name="transaction">A transaction of the database with the outbox. The caller commits it.</param>
    /// <param name="destination"><c>queue@peer</c>, or a bare <c>queue</c> for which the gateway has a route.</param>
    /// <param name="body">The message body, by default at most 1 MiB.</param>
    /// <param name="options">Id, headers and expiry.</param>
    /// <param name="cancellationToken">Ends the call; what then becomes of the transaction is the provider's.</param>
    /// <returns>The message's id.</returns>
    /// <exception cref="ArgumentException">The gateway could never accept the message, or the transaction has ended.</exception>
    public async ValueTask<MessageId> EnqueueAsync(
        DbTransaction transaction, string destination, ReadOnlyMemory<byte> body, EnqueueOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        var connection = DbCommands.ConnectionOf(transaction);
        MessageChecks.Check(destination, body);
        var id = options?.MessageId ?? MessageId.New(_time.GetUtcNow());
        var headers = HeadersJson.Write(TraceHeaders.Inject(MessageChecks.Check(MessageKey.Add(options?.Headers, options?.Key)), null));
        var insert = connection.Command(_dialect.Insert(_tables, _notify), transaction);
        await using (insert.ConfigureAwait(false))
        {
            insert.Add("@message_id", _dialect.IdValue(id));
            insert.Add("@destination", destination);
            insert.Add("@headers", headers.Length == 0 ? null : Encoding.UTF8.GetString(headers));
            insert.Add("@body", body.ToArray());
            insert.Add("@expires_at", WireText.ToUnixMs(options?.ExpiresAt));
            await insert.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }

        return id;
    }

    /// <summary>Writes a message whose body is the value, as the other overload does, with the header <c>content-type</c>.</summary>
    /// <param name="transaction">A transaction of the database with the outbox. The caller commits it.</param>
    /// <param name="destination"><c>queue@peer</c>, or a bare <c>queue</c> for which the gateway has a route.</param>
    /// <param name="value">The value.</param>
    /// <param name="options">Id, headers and expiry.</param>
    /// <param name="serializer">Writes the value; null for <see cref="JsonMessageSerializer.Default"/>.</param>
    /// <param name="cancellationToken">Ends the call; what then becomes of the transaction is the provider's.</param>
    /// <returns>The message's id.</returns>
    public ValueTask<MessageId> EnqueueAsync<T>(
        DbTransaction transaction, string destination, T value, EnqueueOptions? options = null, IMessageSerializer? serializer = null,
        CancellationToken cancellationToken = default)
    {
        var writer = serializer ?? JsonMessageSerializer.Default;
        var given = options ?? new EnqueueOptions();
        var headers = HeaderEntries.Copy(given.Headers);
        headers[TypedMessages.ContentTypeHeader] = writer.ContentType;
        return EnqueueAsync(
            transaction, destination, writer.Write(value).AsMemory(), given with { Headers = headers }, cancellationToken);
    }

    /// <summary>Commits the transaction, and wakes the relay of this process.</summary>
    public async ValueTask CommitAsync(DbTransaction transaction, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        Wake();
    }

    /// <summary>
    /// Tells the relay of this process that rows were committed. Otherwise it looks each <see cref="OutboxOptions.PollInterval"/>.
    /// </summary>
    public void Wake() => _wakes.Writer.TryWrite(true);

    /// <summary>Makes the tables if they are missing. May be called at each start, by several processes at once.</summary>
    /// <exception cref="InvalidOperationException">The tables were made by a later version of this library.</exception>
    public Task CreateSchemaAsync(DbConnection connection, CancellationToken cancellationToken = default) =>
        SchemaMaker.MakeAsync(connection, SchemaScript, $"{_tables.Outbox}_version", cancellationToken);

    /// <summary>
    /// Has the rows sent again that the gateway refused for themselves, after the cause is gone. They keep their ids.
    /// </summary>
    /// <param name="connection">A connection to the database with the outbox.</param>
    /// <param name="destination">Those of one destination; null for all.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The number of rows.</returns>
    public async Task<int> RetryFailedAsync(
        DbConnection connection, string? destination = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(connection);
        var ofOne = destination is null ? "" : " AND destination = @destination";
        var update = connection.Command(
            $"UPDATE {_tables.Outbox} SET state = {(int)RowState.Ready} WHERE state = {(int)RowState.Failed}{ofOne}");
        await using (update.ConfigureAwait(false))
        {
            if (destination is not null)
                update.Add("@destination", destination);
            var rows = await update.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            Wake();
            return rows;
        }
    }

    /// <summary>Counts what is in the outbox. It reads an index of all rows: ask now and then.</summary>
    public async Task<OutboxStatus> GetStatusAsync(DbConnection connection, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(connection);
        var counts = new long[Enum.GetValues<RowState>().Length];
        double? oldest = null;
        var select = connection.Command(
            $"SELECT state, COUNT(*), {_dialect.SecondsSince("MIN(created_at)")} FROM {_tables.Outbox} GROUP BY state");
        await using (select.ConfigureAwait(false))
        {
            var reader = await select.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
                {
                    var state = (RowState)Convert.ToInt32(reader.GetValue(0), CultureInfo.InvariantCulture);
                    counts[(int)state] = Convert.ToInt64(reader.GetValue(1), CultureInfo.InvariantCulture);
                    var seconds = Convert.ToDouble(reader.GetValue(2), CultureInfo.InvariantCulture);
                    if (state != RowState.Failed)
                        oldest = Math.Max(seconds, oldest ?? 0);
                }
            }
        }

        return new OutboxStatus(
            counts[(int)RowState.Ready],
            counts[(int)RowState.Waiting],
            counts[(int)RowState.Failed],
            oldest is { } age ? TimeSpan.FromSeconds(age) : null);
    }

    internal OutboxStore Store() => new(_dialect, _tables);
}
