using Npgsql;

namespace Gateway.Store.Postgres;

/// <summary>Proves that the tables of a store are those that its row of volumes names, and can be read to the end.</summary>
internal static class PostgresCheck
{
    /// <summary>A sentence for each fault.</summary>
    /// <param name="seconds">The time for each table.</param>
    public static IEnumerable<string> Run(NpgsqlConnection connection, PostgresTables tables, int store, int seconds)
    {
        var volumes = PostgresCommands.Rows(connection,
            $"SELECT first_group FROM {tables.Volumes} WHERE store = $1 ORDER BY first_group", row => row.GetInt64(0), store);
        foreach (var volume in volumes)
        {
            var name = tables.Volume(store, volume);
            if (PostgresCommands.Scalar<string>(connection, "SELECT to_regclass($1)::text", name) is null)
            {
                yield return $"the table {name} is missing";
                continue;
            }

            if (FindFault(connection, name, seconds) is { } fault) yield return fault;
        }

        if (FindFault(connection, tables.Beside, seconds) is { } beside) yield return beside;
    }

    private static string? FindFault(NpgsqlConnection connection, string table, int seconds)
    {
        try
        {
            // The sum needs every byte, and so every page.
            using var command = new NpgsqlCommand($"SELECT count(md5(bytes)) FROM {table}", connection) { CommandTimeout = seconds };
            command.ExecuteScalar();
            return null;
        }
        catch (PostgresException damage) when (PostgresFailures.IsDamage(damage))
        {
            return $"the table {table} cannot be read: {damage.MessageText}";
        }
    }
}
