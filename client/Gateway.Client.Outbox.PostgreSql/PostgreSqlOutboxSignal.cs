using Npgsql;

namespace Gateway.Client.Outbox.PostgreSql;

/// <summary>Listens on the channel of an outbox, on a connection of its own, while its relay is active.</summary>
/// <param name="source">Opens the connection. It must lead to the server itself, not to a pool that lends it by transaction.</param>
public sealed class PostgreSqlOutboxSignal(NpgsqlDataSource source) : IOutboxSignal
{
    /// <inheritdoc/>
    public async Task ListenAsync(GatewayOutbox outbox, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(outbox);
        var connection = await source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            var listen = new NpgsqlCommand($"LISTEN \"{outbox.NotificationChannel}\"", connection);
            await using (listen.ConfigureAwait(false))
                await listen.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            // What was committed before it listened is found by the look that this makes.
            outbox.Wake();
            while (true)
            {
                await connection.WaitAsync(cancellationToken).ConfigureAwait(false);
                outbox.Wake();
            }
        }
    }
}
