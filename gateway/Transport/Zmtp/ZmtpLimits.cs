namespace Gateway.Transport.Zmtp;

/// <summary>The limits of the bytes that one connection may send.</summary>
/// <param name="SocketTypes">The socket types served.</param>
/// <param name="FrameBytesMax">The largest frame of a message.</param>
/// <param name="MessageBytesMax">The largest message, all frames together.</param>
/// <param name="PartsMax">The most frames of one message.</param>
internal sealed record ZmtpLimits(IReadOnlyList<string> SocketTypes, long FrameBytesMax, long MessageBytesMax, int PartsMax)
{
    /// <summary>The limits for a connection that has not identified itself.</summary>
    /// <param name="bytesMax">The largest message, all frames together.</param>
    public ZmtpLimits ForStrangers(long bytesMax) =>
        this with { FrameBytesMax = Math.Min(FrameBytesMax, bytesMax), MessageBytesMax = Math.Min(MessageBytesMax, bytesMax) };
}
