using System.Buffers.Binary;
using System.Numerics;

namespace Gateway.Kernel;

/// <summary>CRC-32C, also of bytes that contain their own checksum, which counts as zeros, as in all files of a volume.</summary>
internal static class Castagnoli
{
    /// <summary>The checksum of bytes that do not contain it.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes) => ~Continue(uint.MaxValue, bytes);

    /// <param name="bytes">The bytes, including the checksum, whatever its value.</param>
    /// <param name="crcOffset">The offset of the checksum: the upper half of a word of eight bytes.</param>
    public static uint Of(ReadOnlySpan<byte> bytes, int crcOffset)
    {
        var crc = Continue(uint.MaxValue, bytes[..(crcOffset - 4)]);
        crc = BitOperations.Crc32C(crc, (ulong)BinaryPrimitives.ReadUInt32LittleEndian(bytes[(crcOffset - 4)..]));
        return ~Continue(crc, bytes[(crcOffset + 4)..]);
    }

    private static uint Continue(uint crc, ReadOnlySpan<byte> bytes)
    {
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (var value in bytes) crc = BitOperations.Crc32C(crc, value);
        return crc;
    }
}
