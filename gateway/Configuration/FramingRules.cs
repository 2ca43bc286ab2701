using Gateway.Tcp.Framing;

namespace Gateway.Configuration;

/// <summary>The rules for the framing of an inlet or an outlet: the keys that its kind needs, and no others.</summary>
internal static class FramingRules
{
    private const int MarkBytesMax = 16;

    private static readonly FramingOptions _standard = new();

    /// <param name="section">The section of the framing.</param>
    /// <param name="bodyBytesMax">The largest body.</param>
    public static void Check(string section, FramingOptions framing, int bodyBytesMax, ICollection<string> faults)
    {
        if (framing.Kind is not { } kind) return;
        foreach (var (key, kinds) in Misplaced(framing).Where(misplaced => !misplaced.Kinds.Contains(kind))) faults.Add(
            $"{section}:{key} belongs to the kind {string.Join(" or ", kinds)}, and {section}:Kind is {kind}; leave it out.");
        if (framing.FrameBytesMax > bodyBytesMax) faults.Add($"{section}:FrameBytesMax ({framing.FrameBytesMax}) is more than "
            + $"Gateway:Intake:BodyBytesMax ({bodyBytesMax}); a frame is the body of a message.");
        var found = faults.Count;
        if (kind is FrameKind.StartEnd) CheckMark($"{section}:Start", framing.Start, faults);
        if (kind is FrameKind.StartEnd or FrameKind.Delimiter) CheckMark($"{section}:End", framing.End, faults);
        if (kind is FrameKind.LengthPrefix) CheckPrefix(section, framing, faults);
        if (kind is FrameKind.FixedSize && (framing.FrameBytes == 0 || framing.FrameBytes > bodyBytesMax))
            faults.Add($"{section}:FrameBytes is {framing.FrameBytes}; give the size of each frame, up to Gateway:Intake:BodyBytesMax "
                + $"({bodyBytesMax}).");
        if (faults.Count > found) return;
        if (framing.ToFormat(bodyBytesMax) is var format && format.FrameBytesMin > format.FrameBytesMax)
            faults.Add($"{section}:FrameBytesMax ({format.FrameBytesMax}) is less than the smallest frame ({format.FrameBytesMin}).");
    }

    /// <summary>The keys that have another value than by default, with the kinds that they belong to.</summary>
    private static IEnumerable<(string Key, FrameKind[] Kinds)> Misplaced(FramingOptions framing)
    {
        FrameKind[] prefix = [FrameKind.LengthPrefix];
        if (framing.Size != _standard.Size) yield return (nameof(framing.Size), prefix);
        if (framing.Offset != _standard.Offset) yield return (nameof(framing.Offset), prefix);
        if (framing.HeaderBytes != _standard.HeaderBytes) yield return (nameof(framing.HeaderBytes), prefix);
        if (framing.ByteOrder != _standard.ByteOrder) yield return (nameof(framing.ByteOrder), prefix);
        if (framing.Counts != _standard.Counts) yield return (nameof(framing.Counts), prefix);
        if (framing.Start.Length > 0) yield return (nameof(framing.Start), [FrameKind.StartEnd]);
        if (framing.End.Length > 0) yield return (nameof(framing.End), [FrameKind.Delimiter, FrameKind.StartEnd]);
        if (framing.FrameBytes != 0) yield return (nameof(framing.FrameBytes), [FrameKind.FixedSize]);
        if (framing.FrameBytesMax != 0) yield return (nameof(framing.FrameBytesMax),
            [.. Enum.GetValues<FrameKind>().Except([FrameKind.FixedSize])]);
    }

    private static void CheckMark(string key, string text, ICollection<string> faults)
    {
        if (!ByteText.TryParse(text, out var bytes, out var fault)) faults.Add($"{key} is '{text}', which {fault}");
        else if (bytes.Length is 0 or > MarkBytesMax)
            faults.Add($"{key} has {Figures.Counted(bytes.Length, "byte")}; give 1 to {MarkBytesMax}, such as \\r\\n or \\x1C\\r.");
    }

    private static void CheckPrefix(string section, FramingOptions framing, ICollection<string> faults)
    {
        if (framing.Size is 3 or 5 or 6 or 7) faults.Add($"{section}:Size is {framing.Size}; a length has 1, 2, 4 or 8 bytes.");
        if (framing.HeaderSize < framing.Offset + framing.Size) faults.Add($"{section}:HeaderBytes ({framing.HeaderBytes}) ends before the "
            + $"length, which takes {framing.Size} bytes from {framing.Offset} on.");
    }
}
