using System.Buffers;

namespace Gateway.Transport.Zmtp;

/// <summary>
/// Cuts whole messages out of a peer's bytes after the handshake. Incomplete bytes stay in the pipe and are presented again, followed by
/// more, so nothing is allocated for a length before its bytes are there, and a body is copied once. The result does not depend on how the
/// stream is cut into pieces.
/// </summary>
/// <param name="checker">The checker of the same stream, after its handshake.</param>
internal sealed class ZmtpReader(ZmtpChecker checker)
{
    private const int SmallBytes = 64 * 1024;

    private List<byte[]> _frames = [];

    /// <summary>Bytes that the checker has passed and that were not taken; they come first in the next call.</summary>
    private long _passed;

    /// <summary>The possible size, in bytes, of the message under way; 0 between messages and while it is small.</summary>
    public long RoomNeeded => !checker.IsInMessage
        || checker.MessageBytes <= SmallBytes ? 0 : checker.HasMore ? checker.Limits.MessageBytesMax : checker.MessageBytes;

    /// <summary>A message has begun and not arrived whole.</summary>
    public bool IsInMessage => checker.IsInMessage;

    /// <summary>Messages and commands that arrived whole.</summary>
    public long Completed => checker.Completed;

    /// <summary>Commands that arrived whole.</summary>
    public long Commands => checker.Commands;

    /// <summary>The limits from here on.</summary>
    public ZmtpLimits Limits
    {
        get => checker.Limits;
        set => checker.Limits = value;
    }

    /// <param name="unread">All bytes that have arrived and were not taken.</param>
    /// <param name="messages">Receives the frames of each whole message.</param>
    /// <param name="contexts">Receives the context of each PING.</param>
    /// <param name="taken">The number of bytes taken.</param>
    /// <returns>The fault in the bytes after the last whole message; the messages before it are valid.</returns>
    public ConnectionFault Read(in ReadOnlySequence<byte> unread, List<List<byte[]>> messages, List<byte[]> contexts, out long taken)
    {
        var fault = checker.Check(unread.Slice(_passed), out var passes);
        var rest = unread.Slice(0, _passed + passes);
        while (ZmtpFrameHeader.TryRead(rest, out var header, out _) && rest.Length - header.Size >= (long)header.BodyBytes)
        {
            var body = rest.Slice(header.Size, (long)header.BodyBytes);
            rest = rest.Slice(body.End);
            if (header.IsCommand) Note(body, contexts);
            else Add(body, header.HasMore, messages);
        }

        taken = _passed + passes - rest.Length;
        _passed = rest.Length;
        return fault;
    }

    private static void Note(in ReadOnlySequence<byte> command, List<byte[]> contexts)
    {
        if (ZmtpCommand.TryReadPing(command.ToArray(), out var context)) contexts.Add(context);
    }

    private void Add(in ReadOnlySequence<byte> body, bool hasMore, List<List<byte[]>> messages)
    {
        var bytes = GC.AllocateUninitializedArray<byte>((int)body.Length);
        body.CopyTo(bytes);
        _frames.Add(bytes);
        if (hasMore) return;
        messages.Add(_frames);
        _frames = [];
    }
}
