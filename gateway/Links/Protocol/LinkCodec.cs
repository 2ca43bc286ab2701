using System.Diagnostics.CodeAnalysis;
using System.Text;
using Gateway.Client.Wire;
using Gateway.Store.Commands;
using Gateway.Store.Messages;
using Gateway.Store.State;

namespace Gateway.Links.Protocol;

/// <summary>Encodes and decodes link frames; PROTOCOL.md has the byte tables. Decoding trusts nothing and never throws.</summary>
internal static class LinkCodec
{
    public const byte Version = 1;

    /// <summary>The queues in one Ask and in its answer; few enough that the frame does not delay others on a slow line.</summary>
    public const int AskQueuesMax = 256;

    /// <summary>"GWL" and the protocol's version begin a hello and a welcome.</summary>
    private const int Magic = 0x4C5747 | (Version << 24);

    private const int RetryAfterMsMax = 3_600_000;

    /// <summary>The longest text of a refusal, in UTF-8 bytes; a longer one is cut when written and rejected when read.</summary>
    private const int RefusalTextBytesMax = 1024;

    private const int NameBytesMin = 3;
    /// <summary>A hello's Known field when nothing of the other side is known.</summary>
    private static readonly HistoryPoint _nothing = new(Guid.Empty, 0, Guid.Empty, 0) { Of = Guid.Empty };

    private const int PositionBytesMin = 15;

    /// <summary>A batch without the queue's name and its messages.</summary>
    private const int BatchHeadBytes = 28;
    private const int BatchItemBytesMin = 12 + MessageCodec.FixedBytes;

    private enum FrameType : byte
    {
        Hello = 1,
        Welcome = 2,
        Refused = 3,
        Batch = 4,
        Ack = 5,
        Resend = 6,
        Ping = 7,
        Pong = 8,
        Goodbye = 9,
        Full = 10,
        LastEnd = 11,
        Ask = 12,
        Positions = 13,
        Stalled = 14,
        Join = 96,
        Joined = 97,
        Summary = 112,
    }

    public static byte[] Encode(LinkFrame frame)
    {
        var writer = new ByteWriter(frame is LinkFrame.Batch batch ? BatchBytes(batch) : 128);
        switch (frame)
        {
            case LinkFrame.Hello hello: WriteHello(writer, hello); break;
            case LinkFrame.Welcome welcome: WriteWelcome(writer, welcome); break;
            case LinkFrame.Refused refused:
                writer.Byte((byte)FrameType.Refused);
                writer.Byte((byte)refused.Code);
                writer.Text(WireText.Cut(refused.Text, RefusalTextBytesMax));
                break;
            case LinkFrame.Batch messages: WriteBatch(writer, messages); break;
            case LinkFrame.Ack ack:
                WritePosition(writer, FrameType.Ack, ack.Queue, ack.Number);
                writer.Int64(ack.Group);
                writer.Int64(ack.Batches);
                break;
            case LinkFrame.Resend resend: WritePosition(writer, FrameType.Resend, resend.Queue, resend.Number); break;
            case LinkFrame.Full full:
                WritePosition(writer, FrameType.Full, full.Queue, full.Number);
                writer.Int64(full.Group);
                writer.Int64(full.Batches);
                writer.Int32(full.RetryAfterMs);
                writer.Byte(full.IsShared ? (byte)1 : (byte)0);
                writer.Text(WireText.Cut(full.Text, RefusalTextBytesMax));
                break;
            case LinkFrame.Stalled stalled:
                writer.Byte((byte)FrameType.Stalled);
                writer.Int32(stalled.ForMs);
                break;
            case LinkFrame.Summary summary:
                writer.Byte((byte)FrameType.Summary);
                summary.Content.Span.CopyTo(writer.Reserve(summary.Content.Length));
                break;
            case LinkFrame.LastEnd end:
                writer.Byte((byte)FrameType.LastEnd);
                writer.Byte((byte)end.Cause);
                writer.Int64(end.AtUnixMs);
                writer.Text(WireText.Cut(end.Text, RefusalTextBytesMax));
                break;
            case LinkFrame.Ask ask:
                writer.Byte((byte)FrameType.Ask);
                writer.Int32(ask.Queues.Count);
                foreach (var queue in ask.Queues) writer.Text(queue);
                break;
            case LinkFrame.Positions positions:
                writer.Byte((byte)FrameType.Positions);
                writer.Int32(positions.Queues.Count);
                foreach (var (queue, number, check) in positions.Queues)
                {
                    writer.Text(queue);
                    writer.Int64(number);
                    writer.UInt32(check);
                }

                break;
            case LinkFrame.Ping ping: WriteToken(writer, FrameType.Ping, ping.Token); break;
            case LinkFrame.Pong pong:
                WriteToken(writer, FrameType.Pong, pong.Token);
                writer.Int64(pong.ClockUnixMs);
                break;
            case LinkFrame.Goodbye: writer.Byte((byte)FrameType.Goodbye); break;
            case LinkFrame.Join join:
                writer.Byte((byte)FrameType.Join);
                PairingFrames.Write(writer, join);
                break;
            case LinkFrame.Joined joined:
                writer.Byte((byte)FrameType.Joined);
                PairingFrames.Write(writer, joined);
                break;
            default: throw new InvariantException($"there is no encoding of {frame.GetType().Name}");
        }

        return writer.Take();
    }

