namespace Gateway.Transport.Zmtp;

/// <summary>
/// The commands that may come after the handshake (ZMTP 3.1, rfc.zeromq.org/spec/37, "Connection Heartbeating").
/// <code>
/// PING   04 "PING"  two bytes: time to live in tenths of a second, big-endian  0 to 16 bytes: context
/// PONG   04 "PONG"  0 to 16 bytes: the context of the PING
/// </code>
/// All others belong to publishers, subscribers, radios and dishes, which have no business here.
/// </summary>
internal static class ZmtpCommand
{
    /// <summary>The largest PING.</summary>
    public const int BytesMax = 5 + TtlBytes + ContextBytesMax;

    private const int TtlBytes = 2;
    private const int ContextBytesMax = 16;
    private const int NameBytes = 5;

    private static readonly byte[] _ping = [ZmtpFrameHeader.CommandFlag, NameBytes + TtlBytes, .. "\u0004PING"u8, 0, 0];

    /// <summary>The frame of a PING without a time to live and without a context.</summary>
    public static ReadOnlyMemory<byte> Ping => _ping;

    /// <param name="body">The whole body of the frame.</param>
    public static ConnectionFault Check(ReadOnlySpan<byte> body)
    {
        if (body.Length == 0 || body[0] == 0 || body.Length <= body[0]) return ConnectionFault.MalformedCommand;
        var rest = body.Length - NameBytes;
        if (body.StartsWith("\u0004PING"u8))
            return rest is >= TtlBytes and <= TtlBytes + ContextBytesMax ? ConnectionFault.None : ConnectionFault.MalformedCommand;
        if (body.StartsWith("\u0004PONG"u8)) return rest <= ContextBytesMax ? ConnectionFault.None : ConnectionFault.MalformedCommand;
        return ConnectionFault.UnknownCommand;
    }

    /// <param name="body">The body of a checked command.</param>
    /// <param name="context">The bytes to repeat in the answer.</param>
    public static bool TryReadPing(ReadOnlySpan<byte> body, out byte[] context)
    {
        var isPing = body.StartsWith("\u0004PING"u8);
        context = isPing ? body[(NameBytes + TtlBytes)..].ToArray() : [];
        return isPing;
    }

    /// <summary>The frame of the answer to a PING.</summary>
    public static byte[] Pong(ReadOnlySpan<byte> context) =>
        [ZmtpFrameHeader.CommandFlag, (byte)(NameBytes + context.Length), .. "\u0004PONG"u8, .. context];
}
