namespace Gateway.Client;

/// <summary>
/// The body of a message is not what its reader expects. A repetition does not change that, so a processor rejects the message with this
/// text.
/// </summary>
/// <param name="message">What is wrong, for people.</param>
/// <param name="innerException">The cause; null for none.</param>
public sealed class UnreadableMessageException(string message, Exception? innerException = null) : Exception(message, innerException);
