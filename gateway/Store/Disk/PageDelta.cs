using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Gateway.Store.Disk;

// The bytes of a page that differ from an earlier version of it, or from zeros: runs, each whole words of eight bytes. The first run is the
// page's head, 32 bytes, whether or not it differs.
//
//   offset  size  field
//        0     2  offset of the run in the page
//        2     2  length of the run, l
//        4     l  the bytes

/// <summary>
/// What a page has that a former version of it has not. Most pages of a commit differ by a few words from what the last one wrote.
/// </summary>
internal static class PageDelta
{
    /// <summary>All of the page in two runs; any more are at least a word apart, which is more than the head of one.</summary>
    public const int BytesMax = (2 * HeadSize) + PageFrame.PageSize;

    /// <summary>With it a repair knows what a page is, and where its parts are, though the version before is lost.</summary>
    private const int PageHeadSize = 32;

    private const int HeadSize = 4;
    private const int WordSize = sizeof(ulong);

    /// <summary>Writes the runs and returns how many bytes they are, at most <see cref="BytesMax"/>.</summary>
    /// <param name="target">Where they go.</param>
    /// <param name="page">A whole page.</param>
    /// <param name="former">The version that the reader will have; empty for zeros.</param>
    public static int Write(Span<byte> target, ReadOnlySpan<byte> page, ReadOnlySpan<byte> former)
    {
        var written = 0;
        for (var start = 0; start < page.Length; start = NextChange(page, former, start))
        {
            var length = start == 0 ? PageHeadSize : ChangedBytes(page[start..], former.IsEmpty ? former : former[start..]);
            BinaryPrimitives.WriteUInt16LittleEndian(target[written..], (ushort)start);
            BinaryPrimitives.WriteUInt16LittleEndian(target[(written + 2)..], (ushort)length);
            page.Slice(start, length).CopyTo(target[(written + HeadSize)..]);
            written += HeadSize + length;
            start += length;
        }

        return written;
    }

    /// <summary>
    /// Makes the former version, or zeros, the page. False when the bytes are no runs within a page; then nobody knows what the page is.
    /// </summary>
    public static bool TryApply(ReadOnlySpan<byte> runs, Span<byte> page)
    {
        while (!runs.IsEmpty)
        {
            if (runs.Length < HeadSize) return false;
            int start = BinaryPrimitives.ReadUInt16LittleEndian(runs);
            int length = BinaryPrimitives.ReadUInt16LittleEndian(runs[2..]);
            if (start + length > page.Length || length > runs.Length - HeadSize) return false;
            runs.Slice(HeadSize, length).CopyTo(page[start..]);
            runs = runs[(HeadSize + length)..];
        }

        return true;
    }

    /// <summary>The first word from the offset on that differs; the page's end if none does.</summary>
    private static int NextChange(ReadOnlySpan<byte> page, ReadOnlySpan<byte> former, int offset)
    {
        var rest = page[offset..];
        var same = former.IsEmpty ? rest.IndexOfAnyExcept((byte)0) : rest.CommonPrefixLength(former[offset..]);
        return same < 0 ? page.Length : (offset + same) / WordSize * WordSize;
    }

    private static int ChangedBytes(ReadOnlySpan<byte> page, ReadOnlySpan<byte> former)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(page);
        var formerWords = MemoryMarshal.Cast<byte, ulong>(former);
        var count = 1;
        if (former.IsEmpty)
        {
            while (count < words.Length && words[count] != 0) count++;
        }
        else
        {
            while (count < words.Length && words[count] != formerWords[count]) count++;
        }

        return count * WordSize;
    }
}
