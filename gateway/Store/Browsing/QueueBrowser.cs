using Gateway.Store.Records;
using Gateway.Store.Snapshots;
using Gateway.Store.State;

namespace Gateway.Store.Browsing;

/// <summary>Searches the messages of a queue after a number, group by group, as far as the budget reaches.</summary>
internal sealed class QueueBrowser(StoreReader reader, QueueState queue, BrowseFilter filter, int entriesMax)
{
    private readonly BrowseBudget _budget = new(reader);
    private readonly List<BrowseEntry> _found = [];
    private readonly List<long> _damaged = [];
    private Block _block;

    public BrowsePage Browse(long after)
    {
        var scanned = after;
        foreach (var extent in queue.After(after))
        {
            if (_found.Count >= entriesMax || !TryOpen(extent.Group, out var isReadable)) return Page(scanned, isEnd: false);
            if (isReadable && !Scan(extent, after)) return Page(_found[^1].Number, isEnd: false);
            scanned = extent.Last;
        }

        return Page(Math.Max(scanned, queue.LastNumber), isEnd: true);
    }

    /// <summary>False if the budget is spent. An unreadable group is skipped; a readable one may contain several extents.</summary>
    private bool TryOpen(long group, out bool isReadable)
    {
        isReadable = _block.Bytes is not null && _block.Id.Number == group;
        if (isReadable) return true;
        if (!_budget.Grants(group)) return false;
        isReadable = reader.Groups.TryScan(group, out _block);
        if (isReadable) _budget.Spend(_block.Bytes.Length);
        else _damaged.Add(group);
        return true;
    }

    /// <summary>Adds the matches in the extent; false if the page was full before its end.</summary>
    private bool Scan(Extent extent, long after)
    {
        var (foundBefore, seen) = (_found.Count, 0);
        var records = GroupReader.OpenChecked(_block);
        while (records.TryNext(out var kind, out var payload))
        {
            if (kind is not (RecordKind.Stored or RecordKind.Copied)) continue;
            var (handle, number) = Replay.StoredPrefix(payload);
            if (handle != queue.Handle || !extent.IsLive(number)) continue;
            if (!MessageView.TryRead(payload[Replay.StoredPrefixBytes..], out var message)) break;
            seen++;
            if (number <= after || !filter.Matches(message)) continue;
            if (_found.Count >= entriesMax) return false;
            _found.Add(BrowseEntry.Of(queue, number, extent.Group, message));
        }

        if (seen == extent.Live) return true;
        reader.Groups.Report(_block, $"it does not hold all of the numbers {extent.First} to {extent.Last} of {queue.Id}");
        _damaged.Add(extent.Group);
        _found.RemoveRange(foundBefore, _found.Count - foundBefore);
        _block = default;
        return true;
    }

    private BrowsePage Page(long scannedUpTo, bool isEnd) => new(_found, scannedUpTo, isEnd, _damaged);
}