    /// <summary>False if the bytes are not a frame of this protocol and version.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out LinkFrame? frame)
    {
        var reader = new ByteReader(bytes);
        frame = (FrameType)reader.Byte() switch
        {
            FrameType.Hello => ReadHello(ref reader),
            FrameType.Welcome => ReadWelcome(ref reader),
            FrameType.Refused => new LinkFrame.Refused((RefusalCode)reader.Byte(), ReadText(ref reader)),
            FrameType.Batch => ReadBatch(ref reader),
            FrameType.Ack => new LinkFrame.Ack(ReadName(ref reader), ReadNumber(ref reader))
            { Group = ReadNumber(ref reader), Batches = ReadNumber(ref reader) },
            FrameType.Resend => new LinkFrame.Resend(ReadName(ref reader), ReadNumber(ref reader)),
            FrameType.Ping => new LinkFrame.Ping(reader.Int64()),
            FrameType.Pong => new LinkFrame.Pong(reader.Int64(), ReadTime(ref reader)),
            FrameType.Goodbye => new LinkFrame.Goodbye(),
            FrameType.Full => ReadFull(ref reader),
            FrameType.LastEnd => new LinkFrame.LastEnd((LinkCause)reader.Byte(), ReadTime(ref reader), ReadText(ref reader)),
            FrameType.Ask => ReadAsk(ref reader),
            FrameType.Stalled => ReadStalled(ref reader),
            FrameType.Positions => ReadPositions(ref reader),
            FrameType.Join => PairingFrames.ReadJoin(ref reader),
            FrameType.Joined => PairingFrames.ReadJoined(ref reader),
            FrameType.Summary => ReadSummary(ref reader),
            _ => null,
        };
        if (!reader.IsWhole) frame = null;
        return frame is not null;
    }

    /// <summary>True for a hello of another version of this protocol, which cannot be decoded further.</summary>
    public static bool IsForeignHello(ReadOnlySpan<byte> bytes, out int version)
    {
        version = bytes.Length >= 5 ? bytes[4] : 0;
        return bytes.Length >= 5 && bytes[0] == (byte)FrameType.Hello && bytes[1..4].SequenceEqual("GWL"u8) && version != Version;
    }

    /// <summary>The bytes that a message adds to a batch.</summary>
    public static int BatchItemBytes(Message message) => 12 + MessageCodec.SizeBytes(message);

    /// <summary>The exact size of the frame, so that it is written where it stays.</summary>
    private static int BatchBytes(LinkFrame.Batch batch)
    {
        var bytes = BatchHeadBytes + Encoding.UTF8.GetByteCount(batch.Queue);
        foreach (var item in batch.Messages) bytes += BatchItemBytes(item.Message);
        return bytes;
    }

    private static void WriteHello(ByteWriter writer, LinkFrame.Hello hello)
    {
        writer.Byte((byte)FrameType.Hello);
        writer.Int32(Magic);
        WriteIdentity(writer, hello.From);
        writer.Text(hello.To);
        WriteLimits(writer, hello.Limits);
        writer.Int64(hello.ClockUnixMs);
        var known = hello.Known ?? _nothing;
        writer.Guid(known.StoreId);
        writer.Int64(known.Run);
        writer.Guid(known.Incarnation);
        writer.Int64(known.Group);
        writer.Guid(known.Of);
        writer.Int64(known.Batches);
    }

