using System.Diagnostics.CodeAnalysis;
using System.Text;
using Gateway.Client.Wire;
using Gateway.Store.Messages;

namespace Gateway.Links.Protocol;

/// <summary>Encodes and decodes the frames of probes; PROTOCOL.md has the byte tables. Decoding trusts nothing and never throws.</summary>
internal static class ProbeCodec
{
    /// <summary>The largest padding of a frame.</summary>
    public const int PadBytesMax = 32 * 1024;

    /// <summary>An echo without its padding.</summary>
    public const int EchoHeadBytes = 13;

    /// <summary>The answer to an echo without its padding.</summary>
    public const int EchoedHeadBytes = 9;

    /// <summary>The longest silence that a probe may announce.</summary>
    public const int SilentMsMax = 3_600_000;

    private const int Magic = 0x4C5747 | (LinkCodec.Version << 24);
    private const int TextBytesMax = 1024;

    private enum FrameType : byte
    {
        Probe = 15,
        Probed = 16,
        Echo = 17,
        Echoed = 18,
        DialBack = 19,
        DialedBack = 20,
        ProbeOver = 21,
    }

    /// <summary>The frame begins a probe, whole or not.</summary>
    public static bool IsProbe(ReadOnlySpan<byte> bytes) => bytes is [(byte)FrameType.Probe, ..];

    public static byte[] Encode(ProbeFrame frame)
    {
        var writer = new ByteWriter(128);
        switch (frame)
        {
            case ProbeFrame.Probe probe:
                writer.Byte((byte)FrameType.Probe);
                writer.Int32(Magic);
                writer.Text(probe.From);
                writer.Text(probe.To);
                writer.Int32(probe.SilentMs);
                break;
            case ProbeFrame.Probed probed: Write(writer, probed); break;
            case ProbeFrame.Echo echo:
                writer.Byte((byte)FrameType.Echo);
                writer.Int64(echo.Token);
                writer.Int32(echo.AnswerPadBytes);
                writer.Reserve(echo.PadBytes).Clear();
                break;
            case ProbeFrame.Echoed echoed:
                writer.Byte((byte)FrameType.Echoed);
                writer.Int64(echoed.Token);
                writer.Reserve(echoed.PadBytes).Clear();
                break;
            case ProbeFrame.DialBack: writer.Byte((byte)FrameType.DialBack); break;
            case ProbeFrame.DialedBack dialed:
                writer.Byte((byte)FrameType.DialedBack);
                writer.Byte((byte)dialed.Stage);
                writer.Byte((byte)dialed.Cause);
                WriteText(writer, dialed.Text);
                break;
            case ProbeFrame.ProbeOver over:
                writer.Byte((byte)FrameType.ProbeOver);
                WriteText(writer, over.Text);
                break;
            case ProbeFrame.Refused refused: return LinkCodec.Encode(new LinkFrame.Refused(refused.Code, refused.Text));
            default: throw new InvariantException($"there is no encoding of {frame.GetType().Name}");
        }

        return writer.Take();
    }

    /// <summary>False if the bytes are not a frame of a probe.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out ProbeFrame? frame)
    {
        if (LinkCodec.TryDecode(bytes, out var link))
        {
            frame = link is LinkFrame.Refused refused ? new ProbeFrame.Refused(refused.Code, refused.Text) : null;
            return frame is not null;
        }

        var reader = new ByteReader(bytes);
        frame = (FrameType)reader.Byte() switch
        {
            FrameType.Probe => ReadProbe(ref reader),
            FrameType.Probed => ReadProbed(ref reader),
            FrameType.Echo => new ProbeFrame.Echo(reader.Int64(), ReadWithin(ref reader, PadBytesMax), ReadPad(ref reader)),
            FrameType.Echoed => new ProbeFrame.Echoed(reader.Int64(), ReadPad(ref reader)),
            FrameType.DialBack => new ProbeFrame.DialBack(),
            FrameType.DialedBack => ReadDialedBack(ref reader),
            FrameType.ProbeOver => new ProbeFrame.ProbeOver(ReadText(ref reader)),
            _ => null,
        };
        if (!reader.IsWhole) frame = null;
        return frame is not null;
    }

    private static void Write(ByteWriter writer, ProbeFrame.Probed probed)
    {
        writer.Byte((byte)FrameType.Probed);
        writer.Int32(Magic);
        writer.Text(probed.From);
        WriteText(writer, probed.Version);
        writer.Int64(probed.ClockUnixMs);
        writer.Byte((byte)probed.Back.State);
        writer.Byte((byte)probed.Back.Cause);
        writer.Int64(probed.Back.SinceUnixMs);
        WriteText(writer, probed.Back.Evidence);
        writer.Byte(probed.IsConnected ? (byte)1 : (byte)0);
    }

    private static ProbeFrame.Probe? ReadProbe(ref ByteReader reader) => reader.Int32() != Magic ? null
        : new ProbeFrame.Probe(ReadName(ref reader), ReadName(ref reader), ReadWithin(ref reader, SilentMsMax));

    private static ProbeFrame.Probed? ReadProbed(ref ByteReader reader)
    {
        if (reader.Int32() != Magic) return null;
        var (from, version, clock) = (ReadName(ref reader), ReadText(ref reader), ReadTime(ref reader));
        var state = (ProbedState)reader.Byte();
        if (!Enum.IsDefined(state)) reader.Fail();
        var back = new ProbedLink(state, (LinkCause)reader.Byte(), ReadTime(ref reader), ReadText(ref reader));
        var isConnected = reader.Byte();
        return isConnected > 1 ? null : new ProbeFrame.Probed(from, version, clock, back, isConnected == 1);
    }

    private static ProbeFrame.DialedBack? ReadDialedBack(ref ByteReader reader)
    {
        var stage = (ProbeStage)reader.Byte();
        return Enum.IsDefined(stage) ? new ProbeFrame.DialedBack(stage, (LinkCause)reader.Byte(), ReadText(ref reader)) : null;
    }

    private static string ReadName(ref ByteReader reader)
    {
        var name = reader.Text();
        if (!Names.IsValid(name)) reader.Fail();
        return name;
    }

    private static void WriteText(ByteWriter writer, string text) => writer.Text(WireText.Cut(text, TextBytesMax));

    private static string ReadText(ref ByteReader reader)
    {
        var text = reader.Text();
        if (Encoding.UTF8.GetByteCount(text) > TextBytesMax) reader.Fail();
        return text;
    }

    private static int ReadWithin(ref ByteReader reader, int max)
    {
        var value = reader.Int32();
        if (value < 0 || value > max) reader.Fail();
        return value;
    }

    private static long ReadTime(ref ByteReader reader)
    {
        var time = reader.Int64();
        if (!MessageRules.IsTime(time)) reader.Fail();
        return time;
    }

    /// <summary>The rest of the frame is padding; its content means nothing.</summary>
    private static int ReadPad(ref ByteReader reader)
    {
        var bytes = reader.Remaining;
        if (bytes > PadBytesMax) reader.Fail();
        reader.Skip(bytes);
        return bytes;
    }
}
