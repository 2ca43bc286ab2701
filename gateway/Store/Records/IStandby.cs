namespace Gateway.Store.Records;

/// <summary>A process that waits for a store held by another one. Called by the store's thread.</summary>
internal interface IStandby
{
    /// <summary>
    /// The engine was away while this process waited: that nobody holds the store shows nothing then, since the holder may come back.
    /// </summary>
    bool WasCutOff { get; }

    /// <summary>Another process holds the store. Called again and again, at least every few seconds.</summary>
    /// <param name="holder">That process, for people.</param>
    /// <param name="lease">The silence after which it is displaced.</param>
    /// <returns>False if this process waits no longer.</returns>
    bool WaitFor(string holder, TimeSpan lease);
}
