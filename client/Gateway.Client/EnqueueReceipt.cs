namespace Gateway.Client;

/// <summary>Confirms that a message is on stable storage and that the gateway is responsible for it.</summary>
/// <param name="MessageId">The message's id: the one given, or the one that the client created.</param>
public readonly record struct EnqueueReceipt(MessageId MessageId);
