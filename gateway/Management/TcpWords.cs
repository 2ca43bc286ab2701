using Gateway.Links.Causes;
using Gateway.Tcp;
using Gateway.Tcp.Framing;

namespace Gateway.Management;

/// <summary>The words for the settings of inlets and outlets, for people. Pure.</summary>
internal static class TcpWords
{
    /// <summary>A clause such as <c>ends with \r\n; up to 1 MB</c>.</summary>
    public static string Of(FrameFormat format) => format switch
    {
        FrameFormat.FixedSize => $"{Figures.Bytes(format.FrameBytesMax)} each",
        _ => $"{Mark(format)}; up to {Figures.Bytes(format.FrameBytesMax)}",
    };

    /// <summary>What the program at the inlet is told.</summary>
    public static string Answer(InletSettings inlet) => inlet.Answer switch
    {
        InletAnswer.Fixed => $"{inlet.AnswerBytes} for each frame on the disk",
        InletAnswer.Far => "what the far program replies",
        _ => "nothing",
    };

    /// <summary>What counts as delivered at the outlet.</summary>
    public static string Delivery(OutletSettings outlet) => outlet.Delivery switch
    {
        OutletDelivery.Acknowledged when outlet.ReplayWindow > TimeSpan.Zero =>
            $"acknowledged by the target's TCP, and then {Figures.Span(outlet.ReplayWindow)} without a reset",
        OutletDelivery.Acknowledged => "acknowledged by the target's TCP",
        OutletDelivery.Reply => "replied to by the target",
        _ => "written to this host's TCP",
    };

    /// <summary>The patterns in the history of an outlet.</summary>
    public static IReadOnlyList<LinkPattern> Patterns(OutletStatus outlet) => LinkPatterns.Find(outlet.History, other: "program");

    /// <summary>The patterns in the history of an inlet.</summary>
    public static IReadOnlyList<LinkPattern> Patterns(InletStatus inlet) => LinkPatterns.Find(inlet.History, other: "program");

    private static string Mark(FrameFormat format) => format switch
    {
        FrameFormat.LengthPrefix prefix => Prefix(prefix),
        FrameFormat.OctetCounted => "begins with its length in decimal digits and a space",
        FrameFormat.Delimiter delimiter => $"ends with {delimiter.End}",
        FrameFormat.StartEnd marks => $"begins with {marks.Start}, ends with {marks.End}",
        _ => "a stream without frames, in pieces",
    };

    private static string Prefix(FrameFormat.LengthPrefix prefix)
    {
        var order = prefix.Size == 1 ? "" : prefix.IsBigEndian ? ", big-endian" : ", little-endian";
        var header = prefix.HeaderBytes == prefix.Size ? ""
            : $", at {prefix.Offset} in a header of {Figures.Counted(prefix.HeaderBytes, "byte")}";
        var counts = prefix.Counts switch
        {
            LengthCounts.Body => "what follows",
            LengthCounts.Length => "itself and what follows",
            _ => "the whole frame",
        };
        return $"begins with the length of {counts} in {Figures.Counted(prefix.Size, "byte")}{order}{header}";
    }
}
