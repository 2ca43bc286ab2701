namespace Gateway.Store.Disk;

/// <summary>
/// LiteDB's data file: page n in frame n + 1. Owned by the volume's thread.
///
/// There is no page that reads as zeros. The file grows only by pages being written, the engine refers only to pages that a checkpoint has
/// written, and what a power cut tears there is written again from the log before anybody reads. So a hole, or a page beyond the end, is
/// a loss, and reading it throws <see cref="CorruptPageException"/>.
/// </summary>
internal sealed class DataStream : PageStream
{
    private const int RoomStepPages = 64;

    private readonly byte[] _frame = new byte[PageFrame.Size];
    private readonly IDiskFile _file;
    private readonly LogStream? _log;
    private readonly FrameRun _run;

    /// <summary>
    /// Pages that were written and are not in the file yet. A checkpoint hands over every version of a page that is in the log: the last
    /// one alone goes to the file.
    /// </summary>
    private readonly SortedDictionary<long, byte[]> _unwritten = [];
    private long _pageCount;
    private long _roomPages;
    private bool _closed;

    /// <summary>Without a log (only while a volume is being made) pages get epoch 0.</summary>
    public DataStream(IDiskFile file, LogStream? log)
    {
        _file = file;
        _log = log;
        _run = new FrameRun(file);
        _pageCount = Math.Max(0, (file.Length / PageFrame.Size) - 1);
    }

    public override long PageCount => _pageCount;

    /// <summary>
    /// Open only during a checkpoint. At any other time the log is the only place to write to; LiteDB knows one more, a mark in the header
    /// page when it finds its file invalid, which would overwrite the only copy of that page.
    /// </summary>
    public bool WritesAllowed { get; set; }

    /// <summary>
    /// Sets blocks of the disk aside for so many pages, so that a checkpoint never asks for one. The length says, as ever, what is written.
    /// </summary>
    public void MakeRoom(long pages)
    {
        if (pages <= Math.Max(_roomPages, _pageCount)) return;
        var room = (pages + RoomStepPages - 1) / RoomStepPages * RoomStepPages;
        _file.Allocate(OffsetOf(room), OffsetOf(room) - OffsetOf(Math.Max(_roomPages, _pageCount)));
        _roomPages = room;
    }

    /// <summary>How large the file may become for so many pages.</summary>
    public long BytesFor(long pages) => OffsetOf(Math.Max(_pageCount, pages));

    /// <summary>Everything written before survives a power cut on return.</summary>
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

    /// <summary>The epoch of a page that is there and whole; otherwise null.</summary>
    public long? EpochOf(long page) =>
        page < _pageCount && TryReadFrame(page, out var head) ? head.Epoch : null;

    /// <summary>Every page that is not what was written there.</summary>
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
            unwritten.CopyTo(buffer);
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
            copy = GC.AllocateUninitializedArray<byte>(PageFrame.PageSize);
            _unwritten.Add(page, copy);
        }

        bytes.CopyTo(copy);
        _pageCount = Math.Max(_pageCount, page + 1);
    }

    private void WriteOut()
    {
        // Write-ahead: the log that could repair these pages is durable before one of them is touched.
        _log?.Barrier();
        foreach (var (page, bytes) in _unwritten)
            _run.Add(new FrameHead(FrameKind.Data, page + 1, _log?.Epoch ?? 0), bytes);
        _run.WriteOut();
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
        // An IOException is what makes the engine close itself.
        if (_closed)
            throw new IOException($"{_file.Name} is closed.");
    }
}
