using System.Data.Common;

namespace Gateway.Client.Outbox;

/// <summary>The lock that one relay of many holds. Disposing gives it up; so does the end of the process or of its connection.</summary>
internal abstract class RelayLock(DbConnection connection) : IAsyncDisposable
{
    /// <summary>For the relay's work. A lock of a session is of this session: without the lock nothing is removed.</summary>
    public DbConnection Connection => connection;

    public abstract ValueTask DisposeAsync();
}
