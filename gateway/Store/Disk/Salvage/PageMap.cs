namespace Gateway.Store.Disk.Salvage;

/// <summary>A frame that holds the wanted version of a page.</summary>
internal readonly record struct FramePlace(bool IsInLog, long Frame);

/// <summary>
/// Which frame holds each page of a volume. There are two maps. The *current* one is what the engine would see after recovery, without the pages that are lost. The *other* one takes
/// for a lost page an older version, or one of which the order is not certain; blocks that never change can be read through it as well, since their own checksum tells whether
/// they were put together rightly.
/// </summary>
internal sealed class PageMap
{
    private PageMap(Dictionary<uint, FramePlace> current, Dictionary<uint, FramePlace> other, bool isConsistent)
    {
        Current = current;
        Other = other;
        IsConsistent = isConsistent;
    }

    public IReadOnlyDictionary<uint, FramePlace> Current { get; }

    public IReadOnlyDictionary<uint, FramePlace> Other { get; }

    /// <summary>The pages of the current map that are there are all of one moment. Otherwise two blocks that were written together may be of different times.</summary>
    public bool IsConsistent { get; }

    /// <param name="data">The pages of the data file that are whole, with their epoch.</param>
    /// <param name="log">What is left of the log.</param>
    /// <param name="hasLog">The log file of this volume is there.</param>
    public static PageMap Build(IReadOnlyDictionary<uint, long> data, LogFrames log, bool hasLog)
    {
        var current = data.Keys.ToDictionary(page => page, DataPlace);
        var other = new Dictionary<uint, FramePlace>(current);
        foreach (var frame in log.Committed)
        {
            if (frame.Epoch == log.Epoch) Put(current, data, frame);
            Put(other, data, frame);
        }

        foreach (var frame in log.BehindGap) Put(other, data, frame);

        // With a gap in the log, the data file alone is of one moment before a checkpoint of this epoch began, and after it was complete.
        var isBegun = data.Values.Any(epoch => epoch >= log.Epoch);
        var isComplete = log.Committed.Where(frame => frame.Epoch == log.Epoch).Concat(log.BehindGap).All(frame => data.GetValueOrDefault(frame.Page) >= log.Epoch);
        return new PageMap(current, other, hasLog && (!log.HasGap || !isBegun || isComplete));
    }

    /// <summary>A page that a checkpoint of the frame's epoch, or of a later one, has written is the last version of that epoch, or later.</summary>
    private static void Put(Dictionary<uint, FramePlace> map, IReadOnlyDictionary<uint, long> data, LogFrame frame)
    {
        if (!data.TryGetValue(frame.Page, out var epoch) || epoch < frame.Epoch) map[frame.Page] = new FramePlace(true, frame.Frame);
    }

    private static FramePlace DataPlace(uint page) => new(false, page + 1L);
}
