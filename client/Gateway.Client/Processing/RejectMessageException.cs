namespace Gateway.Client.Processing;

/// <summary>Thrown by a handler to make its message a dead letter without further attempts; the exception's text is the reason.</summary>
/// <param name="reason">Why the message can never be handled; the gateway keeps the first 1,024 bytes of UTF-8.</param>
/// <param name="innerException">The cause; null for none.</param>
public sealed class RejectMessageException(string reason, Exception? innerException = null) : Exception(reason, innerException);
