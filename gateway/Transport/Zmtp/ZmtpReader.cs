using System.Buffers;

namespace Gateway.Transport.Zmtp;

/// <summary>
/// Cuts whole messages out of what a peer sends after its handshake. What is not whole yet stays where it is and is shown again with more
/// behind it, so nothing is allocated for a length before its bytes are there, and a body is copied once. The result does not depend on how
/// the stream was cut into pieces.
/// </summary>
/// <param name="checker">Of the same stream, after its handshake.</param>
internal sealed class ZmtpReader(ZmtpChecker checker)
{
    private const int SmallBytes = 64 * 1024;

    private List<byte[]> _frames = [];

    /// <summary>Bytes that the checker has let pass and that were not taken: they are the first of what is shown next.</summary>
    private long _passed;

    /// <summary>What the message under way may come to, in bytes; 0 between messages and as long as it is small.</summary>
    public long RoomNeeded => !checker.IsInMessage
        || checker.MessageBytes <= SmallBytes ? 0 : checker.HasMore ? checker.Limits.MessageBytesMax : checker.MessageBytes;

    /// <summary>A message was begun and has not come whole.</summary>
    public bool IsInMessage => checker.IsInMessage;

    /// <summary>Messages and commands that came whole.</summary>
    public long Completed => checker.Completed;

    /// <summary>Commands that came whole.</summary>
    public long Commands => checker.Commands;

    /// <summary>What may come from here on.</summary>
    public ZmtpLimits Limits
    {
        get => checker.Limits;
        set => checker.Limits = value;
    }

    /// <param name="unread">All that has arrived and was not taken.</param>
    /// <param name="messages">Gets the frames of each message that is whole.</param>
    /// <param name="contexts">Gets the context of each PING.</param>
    /// <param name="taken">How many bytes were taken.</param>
    /// <returns>What is wrong with the bytes behind the last whole message; those before it count.</returns>
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
