using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;
using Gateway.Tcp.Framing;

namespace Gateway.Tests.Tcp.Framing;

/// <summary>The definition of each format, written down without regard to pieces, cost or the width of numbers.</summary>
internal static partial class PlainCut
{
    /// <summary>The whole frames, and the fault behind them if there is one.</summary>
    public static (IReadOnlyList<string> Frames, FrameFaultKind? Fault) Of(FrameFormat format, byte[] stream)
    {
        var frames = new List<string>();
        var rest = CutStream.Text(stream);
        while (rest.Length > 0)
        {
            var (length, fault) = First(format, rest);
            if (fault is not null) return (frames, fault);
            if (length is null || length > rest.Length) break;
            frames.Add(rest[..(int)length]);
            rest = rest[(int)length..];
        }

        return (frames, null);
    }

    /// <summary>A frame with this content, which holds none of the format's marks; null if it cannot have it.</summary>
    public static byte[]? Frame(FrameFormat format, byte[] content)
    {
        byte[] frame = format switch
        {
            FrameFormat.LengthPrefix prefix => [.. Header(prefix, content.Length), .. content],
            FrameFormat.OctetCounted => [.. CutStream.Bytes($"{content.Length} "), .. content],
            FrameFormat.Delimiter delimiter => [.. content, .. delimiter.End.Span],
            FrameFormat.StartEnd marks => [.. marks.Start.Span, .. content, .. marks.End.Span],
            _ => content,
        };
        var (length, fault) = frame.Length == 0 ? (null, null) : First(format, CutStream.Text(frame));
        return fault is null && length == frame.Length ? frame : null;
    }

    private static (BigInteger? Length, FrameFaultKind? Fault) First(FrameFormat format, string rest) => format switch
    {
        FrameFormat.LengthPrefix prefix => OfPrefix(prefix, rest),
        FrameFormat.OctetCounted => OfCount(format.FrameBytesMax, rest),
        FrameFormat.Delimiter { End: var end } => OfEnd(format.FrameBytesMax, rest, 0, CutStream.Text(end.Memory.ToArray())),
        FrameFormat.StartEnd marks => OfStart(marks, rest),
        _ => (format.FrameBytesMax, null),
    };

    private static (BigInteger? Length, FrameFaultKind? Fault) OfPrefix(FrameFormat.LengthPrefix prefix, string rest)
    {
        if (rest.Length < prefix.Offset + prefix.Size) return (null, null);
        var value = new BigInteger(CutStream.Bytes(rest.Substring(prefix.Offset, prefix.Size)), isUnsigned: true, prefix.IsBigEndian);
        var self = prefix.Counts == LengthCounts.Body ? 0 : prefix.Counts == LengthCounts.Length ? prefix.Size : prefix.HeaderBytes;
        if (value < self) return (null, FrameFaultKind.LengthTooSmall);
        var whole = prefix.HeaderBytes - self + value;
        return whole > prefix.FrameBytesMax ? (null, FrameFaultKind.TooLong) : (whole, null);
    }

    private static (BigInteger? Length, FrameFaultKind? Fault) OfCount(int bound, string rest)
    {
        var digits = Digits().Match(rest).Value;
        if (digits.Length > 0 && BigInteger.Parse(digits, CultureInfo.InvariantCulture) > bound) return (null, FrameFaultKind.TooLong);
        if (digits.Length == rest.Length) return (null, null);
        if (digits.Length == 0 || rest[digits.Length] != ' ') return (null, FrameFaultKind.NotALength);
        var whole = digits.Length + 1 + BigInteger.Parse(digits, CultureInfo.InvariantCulture);
        return whole > bound ? (null, FrameFaultKind.TooLong) : (whole, null);
    }

    private static (BigInteger? Length, FrameFaultKind? Fault) OfStart(FrameFormat.StartEnd marks, string rest)
    {
        var start = CutStream.Text(marks.Start.Memory.ToArray());
        var seen = Math.Min(start.Length, rest.Length);
        if (!rest.StartsWith(start[..seen], StringComparison.Ordinal)) return (null, FrameFaultKind.NoStart);
        return OfEnd(marks.FrameBytesMax, rest, start.Length, CutStream.Text(marks.End.Memory.ToArray()));
    }

    private static (BigInteger? Length, FrameFaultKind? Fault) OfEnd(int bound, string rest, int from, string end)
    {
        var at = rest.Length < from ? -1 : rest.IndexOf(end, from, StringComparison.Ordinal);
        if (at >= 0 && at + end.Length <= bound) return (at + end.Length, null);
        return rest.Length >= bound ? (null, FrameFaultKind.TooLong) : (null, null);
    }

    private static byte[] Header(FrameFormat.LengthPrefix prefix, int body)
    {
        var header = new byte[prefix.HeaderBytes];
        var self = prefix.Counts == LengthCounts.Body ? 0 : prefix.Counts == LengthCounts.Length ? prefix.Size : prefix.HeaderBytes;
        for (var (i, value) = (0, body + self); i < prefix.Size; i++, value >>= 8)
            header[prefix.Offset + (prefix.IsBigEndian ? prefix.Size - 1 - i : i)] = (byte)value;
        return header;
    }

    [GeneratedRegex("^([1-9][0-9]*)?")]
    private static partial Regex Digits();
}
