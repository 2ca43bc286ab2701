using System.Data.Common;

namespace Gateway.Client.Outbox.Dialects;

/// <summary>A lock that belongs to a session with the database server, and ends with it.</summary>
internal sealed class SessionLock : RelayLock
{
    private readonly string _unlock;

    private SessionLock(DbConnection connection, string unlock)
        : base(connection) => _unlock = unlock;

    /// <param name="source">Opens the session.</param>
    /// <param name="tryLock">Answers true if it has the lock now.</param>
    /// <param name="unlock">Gives it up: the session may live on in a pool.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public static async Task<RelayLock?> TryTakeAsync(
        DbDataSource source, string tryLock, string unlock, CancellationToken cancellationToken)
    {
        var connection = await source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        var isTaken = false;
        try
        {
            isTaken = await connection.ScalarAsync(tryLock, cancellationToken).ConfigureAwait(false) is true;
            return isTaken ? new SessionLock(connection, unlock) : null;
        }
        finally
        {
            if (!isTaken)
                await connection.DisposeAsync().ConfigureAwait(false);
        }
    }

    public override async ValueTask DisposeAsync()
    {
        try
        {
            await Connection.ScalarAsync(_unlock, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception lost) when (DatabaseFault.Is(lost))
        {
            // Then the lock is lost with its session.
        }
        finally
        {
            await Connection.DisposeAsync().ConfigureAwait(false);
        }
    }
}
