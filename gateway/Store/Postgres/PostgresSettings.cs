using System.Data.Common;
using Gateway.Store.Holding;
using Npgsql;

namespace Gateway.Store.Postgres;

/// <summary>Where a store in PostgreSQL is, and how the engine behaves.</summary>
/// <param name="ConnectionString">Npgsql's; may name several hosts. It may hold a password and is never shown.</param>
/// <param name="Schema">The schema of the tables, shared by all gateways of the database.</param>
/// <param name="Store">The name of the store in the schema: that of the gateway.</param>
internal sealed record PostgresSettings(string ConnectionString, string Schema, string Store)
{
    /// <summary>How long the database may be away before the store has failed; for opening it is not waited for.</summary>
    public TimeSpan OutageMax { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>No new message is accepted while the server has no synchronous standby.</summary>
    public bool RequireSynchronousReplica { get; init; }

    /// <summary>After this silence another gateway may displace the holder of the store, although its connection still exists.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>Who holds the store, and how patiently.</summary>
    public HoldSettings ToHold() => new(Store, Lease, OutageMax);

    /// <summary>Why the connection string cannot be used, as a part of a sentence; null if it can.</summary>
    public static string? FindFault(string connectionString)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(connectionString).Host is { Length: > 0 } ? null : "it names no Host";
        }
        catch (ArgumentException wrong)
        {
            return wrong.Message.Split('\n')[0].TrimEnd('.', '\r');
        }
    }

    /// <summary>The servers, the database and the schema, for people.</summary>
    public string Describe()
    {
        var options = new NpgsqlConnectionStringBuilder(ConnectionString);
        var port = new DbConnectionStringBuilder { ConnectionString = ConnectionString }.ContainsKey("Port")
            || options.Host?.Contains(':', StringComparison.Ordinal) == false ? $":{options.Port}" : "";
        return $"PostgreSQL at {options.Host}{port}, database {options.Database ?? options.Username}, schema {Schema}";
    }
}
