using System.Buffers.Binary;
using System.IO.Hashing;
using Gateway.Store.Disk.Files;
using Gateway.Store.Disk.Log;
using Gateway.Store.Disk.Pages;

namespace Gateway.Store.Disk.Salvage;

/// <summary>A page in a valid batch of a log.</summary>
/// <param name="Index">Its place among the pages of its epoch, from 0.</param>
/// <param name="Flushed">The pages of the epoch known to be durable when it was written.</param>
/// <param name="Page">Its number in the data file.</param>
/// <param name="Transaction">The engine's number of the transaction that wrote it.</param>
/// <param name="Confirms">It is the last page of a committed transaction.</param>
/// <param name="Content">A hash of the page as it would be in the data file.</param>
internal readonly record struct LoggedPage(
    long Epoch, long Index, uint Flushed, uint Page, uint Transaction, bool Confirms, ulong Content);

/// <summary>The valid parts of a possibly damaged log, and those certainly committed among them.</summary>
internal sealed class LoggedPages
{
    private readonly List<LoggedPage> _committed = [];
    private readonly List<(long Place, bool IsAtEnd)> _broken = [];
    private readonly Dictionary<(long Epoch, long Index), byte[]> _images = [];
    private readonly Func<uint, byte[]?> _dataPage;
    private uint _flushed;

    private LoggedPages(IReadOnlyList<(LogBatchHead Head, byte[] Batch)> whole, IReadOnlyList<long> broken, Func<uint, byte[]?> dataPage)
    {
        _dataPage = dataPage;
        Epoch = whole.Select(found => found.Head.Epoch).DefaultIfEmpty().Max();
        foreach (var epoch in whole.GroupBy(found => found.Head.Epoch).OrderBy(group => group.Key))
        {
            Judge(Pages([.. epoch.OrderBy(found => found.Head.Offset)]), epoch.Key == Epoch);
        }

        var flushedEnd = whole.Where(found => found.Head.Epoch == Epoch && found.Head.FirstPage < _flushed).Select(found => found.Head.End)
            .DefaultIfEmpty().Max();
        // In an epoch without a valid batch, the first batch is among the broken ones.
        var hasLaterEpoch = broken.Contains(LogLayout.PlaceOf(Epoch + 1, 0));
        foreach (var place in broken)
            _broken.Add((place, LogLayout.ParityOf(place) == (Epoch & 1) ? place >= LogLayout.PlaceOf(Epoch, flushedEnd) : hasLaterEpoch));
    }

    /// <summary>The newest epoch with a valid batch.</summary>
    public long Epoch { get; }

    /// <summary>Flushed pages of the newest epoch are missing; the commits after them are known only in part.</summary>
    public bool HasGap { get; private set; }

    /// <summary>
    /// The positions of invalid batches, and whether each may have been the newest commit's, which cannot be distinguished from one under
    /// way when the process ended.
    /// </summary>
    public IReadOnlyList<(long Place, bool IsAtEnd)> Broken => _broken;

    /// <summary>Pages of committed transactions, oldest first; in the newest epoch, up to the gap.</summary>
    public IReadOnlyList<LoggedPage> Committed => _committed;

    /// <summary>
    /// Pages of the newest epoch after the gap. A flush came after them, which comes only once a commit is complete, so they are committed
    /// too; or they are the complete pages of the last commit.
    /// </summary>
    public List<LoggedPage> BehindGap { get; } = [];

    public static LoggedPages None { get; } = new([], [], _ => null);

    /// <param name="file">A log; unreadable parts count as missing.</param>
    /// <param name="volume">The id of its volume; if null, because no file header has it, the id of most batches is used.</param>
    /// <param name="dataPage">
    /// Returns an undamaged page of the data file, used if the former version that the log builds on is lost.
    /// </param>
    public static LoggedPages Read(IDiskFile file, Guid? volume, Func<uint, byte[]?> dataPage)
    {
        var broken = new List<long>();
        var whole = LogScan.Find(file, volume, broken.Add).ToList();
        if (volume is null && whole.Count > 0)
        {
            var likely = whole.CountBy(found => LogBatch.VolumeOf(found.Batch)).MaxBy(entry => entry.Value).Key;
            whole.RemoveAll(found => LogBatch.VolumeOf(found.Batch) != likely);
        }

        return new LoggedPages(whole, broken, dataPage);
    }

    /// <summary>The page as it would be in the data file.</summary>
    public byte[] Image(long epoch, long index) => _images[(epoch, index)];

    /// <summary>Drops all other images; only these will be requested.</summary>
    public void KeepImages(IEnumerable<(long Epoch, long Index)> places)
    {
        var kept = places.ToHashSet();
        foreach (var place in _images.Keys.Where(place => !kept.Contains(place)).ToList()) _images.Remove(place);
    }

    private List<LoggedPage> Pages(IReadOnlyList<(LogBatchHead Head, byte[] Batch)> epoch)
    {
        var pages = new List<LoggedPage>();
        var last = new Dictionary<uint, byte[]>();
        foreach (var (head, batch) in epoch)
        {
            var index = head.FirstPage;
            foreach (var entry in LogBatch.Entries(batch, head))
            {
                var bytes = new byte[PageFrame.PageSize];
                if (entry.Former >= 0) (last.GetValueOrDefault(entry.Page) ?? _dataPage(entry.Page) ?? []).CopyTo(bytes, 0);
                PageDelta.TryApply(batch.AsSpan(entry.RunsOffset, entry.RunsLength), bytes);
                last[entry.Page] = bytes;
                pages.Add(Describe(head, index++, entry.Page, bytes));
            }
        }

        return pages;
    }

    private LoggedPage Describe(LogBatchHead head, long index, uint page, byte[] bytes)
    {
        var image = bytes.ToArray();
        Recovery.AsInData(image);
        _images[(head.Epoch, index)] = image;
        var transaction = BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(LogStream.TransactionOffset));
        return new LoggedPage(head.Epoch, index, head.Flushed, page, transaction, bytes[LogStream.ConfirmedOffset] != 0,
            XxHash64.HashToUInt64(image));
    }

    /// <summary>
    /// Applies the rules of opening a volume: pages count up to the first gap, and of those the committed ones. In an older epoch nothing
    /// after the gap counts: a crash may have cut the epoch there, and the numbers of its groups were assigned again.
    /// </summary>
    private void Judge(List<LoggedPage> pages, bool isNewest)
    {
        var first = pages.TakeWhile((page, index) => page.Index == index).ToList();
        var confirmed = first.Where(page => page.Confirms).Select(page => page.Transaction).ToHashSet();
        _committed.AddRange(first.Where(page => confirmed.Contains(page.Transaction)));
        if (!isNewest) return;
        var flushed = _flushed = pages.Max(page => page.Flushed);
        HasGap = flushed > first.Count;
        if (!HasGap) return;
        BehindGap.AddRange(pages.Where(page => page.Index >= first.Count && page.Index < flushed));
        var end = pages.Where(page => page.Index >= flushed).TakeWhile((page, index) => page.Index == flushed + index).ToList();
        var last = end.Where(page => page.Confirms).Select(page => page.Transaction).ToHashSet();
        BehindGap.AddRange(end.Where(page => last.Contains(page.Transaction)));
    }
}
