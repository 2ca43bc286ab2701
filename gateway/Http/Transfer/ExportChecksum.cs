using System.Security.Cryptography;
using System.Text;

namespace Gateway.Http.Transfer;

/// <summary>The checksum at the end of a message line. Pure.</summary>
internal static class ExportChecksum
{
    public const string Prefix = ",\"sha256\":\"";
    public const string Suffix = "\"}";

    private const int DigitsLength = 2 * SHA256.HashSizeInBytes;
    private const int Length = 11 + DigitsLength + 2;

    /// <summary>A sentence describing the fault, or null if the checksum is correct.</summary>
    public static string? FaultOf(ReadOnlySpan<byte> line)
    {
        if (line.Length < Length) return "it is no message line: it is too short to end in a checksum";
        var end = line[^Length..];
        if (!end.StartsWith(Encoding.ASCII.GetBytes(Prefix)) || !end.EndsWith(Encoding.ASCII.GetBytes(Suffix)))
            return "it is no message line: it does not end in a checksum";
        var sum = Convert.ToHexStringLower(SHA256.HashData(line[..^Length]));
        return end.Slice(Prefix.Length, DigitsLength)
            .SequenceEqual(Encoding.ASCII.GetBytes(sum)) ? null : "it does not fit its checksum: it was changed, or cut";
    }
}
