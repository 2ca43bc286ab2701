using System.Buffers;
using System.Buffers.Binary;

namespace Gateway.Transport.Zmtp;

/// <summary>
/// The header before the body of each frame (ZMTP 3.1, rfc.zeromq.org/spec/37, "Framing").
/// <code>
/// bytes    content
///     1    flags: bit 0 more frames of this message follow; bit 1 length in eight bytes; bit 2 a command; all others 0.
///          A command never has more.
/// 1 or 8   length of the body, big-endian
/// </code>
/// </summary>
/// <param name="Size">The size of the header itself, in bytes.</param>
/// <param name="BodyBytes">As sent; may be any number.</param>
internal readonly record struct ZmtpFrameHeader(bool IsCommand, bool HasMore, int Size, ulong BodyBytes)
{
    public const byte MoreFlag = 0x01;
    public const byte LongFlag = 0x02;
    public const byte CommandFlag = 0x04;

    /// <summary>The maximum size of a header.</summary>
    public const int LongSize = 9;

    private const int ShortSize = 2;

    /// <returns>False if the header has not arrived whole, or, with a fault, if its flags are wrong.</returns>
    public static bool TryRead(in ReadOnlySequence<byte> bytes, out ZmtpFrameHeader header, out ConnectionFault fault)
    {
        header = default;
        fault = ConnectionFault.None;
        if (bytes.IsEmpty) return false;
        Span<byte> copy = stackalloc byte[LongSize];
        var first = bytes.FirstSpan.Length >= LongSize ? bytes.FirstSpan : CopyOf(bytes, copy);
        if ((first[0] & ~(MoreFlag | LongFlag | CommandFlag)) == 0 && (first[0] & (MoreFlag | CommandFlag)) != (MoreFlag | CommandFlag))
            return TryRead(first, out header);
        fault = ConnectionFault.FrameFlags;
        return false;
    }

    /// <summary>Reads a header whose flags are valid. False if it is not whole.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out ZmtpFrameHeader header)
    {
        header = default;
        if (bytes.IsEmpty) return false;
        var flags = bytes[0];
        var size = (flags & LongFlag) != 0 ? LongSize : ShortSize;
        if (bytes.Length < size) return false;
        var length = size == LongSize ? BinaryPrimitives.ReadUInt64BigEndian(bytes[1..]) : bytes[1];
        header = new ZmtpFrameHeader((flags & CommandFlag) != 0, (flags & MoreFlag) != 0, size, length);
        return true;
    }

    private static ReadOnlySpan<byte> CopyOf(in ReadOnlySequence<byte> bytes, Span<byte> copy)
    {
        var length = (int)Math.Min(bytes.Length, copy.Length);
        bytes.Slice(0, length).CopyTo(copy);
        return copy[..length];
    }
}
