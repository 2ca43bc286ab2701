using System.Text.RegularExpressions;
using Gateway.Store.Postgres;

namespace Gateway.Configuration;

/// <summary>The rules of the store's engine: which keys need which engine.</summary>
internal static partial class StoreEngineRules
{
    public static void Check(StoreOptions store, ICollection<string> faults)
    {
        if (store.Engine is not (StoreOptions.LiteDb or StoreOptions.PostgreSql)) faults.Add(
            $"Gateway:Store:Engine is '{store.Engine}'; give {StoreOptions.LiteDb} or {StoreOptions.PostgreSql}.");
        if (!store.IsPostgres())
        {
            if (store.RequireSynchronousReplica) faults.Add("Gateway:Store:RequireSynchronousReplica is true, but Gateway:Store:Engine is "
                + $"{store.Engine}, which has no replica; use {StoreOptions.PostgreSql}.");
            return;
        }

        if (store.ConnectionString.Length == 0) faults.Add($"Gateway:Store:ConnectionString is empty, and Gateway:Store:Engine is "
            + $"{StoreOptions.PostgreSql}; give the servers, such as 'Host=db1,db2;Database=gateway;Username=gateway;Password=...'.");
        else if (PostgresSettings.FindFault(store.ConnectionString) is { } fault) faults.Add(
            $"Gateway:Store:ConnectionString cannot be used: {fault}.");
        if (!SchemaName().IsMatch(store.Schema)) faults.Add(
            $"Gateway:Store:Schema is '{store.Schema}'; the name of a schema is 1 to 40 of a-z 0-9 _, starting with a letter.");
    }

    [GeneratedRegex("^[a-z][a-z0-9_]{0,39}$")]
    private static partial Regex SchemaName();
}
