namespace Gateway.Store.Messages;

/// <summary>Why new messages cannot be stored, in a sentence with the figure.</summary>
/// <param name="IsForDisk">The disk is the reason, not a configured limit.</param>
/// <param name="IsOfQueue">The queue itself is full; otherwise other queues, at least empty ones, would find no room either.</param>
internal sealed record StoreRefusal(string Why, bool IsForDisk = false, bool IsOfQueue = false);
