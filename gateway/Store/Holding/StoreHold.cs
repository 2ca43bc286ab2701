using Gateway.Store.Disk.Files;
using Gateway.Store.Disk.Log;
using Gateway.Store.Records;

namespace Gateway.Store.Holding;

/// <summary>
/// The epoch in which this process holds a store, and how it comes to it. The lock elects; the epoch, which only rises, protects. Throws
/// the engine's exceptions. Owned by the store's thread.
/// </summary>
internal sealed class StoreHold
{
    /// <summary>The engine notices a killed process, or one whose connections were ended, within this time.</summary>
    private static readonly TimeSpan _endingMax = TimeSpan.FromSeconds(2);

    /// <summary>The interval in which a process that waits looks whether a holder that lost its connection has come back.</summary>
    private static readonly TimeSpan _returnInterval = TimeSpan.FromMilliseconds(200);

    private StoreHold(long epoch, string? closed) => (Epoch, Closed) = (epoch, closed);

    public long Epoch { get; }

    /// <summary>Why the store is not to be used, in a sentence; null if it is.</summary>
    public string? Closed { get; }

    /// <summary>Finds the store, or makes it if permitted, takes the lock, and begins the next epoch.</summary>
    /// <param name="mayBeClosed">It is opened although it is not to be used, as one that was moved away.</param>
    /// <param name="standby">Waits for a store that another process holds; null if that is an error.</param>
    /// <exception cref="StoreInUseException">Another process holds the store, and lives.</exception>
    /// <exception cref="StoreFailedException">The store is missing, or may not be used.</exception>
    public static StoreHold Take(IHoldConnection connection, IHoldServer server, HoldSettings settings, bool mayMake, bool mayBeClosed,
        IStandby? standby, TimeProvider time)
    {
        if (!connection.Find(mayMake)) throw new StoreFailedException($"There is no store {settings.Store} in {server.Place}.");
        if (standby is { WasCutOff: true }) LetHolderReturn(connection, server, settings.Lease, time);
        TakeLock(connection, server, settings, standby);
        var former = connection.Look();
        var epoch = former.Epoch + 1;
        if (!connection.Begin(former.Epoch, epoch, settings.Self))
            throw new TimeoutException("another process has opened the store at the same time");
        if (former.Closed is not null && !mayBeClosed)
            throw new StoreFailedException($"The store {settings.Store} in {server.Place} is not to be used: {former.Closed}");
        return new StoreHold(epoch, former.Closed);
    }

    /// <summary>
    /// Takes the lock again on a new connection, away from the former one if the engine still has that, and proves the epoch with a
    /// synchronous commit: what the former one has committed is durable then.
    /// </summary>
    /// <returns>False if another process has taken the store over.</returns>
    public bool TryResume(IHoldConnection connection)
    {
        if (!IsOwn(connection)) return false;
        if (!connection.TryLock())
        {
            connection.EndHolders(Epoch);
            if (!IsOwn(connection)) return false;
            AwaitLock(connection);
        }

        return connection.SayThatItLives(Epoch, isDurable: true);
    }

    /// <summary>Whether the store's epoch is this one's.</summary>
    public bool IsOwn(IHoldConnection connection) => connection.Look().Epoch == Epoch;

    /// <summary>
    /// After an outage of the engine nobody has the lock, and the holder may live: it comes first, if it comes within its lease.
    /// </summary>
    private static void LetHolderReturn(IHoldConnection connection, IHoldServer server, TimeSpan lease, TimeProvider time)
    {
        for (var began = time.GetTimestamp(); time.GetElapsedTime(began) < lease; server.Pause(_returnInterval))
            if (connection.IsLocked()) return;
    }

    private static void TakeLock(IHoldConnection connection, IHoldServer server, HoldSettings settings, IStandby? standby)
    {
        if (connection.TryLock()) return;
        for (var patience = _endingMax; !connection.TryAwaitLock(patience);)
        {
            var row = connection.Look();
            var left = settings.Lease - row.Silence;
            if (left <= TimeSpan.Zero)
            {
                // It says nothing, and its connection is still there: its process is paused, or its host is lost.
                connection.EndHolders(row.Epoch);
                AwaitLock(connection);
                return;
            }

            if (standby?.WaitFor(row.Holder, settings.Lease) != true) throw new StoreInUseException($"The store {settings.Store} in "
                + $"{server.Place} is in use by {row.Holder}. Stop that process, or give this gateway a name of its own.");
            patience = left < _endingMax ? left : _endingMax;
        }
    }

    private static void AwaitLock(IHoldConnection connection)
    {
        if (!connection.TryAwaitLock(_endingMax))
            throw new TimeoutException("the server has not ended the connection of the store's former holder yet");
    }
}