    private static LinkFrame.Hello? ReadHello(ref ByteReader reader)
    {
        if (reader.Int32() != Magic) return null;
        var hello = new LinkFrame.Hello(ReadIdentity(ref reader), ReadName(ref reader), ReadLimits(ref reader), ReadTime(ref reader));
        var known = new HistoryPoint(reader.Guid(), ReadNumber(ref reader), reader.Guid(), ReadNumber(ref reader))
        { Of = reader.Guid(), Batches = ReadNumber(ref reader) };
        return hello with { Known = known.Run > 0 ? known : null };
    }

    private static void WriteWelcome(ByteWriter writer, LinkFrame.Welcome welcome)
    {
        writer.Byte((byte)FrameType.Welcome);
        writer.Int32(Magic);
        WriteIdentity(writer, welcome.From);
        WriteLimits(writer, welcome.Limits);
        writer.Int64(welcome.ClockUnixMs);
        writer.Byte((byte)welcome.Past);
        writer.Int64(welcome.Group);
        writer.Int64(welcome.Batches);
        writer.Int64(welcome.Known?.Run ?? 0);
        if (welcome.Known is not { } known) return;
        writer.Guid(known.Incarnation);
        writer.Text(known.Name);
        writer.Int64(known.Group);
    }

    private static LinkFrame.Welcome? ReadWelcome(ref ByteReader reader)
    {
        if (reader.Int32() != Magic) return null;
        var welcome = new LinkFrame.Welcome(ReadIdentity(ref reader), ReadLimits(ref reader), ReadTime(ref reader))
        { Past = ReadVerdict(ref reader), Group = ReadNumber(ref reader), Batches = ReadNumber(ref reader) };
        var run = ReadNumber(ref reader);
        return run > 0 ? welcome with { Known = new KnownRun(run, reader.Guid(), ReadName(ref reader)) { Group = ReadNumber(ref reader) } }
            : welcome;
    }

    private static PastVerdict ReadVerdict(ref ByteReader reader)
    {
        var verdict = (PastVerdict)reader.Byte();
        if (verdict > PastVerdict.OtherStore) reader.Fail();
        return verdict;
    }

    private static LinkFrame.Stalled? ReadStalled(ref ByteReader reader) =>
        reader.Int32() is >= 0 and var forMs ? new LinkFrame.Stalled(forMs) : null;

    /// <summary>The link does not depend on the content: one that is too long is left out, and the connection stands.</summary>
    private static LinkFrame.Summary ReadSummary(ref ByteReader reader)
    {
        var content = reader.Rest();
        return new LinkFrame.Summary(content.Length > LinkFrame.Summary.ContentBytesMax ? default : content.ToArray());
    }

    private static LinkFrame.Ask? ReadAsk(ref ByteReader reader)
    {
        var count = reader.Count(NameBytesMin);
        if (count is 0 or > AskQueuesMax) return null;
        var queues = new string[count];
        for (var i = 0; i < count; i++) queues[i] = ReadName(ref reader);
        return new LinkFrame.Ask(queues);
    }

    private static LinkFrame.Positions? ReadPositions(ref ByteReader reader)
    {
        var count = reader.Count(PositionBytesMin);
        if (count is 0 or > AskQueuesMax) return null;
        var queues = new QueuePosition[count];
        for (var i = 0; i < count; i++) queues[i] = new QueuePosition(ReadName(ref reader), ReadNumber(ref reader), reader.UInt32());
        return new LinkFrame.Positions(queues);
    }

    private static void WriteBatch(ByteWriter writer, LinkFrame.Batch batch)
    {
        writer.Byte((byte)FrameType.Batch);
        writer.Text(batch.Queue);
        writer.Int64(batch.Previous);
        writer.UInt32(batch.PreviousCheck);
        writer.Byte(batch.Opens ? (byte)1 : (byte)0);
        writer.Int64(batch.Group);
        writer.Int32(batch.Messages.Count);
        foreach (var (number, message) in batch.Messages)
        {
            var size = MessageCodec.SizeBytes(message);
            writer.Int64(number);
            writer.Int32(size);
            MessageCodec.Write(message, writer.Reserve(size));
        }
    }

