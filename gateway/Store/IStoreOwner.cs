using Gateway.Store.Disk.Log;

namespace Gateway.Store;

/// <summary>Receives the results of a store that runs on a <see cref="StoreThread"/>. Called by the store's thread.</summary>
internal interface IStoreOwner
{
    /// <summary>
    /// The effects of these commands are durable, and readers have their results. Must not block. The owner completes the commands on the
    /// loop, in this order.
    /// </summary>
    void OnExecuted(IReadOnlyList<StoreCommand> commands);

    /// <summary>
    /// The store has failed: nothing can be promised any more, and the process must stop. The last call of the store's thread.
    /// </summary>
    void OnFailed(StoreFailedException failure);
}
