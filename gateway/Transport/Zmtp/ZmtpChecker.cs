using System.Buffers;

namespace Gateway.Transport.Zmtp;

/// <summary>The phase of a peer's stream.</summary>
internal enum ZmtpPhase
{
    /// <summary>Before the end of the peer's greeting.</summary>
    Greeting,

    /// <summary>Before the end of the peer's READY.</summary>
    Ready,

    /// <summary>Messages and commands.</summary>
    Traffic,
}

/// <summary>
/// Checks a peer's stream from its first byte on and reports how much of it is well formed. It buffers no bytes: the caller keeps the bytes
/// not passed and presents them again, followed by more. The result does not depend on how the stream is cut into pieces. No byte of a
/// frame passes before its header is checked, and no byte of a command before the whole command is. After a fault it must not be used
/// again.
/// </summary>
internal sealed class ZmtpChecker(ZmtpLimits limits)
{
    private ulong _bodyLeft;
    private bool _hasMore;
    private int _parts;

    public ZmtpPhase Phase { get; private set; }

    /// <summary>The limits from here on.</summary>
    public ZmtpLimits Limits { get; set; } = limits;

    /// <summary>The peer's READY; set at the end of that phase.</summary>
    public ZmtpReady? Ready { get; private set; }

    /// <summary>Commands passed.</summary>
    public long Commands { get; private set; }

    /// <summary>Messages and commands passed whole.</summary>
    public long Completed { get; private set; }

    /// <summary>The sum of the frame sizes known so far of the message under way.</summary>
    public long MessageBytes { get; private set; }

    /// <summary>Further frames of the message under way follow the last one.</summary>
    public bool HasMore => _hasMore;

    /// <summary>A message is under way.</summary>
    public bool IsInMessage => _bodyLeft > 0 || _hasMore;

    /// <summary>A checker for a stream whose handshake is complete and was checked before.</summary>
    public static ZmtpChecker AfterHandshake(ZmtpLimits limits) => new(limits) { Phase = ZmtpPhase.Traffic };

    /// <param name="unread">All bytes that have arrived and not passed.</param>
    /// <param name="passes">
    /// The number of well-formed bytes; after a fault, those before it. During the handshake it ends with each phase.
    /// </param>
    public ConnectionFault Check(in ReadOnlySequence<byte> unread, out long passes)
    {
        passes = 0;
        return Phase switch
        {
            ZmtpPhase.Greeting => CheckGreeting(unread, out passes),
            ZmtpPhase.Ready => CheckReady(unread, out passes),
            _ => CheckTraffic(unread, out passes),
        };
    }

    private ConnectionFault CheckGreeting(in ReadOnlySequence<byte> unread, out long passes)
    {
        passes = 0;
        Span<byte> copy = stackalloc byte[ZmtpGreeting.Size];
        var bytes = copy[..(int)Math.Min(unread.Length, copy.Length)];
        unread.Slice(0, bytes.Length).CopyTo(bytes);
        if (ZmtpGreeting.Check(bytes) is var fault and not ConnectionFault.None) return fault;
        if (bytes.Length < ZmtpGreeting.Size) return ConnectionFault.None;
        passes = ZmtpGreeting.Size;
        Phase = ZmtpPhase.Ready;
        return ConnectionFault.None;
    }

    private ConnectionFault CheckReady(in ReadOnlySequence<byte> unread, out long passes)
    {
        passes = 0;
        if (!ZmtpFrameHeader.TryRead(unread, out var header, out var fault)) return fault;
        if (!header.IsCommand) return ConnectionFault.NotReady;
        if (header.BodyBytes > ZmtpReady.BytesMax) return ConnectionFault.CommandTooLarge;
        var size = header.Size + (int)header.BodyBytes;
        if (unread.Length < size) return ConnectionFault.None;

        fault = ZmtpReady.TryParse(unread.Slice(header.Size, (long)header.BodyBytes).ToArray(), out var ready);
        if (fault != ConnectionFault.None) return fault;
        if (!Limits.SocketTypes.Contains(ready!.SocketType)) return ConnectionFault.SocketType;
        Ready = ready;
        Phase = ZmtpPhase.Traffic;
        passes = size;
        return ConnectionFault.None;
    }

    private ConnectionFault CheckTraffic(in ReadOnlySequence<byte> unread, out long passes)
    {
        passes = 0;
        while (true)
        {
            var body = (long)Math.Min(_bodyLeft, (ulong)(unread.Length - passes));
            _bodyLeft -= (ulong)body;
            passes += body;
            if (_bodyLeft > 0) return ConnectionFault.None;
            if (body > 0) EndFrame();

            var rest = unread.Slice(passes);
            if (!ZmtpFrameHeader.TryRead(rest, out var header, out var fault)) return fault;
            var passed = header.IsCommand ? CheckCommand(rest, header, out fault) : BeginFrame(header, out fault);
            if (fault != ConnectionFault.None || passed == 0) return fault;
            passes += passed;
        }
    }

    /// <summary>Checks a command. A PING may come between the frames of a message, as implementations send it when it is due.</summary>
    /// <returns>The bytes that pass; 0 until the command has arrived whole.</returns>
    private int CheckCommand(in ReadOnlySequence<byte> rest, ZmtpFrameHeader header, out ConnectionFault fault)
    {
        fault = header.BodyBytes > ZmtpCommand.BytesMax ? ConnectionFault.CommandTooLarge : ConnectionFault.None;
        if (fault != ConnectionFault.None) return 0;
        var size = header.Size + (int)header.BodyBytes;
        if (rest.Length < size) return 0;

        Span<byte> copy = stackalloc byte[ZmtpCommand.BytesMax];
        var body = copy[..(int)header.BodyBytes];
        rest.Slice(header.Size, body.Length).CopyTo(body);
        fault = ZmtpCommand.Check(body);
        if (fault != ConnectionFault.None) return 0;
        Commands++;
        Completed++;
        return size;
    }

    private int BeginFrame(ZmtpFrameHeader header, out ConnectionFault fault)
    {
        fault =
            header.BodyBytes > (ulong)Limits.FrameBytesMax ? ConnectionFault.FrameTooLarge :
            MessageBytes + (long)header.BodyBytes > Limits.MessageBytesMax ? ConnectionFault.MessageTooLarge :
            _parts >= Limits.PartsMax ? ConnectionFault.TooManyParts :
            ConnectionFault.None;
        if (fault != ConnectionFault.None) return 0;
        _parts++;
        MessageBytes += (long)header.BodyBytes;
        _bodyLeft = header.BodyBytes;
        _hasMore = header.HasMore;
        if (_bodyLeft == 0) EndFrame();
        return header.Size;
    }

    private void EndFrame()
    {
        if (_hasMore) return;
        Completed++;
        _parts = 0;
        MessageBytes = 0;
    }
}
