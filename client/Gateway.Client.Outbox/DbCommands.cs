using System.Data.Common;

namespace Gateway.Client.Outbox;

/// <summary>Short forms for commands and their parameters.</summary>
internal static class DbCommands
{
    public static DbCommand Command(this DbConnection connection, string text, DbTransaction? transaction = null)
    {
        var command = connection.CreateCommand();
        command.CommandText = text;
        command.Transaction = transaction;
        return command;
    }

    /// <param name="command">The command.</param>
    /// <param name="name">With its at sign.</param>
    /// <param name="value">Null is that of the database.</param>
    public static void Add(this DbCommand command, string name, object? value)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.Value = value ?? DBNull.Value;
        command.Parameters.Add(parameter);
    }

    public static async Task<object?> ScalarAsync(this DbConnection connection, string text, CancellationToken cancellationToken)
    {
        var command = connection.Command(text);
        await using (command.ConfigureAwait(false))
            return await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false);
    }

    public static async Task<int> ExecuteAsync(
        this DbConnection connection, string text, CancellationToken cancellationToken, DbTransaction? transaction = null)
    {
        var command = connection.Command(text, transaction);
        await using (command.ConfigureAwait(false))
            return await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The connection of a transaction that has not ended.</summary>
    public static DbConnection ConnectionOf(DbTransaction transaction)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        return transaction.Connection
            ?? throw new ArgumentException("The transaction was committed or rolled back already.", nameof(transaction));
    }
}
