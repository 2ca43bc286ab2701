namespace Gateway.Store.Disk;

/// <summary>
/// What a log file holds when it is opened: the newest epoch, its batches that follow each other from the first on, and where one begins
/// that is not whole. Reads the whole file; changes nothing.
/// </summary>
/// <param name="Torn">Places in the file.</param>
internal sealed record LogScan(Guid Volume, long Epoch, IReadOnlyList<LogBatchHead> Batches, IReadOnlyList<long> Torn)
{
    private const int PieceBytes = 256 * 1024;

    /// <summary>How many pages of the epoch follow each other.</summary>
    public long PageCount => Batches.Count == 0 ? 0 : Batches[^1].FirstPage + Batches[^1].Pages;

    /// <summary>Throws <see cref="CorruptPageException"/> when a page is missing that had been flushed, which no power cut does.</summary>
    public static LogScan Read(IDiskFile file, Guid volume)
    {
        var torn = new List<long>();
        var whole = Find(file, volume, torn.Add).Select(found => found.Head).ToList();
        var epoch = whole.Select(head => head.Epoch).DefaultIfEmpty().Max();
        var batches = Chain(whole.Where(head => head.Epoch == epoch)).ToList();
        var scan = new LogScan(volume, epoch, batches, torn);
        var flushed = whole.Where(head => head.Epoch == epoch).Select(head => head.Flushed).DefaultIfEmpty().Max();
        if (flushed <= scan.PageCount) return scan;
        var end = batches.Count == 0 ? 0 : batches[^1].End;
        throw new CorruptPageException(file.Name, LogLayout.PlaceOf(epoch, end) / LogLayout.SectorSize,
            $"log page {scan.PageCount} of epoch {epoch}, which had been flushed");
    }

    /// <summary>Those from the first of an epoch on, up to the first that is missing.</summary>
    public static IEnumerable<LogBatchHead> Chain(IEnumerable<LogBatchHead> batches)
    {
        var (offset, pages) = (0L, 0L);
        foreach (var head in batches.OrderBy(head => head.Offset))
        {
            if (head.Offset != offset || head.FirstPage != pages) yield break;
            (offset, pages) = (head.End, pages + head.Pages);
            yield return head;
        }
    }

    /// <summary>Every whole batch of either parity with its bytes, which the next one overwrites.</summary>
    /// <param name="volume">The volume whose batches are wanted; none to take all that say where they are.</param>
    /// <param name="torn">Is told where a batch of that volume begins that is not whole.</param>
    public static IEnumerable<(LogBatchHead Head, byte[] Batch)> Find(IDiskFile file, Guid? volume, Action<long> torn)
    {
        var piece = new byte[PieceBytes];
        for (var parity = 0L; parity <= 1; parity++)
        {
            var end = LogLayout.EpochBytes(file.Length, parity);
            var (first, filled) = (0L, 0);
            for (var offset = 0L; offset < end;)
            {
                if (offset < first || offset + LogBatch.HeadSize > first + filled)
                {
                    first = offset;
                    filled = (int)Math.Min(PieceBytes, end - offset);
                    piece.AsSpan().Clear();
                    _ = LogLayout.Read(file, parity, offset, piece.AsSpan(0, filled));
                }

                var sector = piece.AsMemory((int)(offset - first));
                if (!IsCandidate(sector.Span, volume, parity, offset))
                {
                    offset += LogLayout.SectorSize;
                    continue;
                }

                var batch = new byte[LogBatch.LengthAt(sector.Span, parity, offset)];
                _ = LogLayout.Read(file, parity, offset, batch);
                if (LogBatch.TryRead(batch, out var head) && (volume is null || LogBatch.IsHead(batch, volume.Value)))
                {
                    yield return (head, batch);
                    offset = head.End;
                }
                else
                {
                    if (volume is not null) torn(LogLayout.PlaceOf(parity, offset));
                    offset += LogLayout.SectorSize;
                }
            }
        }
    }

    /// <summary>Either half of a head says that it is one: a damaged one is not taken for nothing.</summary>
    private static bool IsCandidate(ReadOnlySpan<byte> sector, Guid? volume, long parity, long offset) =>
        LogBatch.LengthAt(sector, parity, offset) > 0 || (volume is { } id && LogBatch.IsHead(sector, id));
}
