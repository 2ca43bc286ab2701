using System.Buffers.Binary;
using System.IO.Hashing;

namespace Gateway.Store.Disk.Salvage;

/// <summary>A whole frame of a log.</summary>
/// <param name="Index">Its place among the pages of its epoch, from 0.</param>
/// <param name="Frame">Its place in the file.</param>
/// <param name="Page">The data page that it holds.</param>
/// <param name="Transaction">The engine's number of the transaction that wrote it.</param>
/// <param name="Confirms">It is the last page of a committed transaction.</param>
/// <param name="Content">A hash of the page as it would be in the data file.</param>
internal readonly record struct LogFrame(long Epoch, long Index, long Frame, uint Flushed, uint Page, uint Transaction, bool Confirms, ulong Content);

/// <summary>What is whole in a log of which parts may be damaged, and what of that was committed for certain.</summary>
internal sealed class LogFrames
{
    private const int PageIdOffset = 0;

    private readonly List<LogFrame> _committed = [];
    private uint _flushed;

    private LogFrames(List<LogFrame> whole, IReadOnlyList<long> broken)
    {
        Broken = broken;
        Epoch = whole.Select(frame => frame.Epoch).DefaultIfEmpty().Max();
        foreach (var epoch in whole.GroupBy(frame => frame.Epoch).OrderBy(group => group.Key)) Judge([.. epoch.OrderBy(frame => frame.Index)], epoch.Key == Epoch);
    }

    /// <summary>The newest epoch of which a frame is whole.</summary>
    public long Epoch { get; }

    /// <summary>Pages of the newest epoch are missing that had been flushed; what was committed after them is known in part.</summary>
    public bool HasGap { get; private set; }

    /// <summary>Frames that are neither free nor whole.</summary>
    public IReadOnlyList<long> Broken { get; }

    /// <summary>Whether a frame that is not whole may have been the newest commit's, which nothing tells from one that was under way when the process ended.</summary>
    public bool IsAtEnd(long frame) => LogLayout.Belongs(Epoch, frame) && IndexOf(frame) >= _flushed;

    /// <summary>Pages of committed transactions, oldest first; in the newest epoch, up to the gap.</summary>
    public IReadOnlyList<LogFrame> Committed => _committed;

    /// <summary>Pages of the newest epoch behind the gap. A flush came after them, and it comes only when a commit is complete, so they are committed too; or they are those of the last commit, whole.</summary>
    public List<LogFrame> BehindGap { get; } = [];

    public static LogFrames None { get; } = new([], []);

    public static LogFrames Read(IDiskFile file)
    {
        var (whole, broken) = (new List<LogFrame>(), new List<long>());
        var frame = new byte[PageFrame.Size];
        for (var position = 1L; position * PageFrame.Size < file.Length; position++)
        {
            var read = file.TryRead(position * PageFrame.Size, frame);
            if (read > 0 && !frame.AsSpan(0, Math.Min(read, PageFrame.HeadSize)).ContainsAnyExcept((byte)0)) continue;
            if (read == PageFrame.Size && LogScan.TryReadLogFrame(frame, position, out var head)) whole.Add(Describe(head, PageFrame.Page(frame)));
            else broken.Add(position);
        }

        return new LogFrames(whole, broken);
    }

    private static LogFrame Describe(FrameHead head, Span<byte> page)
    {
        var (transaction, confirms) = (BinaryPrimitives.ReadUInt32LittleEndian(page[LogStream.TransactionOffset..]), page[LogStream.ConfirmedOffset] != 0);
        Recovery.AsInData(page);
        return new LogFrame(
            head.Epoch,
            IndexOf(head.Position),
            head.Position,
            head.Flushed,
            BinaryPrimitives.ReadUInt32LittleEndian(page[PageIdOffset..]),
            transaction,
            confirms,
            XxHash64.HashToUInt64(page));
    }

    /// <summary>The reverse of <see cref="LogLayout.FrameOf"/>.</summary>
    private static long IndexOf(long frame) => ((frame - 1) / LogLayout.StepFrames * LogLayout.AreaFrames) + ((frame - 1) % LogLayout.AreaFrames);

    /// <summary>
    /// As when a volume is opened: pages count up to the first that is missing, and of those the committed ones. In an older epoch nothing behind that counts: a crash may have
    /// cut it there, and the numbers of its groups were given again.
    /// </summary>
    private void Judge(List<LogFrame> frames, bool isNewest)
    {
        var pages = frames.TakeWhile((frame, index) => frame.Index == index).ToList();
        var confirmed = pages.Where(frame => frame.Confirms).Select(frame => frame.Transaction).ToHashSet();
        _committed.AddRange(pages.Where(frame => confirmed.Contains(frame.Transaction)));
        if (!isNewest) return;
        var flushed = _flushed = frames.Max(frame => frame.Flushed);
        HasGap = flushed > pages.Count;
        if (!HasGap) return;
        BehindGap.AddRange(frames.Where(frame => frame.Index >= pages.Count && frame.Index < flushed));
        var end = frames.Where(frame => frame.Index >= flushed).TakeWhile((frame, index) => frame.Index == flushed + index).ToList();
        var last = end.Where(frame => frame.Confirms).Select(frame => frame.Transaction).ToHashSet();
        BehindGap.AddRange(end.Where(frame => last.Contains(frame.Transaction)));
    }
}
