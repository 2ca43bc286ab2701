using System.Globalization;
using Gateway.Store.Disk.Files;
using Gateway.Store.Disk.Pages;

namespace Gateway.Store.Disk;

/// <summary>
/// The files of the volumes in a store's folder: <c>groups-N.data</c> and <c>groups-N.log</c>, N the volume's first group in 19 digits.
/// </summary>
internal sealed class VolumeFolder(IDisk disk)
{
    private const string Prefix = "groups-";
    private const string DataSuffix = ".data";
    private const string LogSuffix = ".log";

    /// <summary>The suffix of an unneeded file that is removed piece by piece.</summary>
    private const string Dropped = ".dropped";

    private const long PieceBytes = 4 * 1024 * 1024;

    private readonly Queue<string> _dropped = [];

    public static string NameOf(long firstGroup) => Prefix + firstGroup.ToString("D19", CultureInfo.InvariantCulture);

    /// <summary>There are files to remove.</summary>
    public bool HasDropped => _dropped.Count > 0;

    /// <summary>The first groups of the existing volumes, ascending.</summary>
    /// <exception cref="StoreFormatException">A file has an invalid volume name.</exception>
    public IReadOnlyList<long> FirstGroups() =>
        disk.List().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal) && name.EndsWith(DataSuffix, StringComparison.Ordinal))
            .Select(FirstGroupOf).ToList();

    public bool Exists(long firstGroup) => disk.Exists(NameOf(firstGroup) + DataSuffix);

    public long SizeBytes(long firstGroup) => disk.SizeBytes(NameOf(firstGroup) + DataSuffix);

    /// <summary>
    /// Removes a volume from the folder: on return it no longer exists, not even after a power cut. Its data, whose deletion would take the
    /// file system some 30 ms, is removed by <see cref="RemovePiece"/>. The data file goes first: without its log it would count as a loss,
    /// while a log without data is the normal result of an interruption here.
    /// </summary>
    /// <exception cref="DiskRefusedException">The gateway lacks permission; the volume is unchanged.</exception>
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

    /// <summary>Deletes the files of a volume that could not be begun, at once: the next attempt uses the same name.</summary>
    public void Discard(long firstGroup)
    {
        disk.Delete(NameOf(firstGroup) + DataSuffix);
        disk.Delete(NameOf(firstGroup) + LogSuffix);
    }

    /// <summary>Frees a little of the disk space of dropped volumes.</summary>
    /// <param name="isWhole">
    /// Delete the whole file at once: space freed piece by piece could be taken by others before the store can reserve it.
    /// </param>
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
    /// Removes the leftovers of volumes that were being created or dropped in a crash. The next volume may begin with another group, so
    /// nothing else would ever remove these files. A file that cannot be deleted now is retried by <see cref="RemovePiece"/>, except a log,
    /// which could be mistaken for the next volume's.
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
                // An unfinished file is created anew regardless of leftovers.
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
