using System.Security.Cryptography;
using Gateway.Cli.Shell;
using Gateway.Store.Disk.Log;
using Gateway.Store.Postgres;

namespace Gateway.Cli.Demo;

/// <summary>The database of a demo whose gateways keep their messages in PostgreSQL, in a schema of its own.</summary>
internal sealed class DemoDatabase(string connectionString)
{
    public string Schema { get; } = $"demo_{RandomNumberGenerator.GetHexString(8, lowercase: true)}";

    /// <summary>The configuration of the gateways, by full key.</summary>
    public IReadOnlyDictionary<string, string> Configuration => new Dictionary<string, string>
    {
        ["Gateway:Store:Engine"] = "PostgreSQL",
        ["Gateway:Store:ConnectionString"] = connectionString,
        ["Gateway:Store:Schema"] = Schema,
    };

    /// <summary>Removes the schema with all stores in it.</summary>
    /// <exception cref="CommandLineException">It could not be removed.</exception>
    public void Drop()
    {
        try
        {
            PostgresSchema.Drop(new PostgresSettings(connectionString, Schema, Store: "demo"));
        }
        catch (StoreFailedException failed)
        {
            throw new CommandLineException(ExitCode.Failed, $"The schema {Schema} of the demo is left in the database: {failed.Message}");
        }
    }
}
