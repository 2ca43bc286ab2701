namespace Gateway.Store.Holding;

/// <summary>
/// A connection to the engine of a store, with the row that names the holder, and the lock that elects it: the lock ends with the
/// connection, when the engine has noticed its end. Every member throws the engine's exceptions. Owned by the store's thread.
/// </summary>
internal interface IHoldConnection : IDisposable
{
    /// <summary>It has not ended, as far as this process knows.</summary>
    bool IsOpen { get; }

    /// <summary>The engine has reported a commit as done of which it says that it may not be as durable as promised.</summary>
    bool IsUncertain { get; }

    /// <summary>Looks for the store. Called once on the first connection.</summary>
    /// <param name="mayMake">It is made if it is missing.</param>
    /// <returns>False if there is none.</returns>
    bool Find(bool mayMake);

    /// <summary>The row as it is now.</summary>
    HoldRow Look();

    /// <summary>
    /// Begins an epoch, if the present one is the one expected. A synchronous commit: what an earlier holder has committed is durable on
    /// return, as far as the engine promises.
    /// </summary>
    /// <returns>False if the epoch is another one.</returns>
    bool Begin(long expected, long epoch, string holder);

    /// <summary>Notes that the holder lives.</summary>
    /// <param name="isDurable">A synchronous commit, as for <see cref="Begin"/>; otherwise it waits for no disk and no standby.</param>
    /// <returns>False if the store's epoch is not this one.</returns>
    bool SayThatItLives(long epoch, bool isDurable);

    /// <summary>Takes the lock, if no connection has it.</summary>
    bool TryLock();

    /// <summary>Takes the lock, and waits for it so long.</summary>
    bool TryAwaitLock(TimeSpan patience);

    /// <summary>Whether a connection has the lock.</summary>
    bool IsLocked();

    /// <summary>Ends the connections that have the lock, unless the store's epoch is another one than this.</summary>
    void EndHolders(long epoch);
}

/// <summary>A connection on which the store is changed.</summary>
internal interface IHoldConnection<TTransaction> : IHoldConnection
    where TTransaction : IHoldTransaction
{
    /// <summary>Begins a change of the store.</summary>
    TTransaction BeginChange();
}
