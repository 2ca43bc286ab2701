using Gateway.Store.Disk.Files;
using Gateway.Store.Disk.Pages;

namespace Gateway.Store.Disk.Log;

/// <summary>
/// The contents of a log file when it is opened: the newest epoch, its batches in succession from the first on, and the positions of
/// incomplete ones. Reads the whole file; changes nothing.
/// </summary>
/// <param name="Torn">Positions in the file.</param>
internal sealed record LogScan(Guid Volume, long Epoch, IReadOnlyList<LogBatchHead> Batches, IReadOnlyList<long> Torn)
{
    private const int PieceBytes = 256 * 1024;

    /// <summary>The number of successive pages of the epoch.</summary>
    public long PageCount => Batches.Count == 0 ? 0 : Batches[^1].FirstPage + Batches[^1].Pages;

    /// <summary>Throws <see cref="CorruptPageException"/> if a flushed page is missing, which no power cut causes.</summary>
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

    /// <summary>The batches from the first of an epoch on, up to the first gap.</summary>
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

    /// <summary>Returns every valid batch of either parity with its bytes, which the next one overwrites.</summary>
    /// <param name="volume">The volume of the batches; null to take all that state their position.</param>
    /// <param name="torn">Receives the positions of that volume's incomplete batches.</param>
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

    /// <summary>Either half of a head identifies it, so a damaged one is not overlooked.</summary>
    private static bool IsCandidate(ReadOnlySpan<byte> sector, Guid? volume, long parity, long offset) =>
        LogBatch.LengthAt(sector, parity, offset) > 0 || (volume is { } id && LogBatch.IsHead(sector, id));
}
