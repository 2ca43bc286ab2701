namespace Gateway.Store.Disk.Salvage;

/// <summary>An undamaged page of the data file: its epoch, and a hash of it.</summary>
internal readonly record struct DataPage(long Epoch, ulong Content);

/// <summary>
/// The place of the wanted version of a page: a frame of the data file, or a position among the pages of an epoch of the log.
/// </summary>
internal readonly record struct PagePlace(long? LogEpoch, long Number);

/// <summary>
/// Maps each page of a volume to its place. There are two maps. The *current* one is the engine's view after recovery, without the lost
/// pages. The *other* one replaces a lost page by an older version, or by one of uncertain order; blocks that never change can be read
/// through it too, since their own checksum proves that they were assembled correctly.
/// </summary>
internal sealed class PageMap
{
    private PageMap(Dictionary<uint, PagePlace> current, Dictionary<uint, PagePlace> other)
    {
        Current = current;
        Other = other;
    }

    public IReadOnlyDictionary<uint, PagePlace> Current { get; }

    public IReadOnlyDictionary<uint, PagePlace> Other { get; }

    /// <param name="data">The pages of the data file that are whole.</param>
    /// <param name="log">The remains of the log.</param>
    public static PageMap Build(IReadOnlyDictionary<uint, DataPage> data, LoggedPages log)
    {
        var current = data.Keys.ToDictionary(page => page, DataPlace);
        var other = new Dictionary<uint, PagePlace>(current);
        var logged = log.Committed.Concat(log.BehindGap).Select(frame => (frame.Page, frame.Epoch, frame.Content)).ToHashSet();
        foreach (var frame in log.Committed)
        {
            if (frame.Epoch == log.Epoch) Put(current, frame);
            Put(other, frame);
        }

        foreach (var frame in log.BehindGap) Put(other, frame);

        return new PageMap(current, other);

        // A checkpoint writes every version in the log, one after the other. A page of the same epoch that is none of these is newer than
        // the remains of the log.
        void Put(Dictionary<uint, PagePlace> map, LoggedPage frame)
        {
            var isOlderInData = !data.TryGetValue(frame.Page, out var known) || known.Epoch < frame.Epoch
                || (known.Epoch == frame.Epoch && logged.Contains((frame.Page, known.Epoch, known.Content)));
            if (isOlderInData) map[frame.Page] = new PagePlace(frame.Epoch, frame.Index);
        }
    }

    private static PagePlace DataPlace(uint page) => new(null, page + 1L);
}
