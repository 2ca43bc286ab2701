using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Gateway.Client.Compatibility;

/// <summary>The time-ordered UUID that .NET 9 brought (RFC 9562, section 5.7).</summary>
internal static class GuidVersion7
{
    private const int SizeBytes = 16;
    private const int TimeBytes = 6;

    extension(Guid)
    {
        public static Guid CreateVersion7(DateTimeOffset time)
        {
            Span<byte> bytes = stackalloc byte[SizeBytes];
            // The time fills the first six bytes; the two after it are overwritten.
            BinaryPrimitives.WriteInt64BigEndian(bytes, time.ToUnixTimeMilliseconds() << 16);
            RandomNumberGenerator.Fill(bytes[TimeBytes..]);
            bytes[6] = (byte)((bytes[6] & 0x0F) | 0x70);
            bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
            return new Guid(bytes, bigEndian: true);
        }
    }
}
