namespace Gateway.Store.Disk;

/// <summary>
/// The disk refused, and from now on nothing may be called durable. What was confirmed before is safe; what was being committed is stored whole or
/// not at all, which only opening the store again can tell. The process has to stop and be restarted.
/// </summary>
internal sealed class StoreFailedException(string what, Exception? cause = null)
    : Exception($"{what} Nothing confirmed so far is lost. Check free space and the health of the disk, then restart the gateway.", cause);
