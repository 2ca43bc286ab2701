using Gateway.Store.Holding;
using Npgsql;

namespace Gateway.Store.Postgres;

/// <summary>
/// One transaction on a store. Commands that are only added make a batch, which is a transaction by itself and needs one round trip.
/// Throws Npgsql's exceptions. Owned by the store's thread.
/// </summary>
/// <param name="fence">The function that fails unless the caller's epoch is that of the store.</param>
internal sealed class PostgresTransaction(NpgsqlConnection connection, string fence, int store) : IHoldTransaction
{
    private NpgsqlTransaction? _begun;

    /// <summary>The last commands of the transaction, sent together when it is committed.</summary>
    public NpgsqlBatch Batch { get; } = new(connection);

    /// <summary>Executes a command at once, before the batch.</summary>
    public void Execute(string sql, params object[] values)
    {
        Batch.Transaction = _begun ??= connection.BeginTransaction();
        PostgresCommands.Execute(connection, sql, values);
    }

    public void Prove(long epoch)
    {
        var proof = new NpgsqlBatchCommand($"SELECT {fence}($1, $2)");
        proof.Parameters.Add(new NpgsqlParameter<int> { TypedValue = store });
        proof.Parameters.Add(new NpgsqlParameter<long> { TypedValue = epoch });
        Batch.BatchCommands.Add(proof);
    }

    public void Commit()
    {
        Batch.ExecuteNonQuery();
        _begun?.Commit();
    }

    public void Dispose()
    {
        Batch.Dispose();
        _begun?.Dispose();
    }
}
