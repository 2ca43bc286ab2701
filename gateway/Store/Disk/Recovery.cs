using System.Buffers.Binary;

namespace Gateway.Store.Disk;

/// <summary>
/// Brings the data file up to what the log says before the engine sees either of them: the pages of committed transactions are written where
/// they belong, so that a data page torn in a checkpoint (the engine's header page among them) is whole again. Doing it twice does no harm.
/// </summary>
internal static class Recovery
{
    private const int PageIdOffset = 0;
    private const uint NoTransaction = uint.MaxValue;

    /// <summary>Returns how many pages were written. On return both files are durable and the log begins a new, empty epoch.</summary>
    public static int Run(LogScan found, LogStream log, DataStream data, string dataName)
    {
        RequireSameHistory(found, data, dataName);
        log.EraseTorn(found.TornFrames);

        var page = new byte[PageFrame.PageSize];
        var newest = NewestCommitted(found, log, page);
        foreach (var (pageId, logPage) in newest.OrderBy(entry => entry.Key))
        {
            if (data.EpochOf(pageId) > found.Epoch)
                throw new CorruptPageException(dataName, pageId, $"an epoch up to {found.Epoch}, the newest in the log; a newer log is missing");

            // A checkpoint of this epoch has been here, and it wrote the last version there was. When the end of the log was damaged after that, what is left in it is older.
            if (data.EpochOf(pageId) == found.Epoch) continue;

            ReadAt(log, logPage, page);
            BinaryPrimitives.WriteUInt32LittleEndian(page.AsSpan(LogStream.TransactionOffset), NoTransaction);
            page[LogStream.ConfirmedOffset] = 0;
            data.Position = pageId * PageFrame.PageSize;
            data.Write(page, 0, page.Length);
        }

        data.Flush();
        log.BeginEpoch();
        return newest.Count;
    }

    /// <summary>A data file that was ever checkpointed has a log with at least one page; without any, the log is not the one it had.</summary>
    private static void RequireSameHistory(LogScan found, DataStream data, string dataName)
    {
        for (var page = 0L; found.Epoch == 0 && page < data.PageCount; page++)
        {
            if (data.EpochOf(page) > 0)
                throw new CorruptPageException(dataName, page, "epoch 0, since its log is empty; the log is not the one of this file any more");
        }
    }

    /// <summary>For each page of the data file, the last log page of a committed transaction that holds it.</summary>
    private static Dictionary<long, long> NewestCommitted(LogScan found, LogStream log, byte[] page)
    {
        var entries = new List<(long PageId, uint Transaction)>();
        var committed = new HashSet<uint>();
        for (var logPage = 0L; logPage < found.PageCount; logPage++)
        {
            ReadAt(log, logPage, page);
            var transaction = BinaryPrimitives.ReadUInt32LittleEndian(page.AsSpan(LogStream.TransactionOffset));
            entries.Add((BinaryPrimitives.ReadUInt32LittleEndian(page.AsSpan(PageIdOffset)), transaction));
            if (page[LogStream.ConfirmedOffset] != 0)
                committed.Add(transaction);
        }

        var newest = new Dictionary<long, long>();
        for (var index = 0; index < entries.Count; index++)
        {
            if (committed.Contains(entries[index].Transaction))
                newest[entries[index].PageId] = index;
        }

        return newest;
    }

    private static void ReadAt(LogStream log, long logPage, byte[] page)
    {
        log.Position = logPage * PageFrame.PageSize;
        _ = log.Read(page, 0, page.Length);
    }
}
