using System.Globalization;

namespace Gateway.Store.Disk;

/// <summary>
/// The files of the volumes in a store's folder: <c>groups-N.data</c> and <c>groups-N.log</c>, N the volume's first group in 19 digits.
/// </summary>
internal sealed class VolumeFolder(IDisk disk)
{
    private const string Prefix = "groups-";
    private const string DataSuffix = ".data";
    private const string LogSuffix = ".log";

    /// <summary>The end of the name of a file that nobody needs, and that is taken away piece by piece.</summary>
    private const string Dropped = ".dropped";

    private const long PieceBytes = 4 * 1024 * 1024;

    private readonly Queue<string> _dropped = [];

    public static string NameOf(long firstGroup) => Prefix + firstGroup.ToString("D19", CultureInfo.InvariantCulture);

    /// <summary>There is something to be taken away.</summary>
    public bool HasDropped => _dropped.Count > 0;

    /// <summary>The volumes that are there, ascending.</summary>
    /// <exception cref="StoreFormatException">A file is named nearly like a volume's.</exception>
    public IReadOnlyList<long> FirstGroups() =>
        disk.List().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal) && name.EndsWith(DataSuffix, StringComparison.Ordinal))
            .Select(FirstGroupOf).ToList();

    public bool Exists(long firstGroup) => disk.Exists(NameOf(firstGroup) + DataSuffix);

    public long SizeBytes(long firstGroup) => disk.SizeBytes(NameOf(firstGroup) + DataSuffix);

    /// <summary>
    /// Takes a volume out of the folder: on return it is not there any more, not even after a power cut. Its data, whose deletion would
    /// take the file system some 30 ms, goes with <see cref="RemovePiece"/>. The data file first: without its log it would be a loss, a log
    /// without data is what this leaves when it is interrupted.
    /// </summary>
    /// <exception cref="DiskRefusedException">The gateway may not; the volume is as it was.</exception>
    public void Drop(long firstGroup)
    {
        var data = NameOf(firstGroup) + DataSuffix;
        if (disk.Exists(data))
        {
            disk.Rename(data, data + Dropped);
            _dropped.Enqueue(data + Dropped);
        }

        var log = NameOf(firstGroup) + LogSuffix;
        try
        {
            disk.Delete(log);
        }
        catch (DiskRefusedException)
        {
            _dropped.Enqueue(log);
        }
    }

    /// <summary>Takes away the files of a volume that could not be begun, at once: the next attempt has the same name.</summary>
    public void Discard(long firstGroup)
    {
        disk.Delete(NameOf(firstGroup) + DataSuffix);
        disk.Delete(NameOf(firstGroup) + LogSuffix);
    }

    /// <summary>Gives back a little of the disk space of volumes that were dropped.</summary>
    /// <param name="isWhole">The whole file at once: what is freed piece by piece may be somebody else's before the store can keep
    /// it.</param>
    /// <returns>Whether there is more.</returns>
    public bool RemovePiece(bool isWhole = false)
    {
        if (!_dropped.TryPeek(out var name)) return false;
        if (!isWhole && disk.Exists(name) && Shorten(name)) return true;
        disk.Delete(name);
        _dropped.Dequeue();
        return _dropped.Count > 0;
    }

    /// <summary>
    /// What a crash left of volumes that were being made or dropped. The next volume may be begun with another group, so nothing else would
    /// ever take these files away. What may not be deleted now is tried again with <see cref="RemovePiece"/>, except a log, which the next
    /// volume might be taken for.
    /// </summary>
    public void RemoveLeftovers()
    {
        var names = disk.List();
        foreach (var name in names.Where(name => IsLeftover(name, names)).Concat(VolumeFiles.UnfinishedNext(names)))
        {
            try
            {
                disk.Delete(name);
            }
            catch (DiskRefusedException) when (!name.EndsWith(LogSuffix, StringComparison.Ordinal))
            {
                // What is being made is made anew, whatever is there.
                if (name.EndsWith(Dropped, StringComparison.Ordinal)) _dropped.Enqueue(name);
            }
        }
    }

    private static bool IsLeftover(string name, IReadOnlyList<string> names) =>
        name.EndsWith(VolumeFiles.Unfinished, StringComparison.Ordinal) || name.EndsWith(Dropped, StringComparison.Ordinal)
        || (name.StartsWith(Prefix, StringComparison.Ordinal)
            && name.EndsWith(LogSuffix, StringComparison.Ordinal) && !names.Contains(name[..^LogSuffix.Length] + DataSuffix));

    private bool Shorten(string name)
    {
        using var file = disk.Open(name);
        if (file.Length <= PieceBytes) return false;
        file.SetLength(file.Length - PieceBytes);
        return true;
    }

    private static long FirstGroupOf(string name) =>
        long.TryParse(name.AsSpan(Prefix.Length, name.Length - Prefix.Length - DataSuffix.Length), CultureInfo.InvariantCulture,
            out var first)
            ? first
            : throw new StoreFormatException($"{name} is not a file of the store; take it out of the store's folder.");
}
