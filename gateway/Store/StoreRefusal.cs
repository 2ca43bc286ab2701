namespace Gateway.Store;

/// <summary>Why new messages cannot be stored, in a sentence with the figure.</summary>
/// <param name="IsForDisk">The disk is the reason, and not a limit of the configuration.</param>
/// <param name="IsOfQueue">The queue itself is full; otherwise others would find no room either, at least those that hold nothing.</param>
internal sealed record StoreRefusal(string Why, bool IsForDisk = false, bool IsOfQueue = false);
