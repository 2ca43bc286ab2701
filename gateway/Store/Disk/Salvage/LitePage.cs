using System.Buffers.Binary;
using System.Text;
using Gateway.Store.Disk.Pages;

namespace Gateway.Store.Disk.Salvage;

// The parts used here of LiteDB 5's pages of 8,192 bytes. Numbers are little-endian.
//
//   offset  size  field
//        0     4  page id
//        4     1  type: 1 header, 2 collection, 3 index, 4 data
//       19     4  page id of its collection
//       30     1  highest slot in use, 255 for none
//       32        segments
//   8188-4n   4   slot n: length (2), position (2) of its segment; position 0 if it is free
//
// The header page has the id of the last page (4) at 64, and a document of the collections, each name with its page id (an Int32), at 192.
// A segment of a data page: 1 if it continues a document, else 0 (1); page id (4) and slot (1) of the next part, all ones for none; bytes
// of the document. A segment of an index page: which index (1), levels (1), address of the document (5), of the next node (5), 10 bytes a
// level, key: type (1), value.

internal enum LitePageType : byte
{
    Header = 1,
    Index = 3,
    Data = 4,
}

/// <summary>The address of a part of a document.</summary>
internal readonly record struct PartAddress(uint Page, byte Slot)
{
    public static readonly PartAddress None = new(uint.MaxValue, byte.MaxValue);
}

/// <summary>
/// Reads the engine's pages without the engine. The page's frame has proved that the engine wrote it; lengths are checked nevertheless.
/// </summary>
internal static class LitePage
{
    private const int SegmentsStart = 32;
    private const int LastPageOffset = 64;
    private const int CollectionsOffset = 192;
    private const int IndexKeyOffset = 12;
    private const int LevelBytes = 10;
    private const byte KeyTypeInt64 = 3;
    private const byte ElementTypeInt32 = 0x10;

    public static LitePageType TypeOf(ReadOnlySpan<byte> page) => (LitePageType)page[4];

    public static uint CollectionOf(ReadOnlySpan<byte> page) => BinaryPrimitives.ReadUInt32LittleEndian(page[19..]);

    public static uint LastPage(ReadOnlySpan<byte> header) => BinaryPrimitives.ReadUInt32LittleEndian(header[LastPageOffset..]);

    public static PartAddress AddressAt(ReadOnlySpan<byte> bytes) => new(BinaryPrimitives.ReadUInt32LittleEndian(bytes), bytes[4]);

    /// <summary>The segment in a slot; empty if there is none.</summary>
    public static ReadOnlySpan<byte> Segment(ReadOnlySpan<byte> page, int slot)
    {
        var highest = page[30];
        if (highest == byte.MaxValue || slot > highest) return [];
        var entry = PageFrame.PageSize - ((slot + 1) * 4);
        int length = BinaryPrimitives.ReadUInt16LittleEndian(page[entry..]);
        int position = BinaryPrimitives.ReadUInt16LittleEndian(page[(entry + 2)..]);
        return position >= SegmentsStart && position + length <= PageFrame.PageSize ? page.Slice(position, length) : [];
    }

    public static int SlotCount(ReadOnlySpan<byte> page) => page[30] == byte.MaxValue ? 0 : page[30] + 1;

    /// <summary>The Int64 key of a node of the primary index, and the address of its document; false for any other node.</summary>
    public static bool TryKey(ReadOnlySpan<byte> node, out long key, out PartAddress document)
    {
        (key, document) = (0, PartAddress.None);
        if (node.Length < IndexKeyOffset || node[0] != 0) return false;
        var offset = IndexKeyOffset + (node[1] * LevelBytes);
        if (node.Length < offset + 9 || node[offset] != KeyTypeInt64) return false;
        (key, document) = (BinaryPrimitives.ReadInt64LittleEndian(node[(offset + 1)..]), AddressAt(node[2..]));
        return true;
    }

    /// <summary>The names of the collections by the id of their page.</summary>
    public static Dictionary<uint, string> Collections(ReadOnlySpan<byte> header)
    {
        var names = new Dictionary<uint, string>();
        var rest = header[CollectionsOffset..];
        var length = BinaryPrimitives.ReadInt32LittleEndian(rest);
        if (length < 5 || length > rest.Length) return names;
        rest = rest[4..(length - 1)];
        while (rest.Length > 0 && rest[0] == ElementTypeInt32 && rest[1..].IndexOf((byte)0) is >= 0 and var end && rest.Length >= end + 6)
        {
            names[BinaryPrimitives.ReadUInt32LittleEndian(rest[(end + 2)..])] = Encoding.UTF8.GetString(rest.Slice(1, end));
            rest = rest[(end + 6)..];
        }

        return names;
    }
}
