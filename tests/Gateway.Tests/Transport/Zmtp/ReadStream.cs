using Gateway.Transport;
using Gateway.Transport.Zmtp;

namespace Gateway.Tests.Transport.Zmtp;

/// <summary>Shows a stream to a reader as a connection would, in pieces, and keeps what it cuts out.</summary>
internal sealed class ReadStream
{
    public required ConnectionFault Fault { get; init; }

    /// <summary>The frames of each message, in hexadecimal digits.</summary>
    public required IReadOnlyList<string> Messages { get; init; }

    /// <summary>Of each PING.</summary>
    public required IReadOnlyList<string> Contexts { get; init; }

    /// <param name="pieces">The sizes of the pieces, over and over again.</param>
    public static ReadStream Read(byte[] stream, params int[] pieces)
    {
        var checker = new ZmtpChecker(CheckedStream.Limits);
        var reader = new ZmtpReader(checker);
        var (messages, contexts) = (new List<List<byte[]>>(), new List<byte[]>());
        var (passed, fault) = (0, ConnectionFault.None);
        for (int arrived = 0, turn = 0; fault == ConnectionFault.None && arrived < stream.Length; turn++)
        {
            var before = arrived;
            arrived = Math.Min(stream.Length, arrived + pieces[turn % pieces.Length]);
            ZmtpPhase phase;
            do
            {
                phase = checker.Phase;
                var unread = CheckedStream.InTwo(stream, passed, before, arrived);
                fault = phase == ZmtpPhase.Traffic ? reader.Read(
                    unread, messages, contexts, out var taken) : checker.Check(unread, out taken);
                passed += (int)taken;
            }
            while (fault == ConnectionFault.None && phase != checker.Phase);
        }

        return new ReadStream
        { Fault = fault, Messages = [.. messages.Select(Text)], Contexts = [.. contexts.Select(Convert.ToHexString)] };
    }

    /// <summary>The messages that are whole in bytes that are well formed, read as plainly as can be.</summary>
    public static IReadOnlyList<string> MessagesOf(ReadOnlySpan<byte> wellFormed)
    {
        var messages = new List<string>();
        var frames = new List<byte[]>();
        while (ZmtpFrameHeader.TryRead(wellFormed, out var header) && (ulong)(wellFormed.Length - header.Size) >= header.BodyBytes)
        {
            var body = wellFormed.Slice(header.Size, (int)header.BodyBytes).ToArray();
            wellFormed = wellFormed[(header.Size + body.Length)..];
            if (header.IsCommand) continue;
            frames.Add(body);
            if (header.HasMore) continue;
            messages.Add(Text(frames));
            frames = [];
        }

        return messages;
    }

    private static string Text(IReadOnlyList<byte[]> frames) => string.Join('+', frames.Select(Convert.ToHexString));
}
