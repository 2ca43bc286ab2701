using Gateway.Client.Wire;
using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Gateway.Store.Messages;

namespace Gateway.Links.Fleet;

/// <summary>
/// Encodes and decodes summaries; PROTOCOL.md has the byte table. Decoding trusts nothing, never throws, and passes over what a later
/// version may have appended.
/// </summary>
internal static class SummaryCodec
{
    /// <summary>Ages are limited, so that each is a span of time.</summary>
    private const long AgeMsMax = 100L * 366 * 24 * 3600 * 1000;

    private const long NoAge = -1;
    private const int WaitingBytes = 24;
    private const int LinkBytesMin = 2 + 1 + 1 + 1 + WaitingBytes;
    private const int QueueBytesMin = 1 + 2 + 1 + WaitingBytes;
    private const int FindingBytesMin = 1 + 2;

    /// <summary>Names, texts, counts and lists beyond their limits are cut.</summary>
    public static byte[] Encode(GatewaySummary summary)
    {
        var writer = new ByteWriter(512);
        writer.Byte((byte)summary.Share);
        if (summary.Share == FleetShare.Nothing) return writer.Take();
        writer.Text(WireText.Cut(summary.Version, GatewaySummary.VersionBytesMax));
        writer.Int64(summary.StartedUnixMs);
        writer.Int64(Math.Clamp(summary.AgeMs, 0, AgeMsMax));
        writer.Byte((byte)summary.Condition);
        writer.Int32(summary.Errors);
        writer.Int32(summary.Warnings);
        Write(writer, summary.Outgoing);
        Write(writer, summary.Inbound);
        foreach (var number in (ReadOnlySpan<long>)[summary.DeadLetters, summary.Damaged, summary.StoredBytes, summary.StoredBytesMax,
            summary.FreeBytes, summary.FreeBytesMin])
        {
            Write(writer, number);
        }

        writer.Int64(summary.CertificateUnixMs);
        writer.Int32(summary.Links);
        writer.Int32(summary.LinksUp);
        writer.Byte(summary.Back is null ? (byte)0 : (byte)1);
        if (summary.Back is { } back) Write(writer, back);
        if (summary.Share != FleetShare.Everything) return writer.Take();
        WriteList(writer, summary.Peers, GatewaySummary.LinksMax, Write);
        WriteList(writer, summary.Queues, GatewaySummary.QueuesMax, Write);
        WriteList(writer, summary.Findings, GatewaySummary.FindingsMax, Write);
        return writer.Take();
    }

    /// <summary>Null if the bytes are no summary.</summary>
    public static GatewaySummary? Decode(ReadOnlySpan<byte> bytes)
    {
        var reader = new ByteReader(bytes);
        var share = (FleetShare)reader.Byte();
        if (reader.Failed || share > FleetShare.Everything) return null;
        if (share == FleetShare.Nothing) return GatewaySummary.None;
        var summary = new GatewaySummary
        {
            Share = share,
            Version = ReadText(ref reader, GatewaySummary.VersionBytesMax),
            StartedUnixMs = ReadTime(ref reader),
            AgeMs = ReadAge(ref reader) ?? 0,
            Condition = ReadCondition(ref reader),
            Errors = ReadCount(ref reader),
            Warnings = ReadCount(ref reader),
            Outgoing = ReadWaiting(ref reader),
            Inbound = ReadWaiting(ref reader),
            DeadLetters = ReadNumber(ref reader),
            Damaged = ReadNumber(ref reader),
            StoredBytes = ReadNumber(ref reader),
            StoredBytesMax = ReadNumber(ref reader),
            FreeBytes = ReadNumber(ref reader),
            FreeBytesMin = ReadNumber(ref reader),
            CertificateUnixMs = ReadTime(ref reader),
            Links = ReadCount(ref reader),
            LinksUp = ReadCount(ref reader),
            Back = ReadFlag(ref reader) ? ReadLink(ref reader) : null,
        };
        if (share == FleetShare.Everything)
        {
            summary = summary with
            {
                Peers = ReadList(ref reader, GatewaySummary.LinksMax, LinkBytesMin, ReadLink),
                Queues = ReadList(ref reader, GatewaySummary.QueuesMax, QueueBytesMin, ReadQueue),
                Findings = ReadList(ref reader, GatewaySummary.FindingsMax, FindingBytesMin, ReadFinding),
            };
        }

        return reader.Failed ? null : summary;
    }

    private delegate T ItemReader<out T>(ref ByteReader reader);

