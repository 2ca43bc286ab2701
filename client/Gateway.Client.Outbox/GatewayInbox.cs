using System.Data.Common;
using Gateway.Client.Wire;
using Microsoft.Extensions.Options;

namespace Gateway.Client.Outbox;

/// <summary>
/// The ids of messages that were handled, kept in the application's database within the transactions of their effects: so a message that
/// comes again has no second effect. Every member may be called from any thread, with a connection of the caller.
/// </summary>
/// <remarks>Calls throw the exceptions of the database's provider.</remarks>
public sealed class GatewayInbox
{
    /// <summary>So that no statement holds up others for long.</summary>
    private const int RowsCleanedAtOnce = 1_000;

    private readonly OutboxDialect _dialect;
    private readonly OutboxTables _tables;
    private readonly TimeSpan _age;

    /// <exception cref="OptionsValidationException">The options are invalid; the message lists every fault.</exception>
    public GatewayInbox(InboxOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var validation = new InboxOptionsValidator("").Validate(null, options);
        if (validation.Failed)
            throw new OptionsValidationException(nameof(InboxOptions), typeof(InboxOptions), validation.Failures);
        _dialect = options.Dialect;
        _tables = new OutboxTables(OutboxTables.OutboxDefault, options.Table);
        _age = options.Age;
    }

    /// <summary>The script that makes the tables, for those who keep the scripts of their database themselves.</summary>
    public string SchemaScript => _tables.Script("inbox", _dialect);

    /// <summary>
    /// Begins the handling of a message within the transaction. If true, do what it asks for in the same transaction, commit it, and then
    /// complete the message. If false, it was handled before: complete it.
    /// </summary>
    /// <param name="transaction">A transaction of the database with the inbox. The caller commits it.</param>
    /// <param name="message">The message.</param>
    /// <param name="cancellationToken">Ends the call; what then becomes of the transaction is the provider's.</param>
    public ValueTask<bool> TryBeginAsync(DbTransaction transaction, ReceivedMessage message, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        return TryBeginAsync(transaction, message.Queue, message.Id, cancellationToken);
    }

    /// <summary>
    /// As the other overload, by queue and id: a copy of a message in another queue has effects of its own. While another transaction
    /// handles the same message, this call waits for its end.
    /// </summary>
    /// <param name="transaction">A transaction of the database with the inbox. The caller commits it.</param>
    /// <param name="queue">The local queue of the message.</param>
    /// <param name="id">The message's id.</param>
    /// <param name="cancellationToken">Ends the call; what then becomes of the transaction is the provider's.</param>
    public async ValueTask<bool> TryBeginAsync(
        DbTransaction transaction, string queue, MessageId id, CancellationToken cancellationToken = default)
    {
        var connection = DbCommands.ConnectionOf(transaction);
        ArgumentException.ThrowIfNullOrEmpty(queue);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(queue.Length, ProtocolLimits.NameCharsMax, nameof(queue));
        var insert = connection.Command(_dialect.InsertOnce(_tables), transaction);
        await using (insert.ConfigureAwait(false))
        {
            insert.Add("@queue", queue);
            insert.Add("@message_id", _dialect.IdValue(id));
            return await insert.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false) == 1;
        }
    }

    /// <summary>Makes the tables if they are missing. May be called at each start, by several processes at once.</summary>
    /// <exception cref="InvalidOperationException">The tables were made by a later version of this library.</exception>
    public Task CreateSchemaAsync(DbConnection connection, CancellationToken cancellationToken = default) =>
        SchemaMaker.MakeAsync(connection, SchemaScript, $"{_tables.Inbox}_version", cancellationToken);

    /// <summary>
    /// Forgets ids older than <see cref="InboxOptions.Age"/>, by the database's clock, a thousand at a time. A host does it by itself.
    /// </summary>
    /// <param name="connection">A connection without a transaction.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The number of ids.</returns>
    public async Task<int> CleanAsync(DbConnection connection, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(connection);
        var delete = _dialect.DeleteOld(_tables, (long)_age.TotalSeconds, RowsCleanedAtOnce);
        var all = 0;
        while (true)
        {
            var rows = await connection.ExecuteAsync(delete, cancellationToken).ConfigureAwait(false);
            all += rows;
            if (rows < RowsCleanedAtOnce)
                return all;
        }
    }
}