    private static LinkFrame.Batch? ReadBatch(ref ByteReader reader)
    {
        var queue = ReadName(ref reader);
        var previous = ReadNumber(ref reader);
        var previousCheck = reader.UInt32();
        var opens = reader.Byte();
        if (opens > 1) return null;
        var group = ReadNumber(ref reader);
        var messages = new NumberedMessage[reader.Count(BatchItemBytesMin)];
        var last = previous;
        for (var i = 0; i < messages.Length; i++)
        {
            var number = reader.Int64();
            if (number <= last || !MessageCodec.TryRead(reader.Block(), out var message)
                || MessageRules.FindFault(message) is not null) return null;
            messages[i] = new NumberedMessage(number, message);
            last = number;
        }

        return messages.Length > 0 ? new LinkFrame.Batch(queue, previous, messages)
        { Opens = opens == 1, PreviousCheck = previousCheck, Group = group } : null;
    }

    private static void WriteIdentity(ByteWriter writer, GatewayIdentity identity)
    {
        writer.Text(identity.Name);
        writer.Guid(identity.StoreId);
        writer.Guid(identity.Incarnation);
        writer.Int64(identity.StartedUnixMs);
        writer.Int64(identity.Run);
    }

    private static GatewayIdentity ReadIdentity(ref ByteReader reader) =>
        new(ReadName(ref reader), reader.Guid(), reader.Guid(), ReadTime(ref reader), ReadNumber(ref reader));

    private static void WriteLimits(ByteWriter writer, LinkLimits limits)
    {
        writer.Int32(limits.BodyBytesMax);
        writer.Int32(limits.WindowBytes);
        writer.Int32(limits.WindowMessages);
        writer.Int32(limits.HeadersBytesMax);
    }

    private static LinkLimits ReadLimits(ref ByteReader reader)
    {
        var limits = new LinkLimits(reader.Int32(), reader.Int32(), reader.Int32()) { HeadersBytesMax = reader.Int32() };
        if (limits is not { BodyBytesMax: >= 1, WindowBytes: >= 1, WindowMessages: >= 1, HeadersBytesMax: >= 1 }) reader.Fail();
        return limits;
    }

    /// <summary>Reads a name that satisfies the grammar of names, so that texts and logs that repeat it stay short.</summary>
    private static string ReadName(ref ByteReader reader)
    {
        var name = reader.Text();
        if (!Names.IsValid(name)) reader.Fail();
        return name;
    }

    private static string ReadText(ref ByteReader reader)
    {
        var text = reader.Text();
        if (Encoding.UTF8.GetByteCount(text) > RefusalTextBytesMax) reader.Fail();
        return text;
    }

    private static long ReadNumber(ref ByteReader reader)
    {
        var number = reader.Int64();
        if (number < 0) reader.Fail();
        return number;
    }

    /// <summary>Reads a time that a <see cref="DateTimeOffset"/> can represent.</summary>
    private static long ReadTime(ref ByteReader reader)
    {
        var time = reader.Int64();
        if (!MessageRules.IsTime(time)) reader.Fail();
        return time;
    }

    private static void WritePosition(ByteWriter writer, FrameType type, string queue, long number)
    {
        writer.Byte((byte)type);
        writer.Text(queue);
        writer.Int64(number);
    }

    private static LinkFrame.Full ReadFull(ref ByteReader reader)
    {
        var (queue, number) = (ReadName(ref reader), ReadNumber(ref reader));
        var (group, batches) = (ReadNumber(ref reader), ReadNumber(ref reader));
        var (retryAfterMs, shared) = (reader.Int32(), reader.Byte());
        if (retryAfterMs is < 1 or > RetryAfterMsMax || shared > 1) reader.Fail();
        return new LinkFrame.Full(queue, number, retryAfterMs, ReadText(ref reader))
        { Group = group, Batches = batches, IsShared = shared == 1 };
    }

    private static void WriteToken(ByteWriter writer, FrameType type, long token)
    {
        writer.Byte((byte)type);
        writer.Int64(token);
    }
}
