using Gateway.Store.Disk.Log;
using Npgsql;

namespace Gateway.Store.Postgres;

/// <summary>Makes the tables of a schema, and brings older ones to this program's version.</summary>
internal static class PostgresSchema
{
    /// <summary>Of the locks that gateways take on one schema while they make its tables.</summary>
    private const int LockClass = 0x47574D31;

    /// <summary>Whether the schema has the tables of gateways.</summary>
    /// <exception cref="StoreFailedException">A newer version of the gateway has made them.</exception>
    public static bool Exists(NpgsqlConnection connection, PostgresSettings settings)
    {
        var tables = new PostgresTables(settings.Schema);
        var table = PostgresCommands.Scalar<string?>(connection, "SELECT to_regclass($1)::text", tables.Format);
        if (table is null) return false;
        var version = PostgresCommands.Scalar<int>(connection, $"SELECT version FROM {tables.Format}");
        if (version > PostgresTables.Version) throw new StoreFailedException($"The tables in the schema {settings.Schema} have version "
            + $"{version}; this program knows version {PostgresTables.Version}. Use the version of the gateway that made them, or a newer "
            + "one.");
        return version == PostgresTables.Version;
    }

    /// <summary>Removes the schema with all in it.</summary>
    /// <exception cref="StoreFailedException">The database refuses, or cannot be reached.</exception>
    public static void Drop(PostgresSettings settings)
    {
        using var connector = new PostgresConnector(settings);
        try
        {
            using var connection = connector.Open();
            PostgresCommands.Execute(connection, $"DROP SCHEMA IF EXISTS {PostgresTables.Quoted(settings.Schema)} CASCADE");
        }
        catch (Exception cause) when (PostgresFailures.IsOfDatabase(cause))
        {
            throw new StoreFailedException($"{connector.Place}: {PostgresFailures.Describe(cause)}.", cause);
        }
    }

    /// <summary>Makes what is missing; several gateways may do so at once.</summary>
    /// <exception cref="StoreFailedException">The role may not, or a newer version has made the tables.</exception>
    public static void Make(NpgsqlConnection connection, PostgresSettings settings)
    {
        if (Exists(connection, settings)) return;
        var tables = new PostgresTables(settings.Schema);
        try
        {
            using var transaction = connection.BeginTransaction();
            PostgresCommands.Execute(connection, $"SELECT pg_advisory_xact_lock({LockClass}, hashtext($1))", settings.Schema);
            var schema = PostgresTables.Quoted(settings.Schema);
            if (PostgresCommands.Scalar<string?>(connection, "SELECT to_regnamespace($1)::text", schema) is null)
                PostgresCommands.Execute(connection, $"CREATE SCHEMA {schema}");
            if (!Exists(connection, settings))
            {
                foreach (var step in tables.Steps) PostgresCommands.Execute(connection, step);
            }

            transaction.Commit();
        }
        catch (PostgresException refused) when (refused.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            var user = PostgresTables.Quoted(new NpgsqlConnectionStringBuilder(settings.ConnectionString).Username ?? "");
            throw new StoreFailedException($"The tables of the gateway are not in the schema {settings.Schema} yet, and its role may not "
                + $"make them: {refused.MessageText}. Let the owner of the database run: CREATE SCHEMA "
                + $"{PostgresTables.Quoted(settings.Schema)} "
                + $"AUTHORIZATION {user};", refused);
        }
    }
}
