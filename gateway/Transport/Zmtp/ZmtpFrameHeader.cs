using System.Buffers;
using System.Buffers.Binary;

namespace Gateway.Transport.Zmtp;

/// <summary>
/// What stands before the body of each frame (ZMTP 3.1, rfc.zeromq.org/spec/37, "Framing").
/// <code>
/// bytes    content
///     1    flags: bit 0 more frames of this message follow; bit 1 length in eight bytes; bit 2 a command; all others 0.
///          A command never has more.
/// 1 or 8   length of the body, big-endian
/// </code>
/// </summary>
/// <param name="Size">Of the header itself, in bytes.</param>
/// <param name="BodyBytes">As sent; may be any number.</param>
internal readonly record struct ZmtpFrameHeader(bool IsCommand, bool HasMore, int Size, ulong BodyBytes)
{
    public const byte MoreFlag = 0x01;
    public const byte LongFlag = 0x02;
    public const byte CommandFlag = 0x04;

    private const int ShortSize = 2;
    private const int LongSize = 9;

    /// <returns>False when the header has not arrived whole, or when its flags are wrong: then, with the fault.</returns>
    public static bool TryRead(in ReadOnlySequence<byte> bytes, out ZmtpFrameHeader header, out ConnectionFault fault)
    {
        header = default;
        fault = ConnectionFault.None;
        if (bytes.IsEmpty) return false;
        var flags = bytes.FirstSpan.Length > 0 ? bytes.FirstSpan[0] : First(bytes);
        if ((flags & ~(MoreFlag | LongFlag | CommandFlag)) != 0 || (flags & (MoreFlag | CommandFlag)) == (MoreFlag | CommandFlag))
        {
            fault = ConnectionFault.FrameFlags;
            return false;
        }

        var size = (flags & LongFlag) != 0 ? LongSize : ShortSize;
        if (bytes.Length < size) return false;
        Span<byte> copy = stackalloc byte[LongSize];
        bytes.Slice(0, size).CopyTo(copy);
        var length = size == LongSize ? BinaryPrimitives.ReadUInt64BigEndian(copy[1..]) : copy[1];
        header = new ZmtpFrameHeader((flags & CommandFlag) != 0, (flags & MoreFlag) != 0, size, length);
        return true;
    }

    private static byte First(in ReadOnlySequence<byte> bytes)
    {
        Span<byte> one = stackalloc byte[1];
        bytes.Slice(0, 1).CopyTo(one);
        return one[0];
    }
}