    private static void WriteList<T>(ByteWriter writer, IReadOnlyList<T> items, int itemsMax, Action<ByteWriter, T> write)
    {
        var count = Math.Min(items.Count, itemsMax);
        writer.Byte((byte)count);
        for (var i = 0; i < count; i++) write(writer, items[i]);
    }

    private static IReadOnlyList<T> ReadList<T>(ref ByteReader reader, int itemsMax, int itemBytesMin, ItemReader<T> read)
    {
        var count = reader.Byte();
        if (count > itemsMax || count * itemBytesMin > reader.Remaining) reader.Fail();
        var items = new T[reader.Failed ? 0 : count];
        for (var i = 0; i < items.Length; i++) items[i] = read(ref reader);
        return items;
    }

    private static void Write(ByteWriter writer, LinkGlance link)
    {
        writer.Text(link.Peer);
        writer.Byte((byte)link.State);
        writer.Byte((byte)link.Cause);
        Write(writer, link.Waiting);
    }

    private static LinkGlance ReadLink(ref ByteReader reader)
    {
        var name = reader.Text();
        var (state, cause) = ((LinkState)reader.Byte(), (LinkCause)reader.Byte());
        if (!Names.IsValid(name) || state > LinkState.Paused) reader.Fail();
        return new LinkGlance(name, state, cause, ReadWaiting(ref reader));
    }

    private static void Write(ByteWriter writer, QueueGlance queue)
    {
        writer.Byte(queue.Kind == QueueKind.Inbound ? (byte)1 : (byte)0);
        writer.Text(queue.Name);
        Write(writer, queue.Waiting);
    }

    private static QueueGlance ReadQueue(ref ByteReader reader)
    {
        var (isInbound, name) = (ReadFlag(ref reader), reader.Text());
        if (!Names.TryParseDestination(name, out _, out var peer) || peer is null != isInbound) reader.Fail();
        return new QueueGlance(isInbound ? QueueKind.Inbound : QueueKind.Outgoing, name, ReadWaiting(ref reader));
    }

    private static void Write(ByteWriter writer, FindingGlance finding)
    {
        writer.Byte((byte)finding.Condition);
        writer.Text(WireText.Cut(finding.Text, GatewaySummary.TextBytesMax));
    }

    private static FindingGlance ReadFinding(ref ByteReader reader) =>
        new(ReadCondition(ref reader), ReadText(ref reader, GatewaySummary.TextBytesMax));

    private static void Write(ByteWriter writer, WaitingSum waiting)
    {
        Write(writer, waiting.Messages);
        Write(writer, waiting.Bytes);
        writer.Int64(waiting.OldestMs is { } oldest ? Math.Clamp(oldest, 0, AgeMsMax) : NoAge);
    }

    private static WaitingSum ReadWaiting(ref ByteReader reader) =>
        new(ReadNumber(ref reader), ReadNumber(ref reader), ReadAge(ref reader));

    /// <summary>A size that is not known is negative; it is told as 0.</summary>
    private static void Write(ByteWriter writer, long number) => writer.Int64(Math.Clamp(number, 0, GatewaySummary.NumberMax));

    private static long ReadNumber(ref ByteReader reader)
    {
        var number = reader.Int64();
        if (number is < 0 or > GatewaySummary.NumberMax) reader.Fail();
        return number;
    }

    private static int ReadCount(ref ByteReader reader)
    {
        var count = reader.Int32();
        if (count < 0) reader.Fail();
        return count;
    }

    private static long? ReadAge(ref ByteReader reader)
    {
        var age = reader.Int64();
        if (age is < NoAge or > AgeMsMax) reader.Fail();
        return age == NoAge ? null : age;
    }

    private static long ReadTime(ref ByteReader reader)
    {
        var time = reader.Int64();
        if (!MessageRules.IsTime(time)) reader.Fail();
        return time;
    }

    private static Condition ReadCondition(ref ByteReader reader)
    {
        var condition = (Condition)reader.Byte();
        if (condition > Condition.Error) reader.Fail();
        return condition;
    }

    private static bool ReadFlag(ref ByteReader reader)
    {
        var flag = reader.Byte();
        if (flag > 1) reader.Fail();
        return flag == 1;
    }

    private static string ReadText(ref ByteReader reader, int bytesMax)
    {
        var bytes = reader.TextBytes();
        if (bytes.Length <= bytesMax) return System.Text.Encoding.UTF8.GetString(bytes);
        reader.Fail();
        return "";
    }
}
