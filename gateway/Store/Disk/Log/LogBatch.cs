using System.Buffers.Binary;

namespace Gateway.Store.Disk.Log;

// A batch of log pages. It begins at a sector boundary; zeros fill its last sector. Numbers are little-endian.
//
//   offset  size  field
//        0    16  volume id (UUID, big-endian): unknown outside, so no message can contain bytes that look like a batch
//       16     4  length of the batch in bytes, including this head, excluding the zeros
//       20     4  CRC-32C (Castagnoli) of the batch, taken with these four bytes as zeros
//       24     8  epoch
//       32     8  offset of the batch among the bytes of its epoch
//       40     4  pages of the epoch before this batch
//       44     4  count of pages
//       48     4  flushed: pages of this epoch known to be durable when the batch was written
//       52     4  zero
//       56        the pages: number of the page in the data file (4), former version (4), length of the runs, r (2), runs (r: see
// PageDelta)
//
// The former version, to which the runs apply, is given by its place among the pages of the epoch, counted from 1; 0 for zeros.

/// <summary>The head of a batch.</summary>
/// <param name="Offset">Its beginning among the bytes of its epoch.</param>
/// <param name="FirstPage">The pages of the epoch before it.</param>
/// <param name="Flushed">The pages of the epoch known to be durable when it was written.</param>
internal readonly record struct LogBatchHead(int LengthBytes, long Epoch, long Offset, long FirstPage, int Pages, uint Flushed)
{
    /// <summary>The beginning of the next batch of the epoch.</summary>
    public long End => Offset + LogLayout.WholeSectors(LengthBytes);
}

/// <summary>
/// A page in a batch: the position of its entry, its number in the data file, and the page of the epoch that is its former version; -1 if
/// it begins with zeros.
/// </summary>
internal readonly record struct LogEntry(int RunsOffset, int RunsLength, uint Page, long Former);

/// <summary>The codec of a batch. Pure; a batch that reads back is the one written here, complete, but for one accident in 2^32.</summary>
internal static class LogBatch
{
    public const int HeadSize = 56;
    public const int EntrySize = 10;

    /// <summary>The bytes gathered before they are written without a commit.</summary>
    public const int BytesMax = 144 * 1024;

    private const int LengthOffset = 16;
    private const int CrcOffset = 20;
    private const int EpochOffset = 24;
    private const int OffsetOffset = 32;
    private const int FirstPageOffset = 40;
    private const int PagesOffset = 44;
    private const int FlushedOffset = 48;
    private const int IdSize = 16;

    /// <summary>Completes a batch whose pages already follow the space for the head.</summary>
    public static void WriteHead(Span<byte> batch, Guid volume, LogBatchHead head)
    {
        batch[..HeadSize].Clear();
        volume.TryWriteBytes(batch, bigEndian: true, out _);
        BinaryPrimitives.WriteInt32LittleEndian(batch[LengthOffset..], head.LengthBytes);
        BinaryPrimitives.WriteInt64LittleEndian(batch[EpochOffset..], head.Epoch);
        BinaryPrimitives.WriteInt64LittleEndian(batch[OffsetOffset..], head.Offset);
        BinaryPrimitives.WriteUInt32LittleEndian(batch[FirstPageOffset..], checked((uint)head.FirstPage));
        BinaryPrimitives.WriteInt32LittleEndian(batch[PagesOffset..], head.Pages);
        BinaryPrimitives.WriteUInt32LittleEndian(batch[FlushedOffset..], head.Flushed);
        BinaryPrimitives.WriteUInt32LittleEndian(batch[CrcOffset..], Castagnoli.Of(batch[..head.LengthBytes], CrcOffset));
    }

    /// <summary>Appends a page; returns the bytes it takes.</summary>
    public static int WriteEntry(Span<byte> target, uint page, long former, ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> formerBytes)
    {
        var runs = PageDelta.Write(target[EntrySize..], bytes, formerBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(target, page);
        BinaryPrimitives.WriteUInt32LittleEndian(target[4..], checked((uint)(former + 1)));
        BinaryPrimitives.WriteUInt16LittleEndian(target[8..], (ushort)runs);
        return EntrySize + runs;
    }

    /// <summary>Whether these bytes can begin a batch of the volume.</summary>
    public static bool IsHead(ReadOnlySpan<byte> sector, Guid volume) =>
        sector.Length >= HeadSize && new Guid(sector[..IdSize], bigEndian: true) == volume;

    /// <summary>The volume of the batch these bytes would begin.</summary>
    public static Guid VolumeOf(ReadOnlySpan<byte> sector) => new(sector[..IdSize], bigEndian: true);

    /// <summary>
    /// The length of the batch that begins with these bytes; 0 if no batch can begin at this offset of an epoch of this parity.
    /// </summary>
    public static int LengthAt(ReadOnlySpan<byte> head, long parity, long offset)
    {
        var length = BinaryPrimitives.ReadInt32LittleEndian(head[LengthOffset..]);
        var isHere = BinaryPrimitives.ReadInt64LittleEndian(head[OffsetOffset..]) == offset
            && (BinaryPrimitives.ReadInt64LittleEndian(head[EpochOffset..]) & 1) == parity;
        return isHere && length is >= HeadSize and <= BytesMax ? length : 0;
    }

    /// <summary>False if the bytes are not a completely written batch.</summary>
    public static bool TryRead(ReadOnlySpan<byte> batch, out LogBatchHead head)
    {
        head = default;
        if (batch.Length < HeadSize || BinaryPrimitives.ReadUInt32LittleEndian(batch[CrcOffset..]) != Castagnoli.Of(batch, CrcOffset))
            return false;
        head = new LogBatchHead(
            BinaryPrimitives.ReadInt32LittleEndian(batch[LengthOffset..]),
            BinaryPrimitives.ReadInt64LittleEndian(batch[EpochOffset..]),
            BinaryPrimitives.ReadInt64LittleEndian(batch[OffsetOffset..]),
            BinaryPrimitives.ReadUInt32LittleEndian(batch[FirstPageOffset..]),
            BinaryPrimitives.ReadInt32LittleEndian(batch[PagesOffset..]),
            BinaryPrimitives.ReadUInt32LittleEndian(batch[FlushedOffset..]));
        return head.LengthBytes == batch.Length;
    }

    /// <summary>The pages of a valid batch.</summary>
    public static List<LogEntry> Entries(ReadOnlySpan<byte> batch, LogBatchHead head)
    {
        var entries = new List<LogEntry>();
        var offset = HeadSize;
        while (entries.Count < head.Pages)
        {
            Invariant.Require(offset + EntrySize <= batch.Length, "the pages of a batch with a good checksum fit into it");
            var runs = BinaryPrimitives.ReadUInt16LittleEndian(batch[(offset + 8)..]);
            entries.Add(new LogEntry(
                offset + EntrySize,
                runs,
                BinaryPrimitives.ReadUInt32LittleEndian(batch[offset..]),
                BinaryPrimitives.ReadUInt32LittleEndian(batch[(offset + 4)..]) - 1L));
            offset += EntrySize + runs;
        }

        Invariant.Require(offset == batch.Length, "the pages of a batch with a good checksum fill it");
        return entries;
    }
}
