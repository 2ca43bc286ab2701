using System.Data.Common;
using System.Globalization;

namespace Gateway.Client.Outbox;

/// <summary>Makes tables by a script, all of them or none.</summary>
internal static class SchemaMaker
{
    /// <exception cref="InvalidOperationException">The tables were made by a later version of this library.</exception>
    public static async Task MakeAsync(DbConnection connection, string script, string versionTable, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(connection);
        var transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        await using (transaction.ConfigureAwait(false))
        {
            await connection.ExecuteAsync(script, cancellationToken, transaction).ConfigureAwait(false);
            var select = connection.Command($"SELECT MAX(version) FROM {versionTable}", transaction);
            await using (select.ConfigureAwait(false))
            {
                var version = Convert.ToInt32(
                    await select.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false), CultureInfo.InvariantCulture);
                if (version > OutboxTables.Version)
                    throw new InvalidOperationException(
                        $"The tables have version {version} by {versionTable}, and this library knows {OutboxTables.Version}: update "
                        + "the package Gateway.Client.Outbox.");
            }

            await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
