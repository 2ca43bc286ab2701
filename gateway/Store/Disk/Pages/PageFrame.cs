using System.Buffers.Binary;

namespace Gateway.Store.Disk.Pages;

// A frame, 8,224 bytes. Numbers are little-endian.
//
//   offset  size  field
//        0     4  magic, ASCII "GWPF"
//        4     4  CRC-32C (Castagnoli) of the whole frame, taken with these four bytes as zeros
//        8     1  kind: 1 file header, 2 data page
//        9     7  zero
//       16     8  position: the number of this frame in its file, counted from 0
//       24     8  epoch: of the log, see FORMAT.md
//       32  8192  the page

/// <summary>The head of a frame.</summary>
internal readonly record struct FrameHead(FrameKind Kind, long Position, long Epoch);

internal enum FrameKind : byte
{
    FileHeader = 1,
    Data = 2,
}

/// <summary>
/// The codec of a frame: one LiteDB page with the data needed to recognise it as the complete page written here. Pure. A frame that reads
/// back is the one written, but for one accident in 2^32; damage within 32 neighbouring bits is always detected.
/// </summary>
internal static class PageFrame
{
    public const int PageSize = 8192;
    public const int HeadSize = 32;
    public const int Size = HeadSize + PageSize;

    private const int CrcOffset = 4;
    private const int KindOffset = 8;
    private const int PositionOffset = 16;
    private const int EpochOffset = 24;

    private static ReadOnlySpan<byte> Magic => "GWPF"u8;

    /// <summary>Writes head, page and checksum; the frame must be exactly <see cref="Size"/> bytes.</summary>
    public static void Write(Span<byte> frame, FrameHead head, ReadOnlySpan<byte> page)
    {
        Invariant.Require(frame.Length == Size && page.Length == PageSize, "a frame holds exactly one page");

        frame[..HeadSize].Clear();
        Magic.CopyTo(frame);
        frame[KindOffset] = (byte)head.Kind;
        BinaryPrimitives.WriteInt64LittleEndian(frame[PositionOffset..], head.Position);
        BinaryPrimitives.WriteInt64LittleEndian(frame[EpochOffset..], head.Epoch);
        page.CopyTo(frame[HeadSize..]);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[CrcOffset..], Castagnoli.Of(frame, CrcOffset));
    }

    /// <summary>Reads the head; false, with nothing valid, if the frame was not written completely.</summary>
    public static bool TryRead(ReadOnlySpan<byte> frame, out FrameHead head)
    {
        head = default;
        if (frame.Length != Size || !frame.StartsWith(Magic)
            || BinaryPrimitives.ReadUInt32LittleEndian(frame[CrcOffset..]) != Castagnoli.Of(frame, CrcOffset))
            return false;

        head = new FrameHead(
            (FrameKind)frame[KindOffset],
            BinaryPrimitives.ReadInt64LittleEndian(frame[PositionOffset..]),
            BinaryPrimitives.ReadInt64LittleEndian(frame[EpochOffset..]));
        return true;
    }

    /// <summary>The page within a frame.</summary>
    public static Span<byte> Page(Span<byte> frame) => frame[HeadSize..];
}
