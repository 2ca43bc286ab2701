namespace Gateway.Transport.Zmtp;

/// <summary>What one connection may send, and as what.</summary>
/// <param name="SocketTypes">The socket types that are served.</param>
/// <param name="FrameBytesMax">In one frame of a message.</param>
/// <param name="MessageBytesMax">In all frames of one message.</param>
/// <param name="PartsMax">Frames of one message.</param>
internal sealed record ZmtpLimits(IReadOnlyList<string> SocketTypes, long FrameBytesMax, long MessageBytesMax, int PartsMax)
{
    /// <summary>For a connection that has not said who it is.</summary>
    /// <param name="bytesMax">In all frames of one message.</param>
    public ZmtpLimits ForStrangers(long bytesMax) =>
        this with { FrameBytesMax = Math.Min(FrameBytesMax, bytesMax), MessageBytesMax = Math.Min(MessageBytesMax, bytesMax) };
}
