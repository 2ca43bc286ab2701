namespace Gateway.Store.Disk.Log;

/// <summary>
/// The store can no longer keep its promises: a write, a flush or a read failed, or its bytes are damaged. It ends the process; after a
/// restart everything confirmed before is present, unless the message says otherwise.
/// </summary>
internal sealed class StoreFailedException(string message, Exception? cause = null) : Exception(message, cause);
