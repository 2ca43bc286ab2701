namespace Gateway.Store.Disk;

/// <summary>
/// The store can no longer promise anything: a write, a flush or a read failed, or its bytes are damaged. It ends the process; after a
/// restart everything that was confirmed before is there, unless the message says otherwise.
/// </summary>
internal sealed class StoreFailedException(string message, Exception? cause = null) : Exception(message, cause);
