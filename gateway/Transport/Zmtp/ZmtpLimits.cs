namespace Gateway.Transport.Zmtp;

/// <summary>What one connection may send, and as what.</summary>
/// <param name="SocketTypes">The socket types that are served.</param>
/// <param name="FrameBytesMax">In one frame of a message.</param>
/// <param name="MessageBytesMax">In all frames of one message.</param>
/// <param name="PartsMax">Frames of one message.</param>
internal sealed record ZmtpLimits(IReadOnlyList<string> SocketTypes, long FrameBytesMax, long MessageBytesMax, int PartsMax);
