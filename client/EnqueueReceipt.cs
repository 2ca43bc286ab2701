namespace Gateway.Client;

/// <summary>The gateway's word that a message is on stable storage and now its own responsibility.</summary>
/// <param name="MessageId">The message's id: the one given, or the one that the client made.</param>
public readonly record struct EnqueueReceipt(MessageId MessageId);
