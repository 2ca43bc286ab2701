namespace Gateway.Store.Holding;

/// <summary>The engine that keeps a store, as seen from a process that holds it or wants to. Owned by the store's thread.</summary>
internal interface IHoldServer
{
    /// <summary>Where it is, for people.</summary>
    string Place { get; }

    /// <summary>What an exception means.</summary>
    HoldFault Judge(Exception cause);

    /// <summary>An exception of the engine, as a part of a sentence.</summary>
    string Describe(Exception cause);

    /// <summary>The sentence for a process that the engine refuses for good.</summary>
    string Refuse(Exception cause);

    /// <summary>Blocks the thread for so long, before the next attempt.</summary>
    void Pause(TimeSpan time);
}

/// <summary>An engine to which one connects. Disposed of with the session that uses it.</summary>
internal interface IHoldServer<out TConnection> : IHoldServer, IDisposable
{
    /// <summary>Opens a connection. Throws the engine's exceptions.</summary>
    TConnection Open();
}
