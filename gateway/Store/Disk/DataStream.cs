using System.Buffers;
using Gateway.Store.Disk.Files;
using Gateway.Store.Disk.Log;
using Gateway.Store.Disk.Pages;

namespace Gateway.Store.Disk;

/// <summary>
/// LiteDB's data file: page n in frame n + 1. Owned by the volume's thread.
/// <para>No page reads as zeros. The file grows only by writing pages, the engine refers only to pages that a checkpoint has written, and
/// pages torn by a power cut are rewritten from the log before they are read. A hole, or a page beyond the end, is therefore a loss, and
/// reading it throws <see cref="CorruptPageException"/>.</para>
/// </summary>
internal sealed class DataStream : PageStream
{
    private const int RoomStepPages = 64;

    private readonly byte[] _frame = new byte[PageFrame.Size];
    private readonly IDiskFile _file;
    private readonly LogStream? _log;
    private readonly FrameRun _run;

    /// <summary>
    /// Pages written and not in the file yet, in rented arrays. A checkpoint passes every version of a page in the log; only the last goes
    /// to the file.
    /// </summary>
    private readonly SortedDictionary<long, byte[]> _unwritten = [];
    private long _pageCount;
    private long _roomPages;
    private bool _closed;

    /// <summary>Without a log (only while a volume is being created) pages get epoch 0.</summary>
    public DataStream(IDiskFile file, LogStream? log)
    {
        _file = file;
        _log = log;
        _run = new FrameRun(file);
        _pageCount = Math.Max(0, (file.Length / PageFrame.Size) - 1);
    }

    public override long PageCount => _pageCount;

    /// <summary>
    /// True only during a checkpoint. At any other time only the log may be written; LiteDB would otherwise also mark the header page when
    /// it finds its file invalid, and overwrite the only copy of that page.
    /// </summary>
    public bool WritesAllowed { get; set; }

    /// <summary>
    /// Allocates disk blocks for this many pages, so that a checkpoint never needs new ones. The file's length still shows what is written.
    /// </summary>
    public void MakeRoom(long pages)
    {
        if (pages <= Math.Max(_roomPages, _pageCount)) return;
        var room = (pages + RoomStepPages - 1) / RoomStepPages * RoomStepPages;
        _file.Allocate(OffsetOf(room), OffsetOf(room) - OffsetOf(Math.Max(_roomPages, _pageCount)));
        _roomPages = room;
    }

    /// <summary>The possible size of the file for this many pages.</summary>
    public long BytesFor(long pages) => OffsetOf(Math.Max(_pageCount, pages));

    /// <summary>On return everything written before survives a power cut.</summary>
    public override void Flush()
    {
        ThrowIfClosed();
        if (_unwritten.Count == 0)
            return;
        WriteOut();
        _file.Flush();
    }

    public override void SetLength(long value) => throw new NotSupportedException("The data file never shrinks.");

    /// <summary>From now on every access throws, so that an abandoned engine cannot touch the file.</summary>
    public void Seal() => _closed = true;

    /// <summary>The epoch of a page that is present and undamaged; otherwise null.</summary>
    public long? EpochOf(long page) =>
        page < _pageCount && TryReadFrame(page, out var head) ? head.Epoch : null;

    /// <summary>Describes every page that differs from the page written.</summary>
    public IEnumerable<string> Check()
    {
        for (var page = 0L; page < _pageCount; page++)
        {
            if (!TryReadFrame(page, out _))
                yield return $"{_file.Name}: page {page} is damaged";
        }
    }

    protected override void ReadPage(long page, Span<byte> buffer)
    {
        ThrowIfClosed();
        if (_unwritten.TryGetValue(page, out var unwritten))
        {
            unwritten.AsSpan(0, PageFrame.PageSize).CopyTo(buffer);
            return;
        }

        if (page >= _pageCount)
            throw new CorruptPageException(_file.Name, page, $"fewer pages to be asked for, the file has {_pageCount}");
        if (!TryReadFrame(page, out _))
            throw new CorruptPageException(_file.Name, page, "a whole data frame of this position with a right checksum");
        PageFrame.Page(_frame).CopyTo(buffer);
    }

    protected override void WritePage(long page, ReadOnlySpan<byte> bytes)
    {
        ThrowIfClosed();
        if (!WritesAllowed)
            throw new NotSupportedException("Data pages are written by checkpoints only.");

        if (!_unwritten.TryGetValue(page, out var copy))
        {
            copy = ArrayPool<byte>.Shared.Rent(PageFrame.PageSize);
            _unwritten.Add(page, copy);
        }

        bytes.CopyTo(copy);
        _pageCount = Math.Max(_pageCount, page + 1);
    }

    private void WriteOut()
    {
        // Write-ahead: the log that could repair these pages is durable before any of them is touched.
        _log?.Barrier();
        foreach (var (page, bytes) in _unwritten)
            _run.Add(new FrameHead(FrameKind.Data, page + 1, _log?.Epoch ?? 0), bytes.AsSpan(0, PageFrame.PageSize));
        _run.WriteOut();
        // After a failure the volume is not used again, and its pages are left to the collector.
        foreach (var bytes in _unwritten.Values)
            ArrayPool<byte>.Shared.Return(bytes);
        _unwritten.Clear();
    }

    private static long OffsetOf(long page) => (page + 1) * PageFrame.Size;

    private bool TryReadFrame(long page, out FrameHead head)
    {
        head = default;
        return _file.Read(OffsetOf(page), _frame) == PageFrame.Size
            && PageFrame.TryRead(_frame, out head)
            && head.Kind == FrameKind.Data
            && head.Position == page + 1;
    }

    private void ThrowIfClosed()
    {
        // An IOException makes the engine close itself.
        if (_closed)
            throw new IOException($"{_file.Name} is closed.");
    }
}
