using System.Buffers;

namespace Gateway.Transport.Zmtp;

/// <summary>Where the stream of a peer stands.</summary>
internal enum ZmtpPhase
{
    /// <summary>Before the end of its greeting.</summary>
    Greeting,

    /// <summary>Before the end of its READY.</summary>
    Ready,

    /// <summary>Messages and commands.</summary>
    Traffic,
}

/// <summary>
/// Reads what a peer sends, from its first byte on, and tells which of it is well formed. It holds no bytes itself: whoever calls keeps
/// what it has not let pass and shows it again, with more behind it. The result does not depend on how the stream was cut into pieces. No
/// byte of a frame passes before its header was checked, no byte of a command before all of it was. After a fault it is not to be used
/// again.
/// </summary>
internal sealed class ZmtpChecker(ZmtpLimits limits)
{
    private ulong _bodyLeft;
    private bool _hasMore;
    private int _parts;

    public ZmtpPhase Phase { get; private set; }

    /// <summary>What may come from here on.</summary>
    public ZmtpLimits Limits { get; set; } = limits;

    /// <summary>What the peer says of itself; set with the end of that phase.</summary>
    public ZmtpReady? Ready { get; private set; }

    /// <summary>Commands let pass.</summary>
    public long Commands { get; private set; }

    /// <summary>Messages and commands let pass whole.</summary>
    public long Completed { get; private set; }

    /// <summary>The sizes, as far as they are known, of the frames of the message under way.</summary>
    public long MessageBytes { get; private set; }

    /// <summary>Further frames of the message under way follow the one that came last.</summary>
    public bool HasMore => _hasMore;

    /// <summary>In the middle of a message.</summary>
    public bool IsInMessage => _bodyLeft > 0 || _hasMore;

    /// <summary>For a stream whose handshake is over, and has been checked before.</summary>
    public static ZmtpChecker AfterHandshake(ZmtpLimits limits) => new(limits) { Phase = ZmtpPhase.Traffic };

    /// <param name="unread">All that has arrived and has not passed.</param>
    /// <param name="passes">How many bytes of it are well formed; after a fault, those before it. In the handshake it ends with each
    /// phase.</param>
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

    /// <summary>A PING may come between the frames of a message: implementations send it whenever its time has come.</summary>
    /// <returns>The bytes that pass; none while the command has not arrived whole.</returns>
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
