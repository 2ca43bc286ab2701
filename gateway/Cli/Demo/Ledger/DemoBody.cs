using System.Buffers.Binary;
using System.IO.Hashing;

namespace Gateway.Cli.Demo.Ledger;

/// <summary>
/// The body of a demo's message, which proves its own content. Integers are little-endian.
/// <code>
/// offset  size  field
///      0     8  sequence number, from 1
///      8     8  XxHash64 of the payload, with the sequence number as seed
///     16     …  payload, random bytes
/// </code>
/// </summary>
internal static class DemoBody
{
    public const int HeaderBytes = 16;

    /// <summary>
    /// Makes a body of <paramref name="sizeBytes"/>, at least <see cref="HeaderBytes"/>, with bytes of <paramref name="random"/>.
    /// </summary>
    public static byte[] Make(long sequence, int sizeBytes, Random random)
    {
        var body = new byte[sizeBytes];
        random.NextBytes(body.AsSpan(HeaderBytes));
        BinaryPrimitives.WriteInt64LittleEndian(body, sequence);
        BinaryPrimitives.WriteUInt64LittleEndian(body.AsSpan(8), XxHash64.HashToUInt64(body.AsSpan(HeaderBytes), sequence));
        return body;
    }

    /// <summary>Whether <paramref name="body"/> is one that <see cref="Make"/> made, unchanged.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out long sequence)
    {
        sequence = 0;
        if (body.Length < HeaderBytes)
            return false;

        sequence = BinaryPrimitives.ReadInt64LittleEndian(body);
        return BinaryPrimitives.ReadUInt64LittleEndian(body[8..]) == XxHash64.HashToUInt64(body[HeaderBytes..], sequence);
    }
}
