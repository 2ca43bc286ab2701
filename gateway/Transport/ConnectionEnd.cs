namespace Gateway.Transport;

/// <summary>Why a connection ended: by a fault of the other side, or because one of its sides ended it.</summary>
/// <param name="Fault">Of the other side; none when it was just ended.</param>
/// <param name="IsOurs">It was the gateway that ended it.</param>
/// <param name="Error">What the system says; null after an orderly end.</param>
internal sealed record ConnectionEnd(ConnectionFault Fault, bool IsOurs = false, Exception? Error = null);
