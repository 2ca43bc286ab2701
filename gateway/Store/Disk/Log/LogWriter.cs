using System.Buffers.Binary;
using Gateway.Store.Disk.Files;

namespace Gateway.Store.Disk.Log;

/// <summary>
/// Gathers pages for the log and writes them in batches: of each page the difference from its former version. Nothing is in the file before
/// <see cref="WriteOut"/>. Owned by the log's stream.
/// </summary>
internal sealed class LogWriter(IDiskFile file, Guid volume)
{
    /// <summary>After this many versions of a page, one begins with zeros again; this limits the batches read for a page.</summary>
    private const int DepthMax = 32;


    /// <summary>
    /// The type up to which pages are written without a former version: the engine's header and collection pages. They are almost empty and
    /// identify all others, so a repair must be able to read each version alone.
    /// </summary>
    private const int LastShortType = 2;
    private const int TypeOffset = 4;

    private const int BufferBytesMin = 16 * 1024;

    /// <summary>An entry whose page has nothing in common with its former version.</summary>
    private const int EntryBytesMax = LogBatch.EntrySize + PageDelta.BytesMax;

    private readonly PageVersions _versions = new();
    private byte[] _batch = [];
    private int _length = LogBatch.HeadSize;
    private int _pages;
    private long _firstPage;
    private long _epoch;
    private long _offset;

    public bool IsEmpty => _pages == 0;

    /// <summary>There is no room for another page: the batch must be written first.</summary>
    public bool IsFull => _length + EntryBytesMax > LogBatch.BytesMax;

    public void BeginEpoch(long epoch)
    {
        Invariant.Require(IsEmpty, "an epoch ends with all of its pages written");
        _epoch = epoch;
        _offset = 0;
        _versions.Clear();
    }

    /// <summary>Adds the next page of the epoch; returns its number in the data file.</summary>
    public uint Add(long index, ReadOnlySpan<byte> bytes)
    {
        MakeBuffer(_length + EntryBytesMax);
        if (IsEmpty) _firstPage = index;
        var page = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        var former = bytes[TypeOffset] > LastShortType
            && _versions.Find(page) is { Depth: < DepthMax } known ? known : new PageVersion(-1, -1, []);
        _length += LogBatch.WriteEntry(_batch.AsSpan(_length), page, former.Index, bytes, former.Bytes);
        _pages++;
        if (bytes[TypeOffset] > LastShortType) _versions.Put(page, index, former.Depth + 1, bytes);
        return page;
    }

    /// <summary>On return all added pages are in the file. After an exception it is unknown how much of them is.</summary>
    public LogBatchHead WriteOut(uint flushed)
    {
        var head = new LogBatchHead(_length, _epoch, _offset, _firstPage, _pages, flushed);
        LogBatch.WriteHead(_batch, volume, head);
        var end = (int)LogLayout.WholeSectors(_length);
        _batch.AsSpan(_length, end - _length).Clear();
        if (LogLayout.LengthFor(head.End) > file.Length) LogLayout.Reserve(file, LogLayout.LengthFor(head.End));
        LogLayout.Write(file, _epoch, _offset, _batch.AsSpan(0, end));
        (_offset, _length, _pages) = (head.End, LogBatch.HeadSize, 0);
        return head;
    }

    /// <summary>
    /// Extends the file to hold this many more pages, whatever their contents. Existing pages also count as full: the disk space requested
    /// then follows from the number of pages alone, so a disk that refuses it once does not grant it to the next commit just because its
    /// pages are emptier.
    /// </summary>
    public void MakeRoom(long written, long pages)
    {
        var length = LogLayout.LengthFor(Math.Max(_offset + BytesOf(pages), BytesOf(written + pages)));
        if (length > file.Length) LogLayout.Reserve(file, length);
    }

    private static long BytesOf(long pages) => (pages * (EntryBytesMax + 1)) + (LogLayout.SectorSize * ((pages / 16) + 2));

    private void MakeBuffer(int length)
    {
        var needed = (int)LogLayout.WholeSectors(length);
        if (needed <= _batch.Length) return;
        var larger = GC.AllocateUninitializedArray<byte>(Math.Clamp(2 * needed, BufferBytesMin, LogBatch.BytesMax));
        if (_batch.Length > 0) _batch.AsSpan(0, _length).CopyTo(larger);
        _batch = larger;
    }
}
