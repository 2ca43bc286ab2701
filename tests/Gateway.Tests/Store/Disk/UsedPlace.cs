using Gateway.Store.Disk.Log;
using Gateway.Store.Disk.Pages;

namespace Gateway.Tests.Store.Disk;

/// <summary>A part of a volume's file that is under one checksum: a frame, or a batch of the log.</summary>
/// <param name="Epoch">Of a batch; null for a frame.</param>
internal readonly record struct UsedPlace(string File, long Offset, int Length, long? Epoch)
{
    /// <summary>All that is in a file, in its order.</summary>
    public static List<UsedPlace> In(SimulatedDisk disk, string file)
    {
        if (!file.EndsWith(".log", StringComparison.Ordinal)) return [.. Frames(disk, file)];
        using var log = disk.Open(file);
        var batches = LogScan.Find(log, null, _ => { }).Select(
            found => new UsedPlace(file, LogLayout.PlaceOf(found.Head.Epoch, found.Head.Offset), found.Head.LengthBytes, found.Head.Epoch));
        return [new UsedPlace(file, 0, PageFrame.Size, null), .. batches.OrderBy(batch => batch.Offset)];
    }

    /// <summary>The data pages that a batch has a version of; of a frame, its own.</summary>
    public HashSet<uint> Pages(SimulatedDisk disk)
    {
        var bytes = new byte[Length];
        disk[File].Read(Offset, bytes);
        if (Epoch is null) return [BitConverter.ToUInt32(bytes, PageFrame.HeadSize)];
        LogBatch.TryRead(bytes, out var head);
        return [.. LogBatch.Entries(bytes, head).Select(entry => entry.Page)];
    }

    public void Flip(SimulatedDisk disk, long index, int bit) => disk[File].Flip(Offset + (index % Length), bit);

    private static IEnumerable<UsedPlace> Frames(SimulatedDisk disk, string file)
    {
        var head = new byte[PageFrame.HeadSize];
        for (var offset = 0L; offset + PageFrame.HeadSize < disk[file].Length; offset += PageFrame.Size)
        {
            disk[file].Read(offset, head);
            if (head.AsSpan().ContainsAnyExcept((byte)0)) yield return new UsedPlace(file, offset, PageFrame.Size, null);
        }
    }
}
