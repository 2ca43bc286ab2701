namespace Gateway.Transport;

/// <summary>The end of a connection: a fault of the other side, or one of the sides ended it.</summary>
/// <param name="Fault">The other side's fault; None if there was none.</param>
/// <param name="IsOurs">The gateway ended the connection.</param>
/// <param name="Error">The system's error; null after an orderly end.</param>
internal sealed record ConnectionEnd(ConnectionFault Fault, bool IsOurs = false, Exception? Error = null);
