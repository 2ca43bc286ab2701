using Npgsql;

namespace Gateway.Store.Postgres;

/// <summary>Reads a whole table of blocks. Throws Npgsql's exceptions.</summary>
internal static class PostgresCheck
{
    /// <summary>Why the table is not as it must be; null if it is.</summary>
    /// <param name="seconds">The time for reading it.</param>
    public static string? FindFault(NpgsqlConnection connection, string table, int seconds)
    {
        if (PostgresCommands.Scalar<string>(connection, "SELECT to_regclass($1)::text", table) is null)
            return $"the table {table} is missing";
        // The sum needs every byte, and so every page.
        using var command = new NpgsqlCommand($"SELECT count(md5(bytes)) FROM {table}", connection) { CommandTimeout = seconds };
        command.ExecuteScalar();
        return null;
    }
}
