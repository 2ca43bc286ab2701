namespace Gateway.Store.Disk;

/// <summary>
/// What a log file holds when it is opened: the newest epoch, how many of its pages follow each other from the first on, and which frames are not
/// whole. Reads every frame of the file; changes nothing.
/// </summary>
internal sealed record LogScan(long Epoch, long PageCount, IReadOnlyList<long> TornFrames)
{
    /// <summary>Throws <see cref="CorruptPageException"/> when a page is missing that had been flushed, which no power cut does.</summary>
    public static LogScan Read(IDiskFile file)
    {
        var heads = new FrameHead?[Math.Max(1, file.Length / PageFrame.Size)];
        var torn = new List<long>();
        var frame = new byte[PageFrame.Size];
        for (var position = 1L; position < heads.Length; position++)
        {
            // A frame without a head is free; most of them are.
            _ = file.Read(position * PageFrame.Size, frame.AsSpan(0, PageFrame.HeadSize));
            if (!frame.AsSpan(0, PageFrame.HeadSize).ContainsAnyExcept((byte)0))
                continue;

            var read = file.Read(position * PageFrame.Size, frame);
            Invariant.Require(read == PageFrame.Size, "the file does not shrink while it is read");
            if (TryReadLogFrame(frame, position, out var head))
                heads[position] = head;
            else
                torn.Add(position);
        }

        var epoch = heads.Max(head => head?.Epoch) ?? 0;
        var pages = 0L;
        while (LogLayout.FrameOf(epoch, pages) < heads.Length && heads[LogLayout.FrameOf(epoch, pages)]?.Epoch == epoch)
            pages++;

        var flushed = heads.Max(head => head?.Epoch == epoch ? head.Value.Flushed : 0);
        if (flushed > pages)
            throw new CorruptPageException(file.Name, LogLayout.FrameOf(epoch, pages), $"log page {pages} of epoch {epoch}, which had been flushed");
        return new LogScan(epoch, pages, torn);
    }

    /// <summary>Whether the frame holds a log page that was written whole, and here.</summary>
    public static bool TryReadLogFrame(ReadOnlySpan<byte> frame, long position, out FrameHead head) =>
        PageFrame.TryRead(frame, out head)
        && head.Kind == FrameKind.Log
        && head.Position == position
        && LogLayout.Belongs(head.Epoch, position);
}
