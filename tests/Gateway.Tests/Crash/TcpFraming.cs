using System.Globalization;

namespace Gateway.Tests.Crash;

/// <summary>A framing, as the programs of the tests call it, and as inlets and outlets are configured for it.</summary>
/// <param name="Name">The word for the programs in C.</param>
/// <param name="Answer">A whole frame, as an inlet's fixed answer is configured.</param>
/// <param name="Keys">The keys of the section Framing.</param>
public sealed record TcpFraming(string Name, string Answer, IReadOnlyDictionary<string, string> Keys)
{
    /// <summary>The size of every frame of the programs, so that one of fixed size is among them.</summary>
    public const int SizeBytes = 200;

    public static readonly TcpFraming Delimiter = new("delimiter", @"0000000000\r\n", new Dictionary<string, string>
    { ["Kind"] = "Delimiter", ["End"] = @"\r\n" });

    public static readonly TcpFraming Length = new("length", @"\0\0\0\x0A0000000000", new Dictionary<string, string>
    { ["Kind"] = "LengthPrefix", ["HeaderBytes"] = "4", ["Size"] = "4" });

    public static readonly TcpFraming Octets = new("octets", "10 0000000000", new Dictionary<string, string> { ["Kind"] = "OctetCounted" });

    public static readonly TcpFraming Mllp = new("mllp", @"\x0B0000000000\x1C\r", new Dictionary<string, string>
    { ["Kind"] = "StartEnd", ["Start"] = @"\x0B", ["End"] = @"\x1C\r" });

    public static readonly TcpFraming Fixed = new("fixed", new string('0', SizeBytes), new Dictionary<string, string>
    { ["Kind"] = "FixedSize", ["FrameBytes"] = SizeBytes.ToString(CultureInfo.InvariantCulture) });

    public static readonly TcpFraming Stream = new("stream", "", new Dictionary<string, string> { ["Kind"] = "Stream" });

    public static IReadOnlyList<TcpFraming> WithFrames { get; } = [Delimiter, Length, Octets, Mllp, Fixed];

    public override string ToString() => Name;
}
