using System.Buffers.Binary;
using Gateway.Store.Disk.Log;
using Gateway.Store.Disk.Pages;

namespace Gateway.Store.Disk;

/// <summary>
/// Applies the log to the data file before the engine sees either: the pages of committed transactions are written to their places, which
/// restores data pages torn in a checkpoint (the engine's header page among them). Idempotent.
/// </summary>
internal static class Recovery
{
    private const int PageIdOffset = 0;
    private const uint NoTransaction = uint.MaxValue;

    /// <summary>Returns the number of pages written. On return both files are durable and the log begins a new, empty epoch.</summary>
    public static int Run(LogScan found, LogStream log, DataStream data, string dataName)
    {
        RequireSameHistory(found, data, dataName);
        log.EraseTorn(found.Torn);

        var page = new byte[PageFrame.PageSize];
        var versions = Committed(found, log, page);
        // In the order of the log, so that each page is read on top of the one before.
        foreach (var (pageId, known) in versions.OrderBy(entry => entry.Value[^1]))
        {
            if (data.EpochOf(pageId) > found.Epoch)
                throw new CorruptPageException(dataName, pageId,
                    $"an epoch up to {found.Epoch}, the newest in the log; a newer log is missing");
            if (data.EpochOf(pageId) == found.Epoch && IsNewerThanLog(data, pageId, log, known, page)) continue;

            ReadAt(log, known[^1], page);
            AsInData(page);
            data.Position = pageId * PageFrame.PageSize;
            data.Write(page, 0, page.Length);
        }

        data.Flush();
        log.BeginEpoch();
        return versions.Count;
    }

    /// <summary>Converts a page to the form in which a checkpoint writes it to the data file.</summary>
    public static void AsInData(Span<byte> page)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(page[LogStream.TransactionOffset..], NoTransaction);
        page[LogStream.ConfirmedOffset] = 0;
    }

    /// <summary>
    /// A checkpoint of this epoch wrote the page, but none of its versions in the log: the log has since lost its end, to damage and not to
    /// a crash, and the versions left in it are older.
    /// </summary>
    private static bool IsNewerThanLog(DataStream data, long pageId, LogStream log, List<long> versions, byte[] page)
    {
        var inData = new byte[PageFrame.PageSize];
        data.Position = pageId * PageFrame.PageSize;
        _ = data.Read(inData, 0, inData.Length);
        foreach (var version in versions)
        {
            ReadAt(log, version, page);
            AsInData(page);
            if (page.AsSpan().SequenceEqual(inData)) return false;
        }

        return true;
    }

    /// <summary>A data file that was ever checkpointed has a log with at least one page; an empty log is not the original one.</summary>
    private static void RequireSameHistory(LogScan found, DataStream data, string dataName)
    {
        for (var page = 0L; found.Epoch == 0 && page < data.PageCount; page++)
        {
            if (data.EpochOf(page) > 0)
                throw new CorruptPageException(dataName, page,
                    "epoch 0, since its log is empty; the log is not the one of this file any more");
        }
    }

    /// <summary>For each page of the data file, its log pages of committed transactions, in order.</summary>
    private static Dictionary<long, List<long>> Committed(LogScan found, LogStream log, byte[] page)
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

        var versions = new Dictionary<long, List<long>>();
        for (var index = 0; index < entries.Count; index++)
        {
            if (!committed.Contains(entries[index].Transaction))
                continue;
            if (!versions.TryGetValue(entries[index].PageId, out var known))
                versions[entries[index].PageId] = known = [];
            known.Add(index);
        }

        return versions;
    }

    private static void ReadAt(LogStream log, long logPage, byte[] page)
    {
        log.Position = logPage * PageFrame.PageSize;
        _ = log.Read(page, 0, page.Length);
    }
}
