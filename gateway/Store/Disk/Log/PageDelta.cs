using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Gateway.Store.Disk.Pages;

namespace Gateway.Store.Disk.Log;

// The bytes of a page that differ from its former version, or from zeros: runs of whole words of eight bytes. The first run is the page's
// head, 32 bytes, whether or not it differs.
//
//   offset  size  field
//        0     2  offset of the run in the page
//        2     2  length of the run, l
//        4     l  the bytes

/// <summary>
/// The difference between a page and its former version. Most pages of a commit differ by a few words from the last version written.
/// </summary>
internal static class PageDelta
{
    /// <summary>The whole page in two runs; further runs are at least a word apart, which is more than the head of one.</summary>
    public const int BytesMax = (2 * HeadSize) + PageFrame.PageSize;

    /// <summary>The head tells a repair the page's type and the place of its parts, even if the former version is lost.</summary>
    private const int PageHeadSize = 32;

    private const int HeadSize = 4;
    private const int WordSize = sizeof(ulong);

    /// <summary>Writes the runs and returns their length in bytes, at most <see cref="BytesMax"/>.</summary>
    /// <param name="target">Receives the runs.</param>
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
    /// Turns the former version, or zeros, into the page. False if the bytes are not runs within a page; the page is then unknown.
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

    /// <summary>The first differing word from the offset on; the page's end if there is none.</summary>
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
