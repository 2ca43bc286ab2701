namespace Gateway.Store.Disk.Files;

/// <summary>
/// The folder of a store: its contents belong to one user, and no other user may read them, whatever rights the messages have elsewhere.
/// </summary>
internal static class StoreFolder
{
    /// <summary>The entries that a file system itself puts into its root.</summary>
    private const string LostAndFound = "lost+found";

    private static readonly string[] _own = ["groups-", "ids.", "next.", "reserve-", "store.", "quarantine", "repair.txt", "doctor-"];

    /// <summary>Creates the folder for its owner alone, unless it is there.</summary>
    /// <returns>Its full path.</returns>
    public static string Create(string path)
    {
        var full = Path.GetFullPath(path);
        OwnersOnly.CreateFolder(full);
        return full;
    }

    /// <summary>The required owner of files made in the folder; null if it is not known here.</summary>
    public static FileOwner? OwnerOf(string path) => FileOwner.Of(Path.Combine(path, StoreLock.LockName)) ?? FileOwner.Of(path);

    /// <summary>Takes the rights of others to the store's files and its folder away, unless they are another user's to decide.</summary>
    /// <returns>A sentence if others keep some; null if all is well.</returns>
    public static string? Close(string path)
    {
        if (OwnerOf(path) is { IsThisUser: false }) return null;
        var files = Directory.EnumerateFileSystemEntries(path).ToList();
        var areClosed = true;
        foreach (var file in files.Where(file => IsOwn(Path.GetFileName(file)) && new FileInfo(file).LinkTarget is null))
            areClosed &= OwnersOnly.Narrow(file);
        // It may be the folder of others, too, in which the configuration has put the store by mistake.
        if (files.Find(file => !IsOwn(Path.GetFileName(file))) is { } foreign)
            return $"{path} also holds {Path.GetFileName(foreign)}, which is not the store's, so the rights of other users to the folder "
                + $"stay as they are. Give the store a folder of its own.";
        return OwnersOnly.Narrow(path) && areClosed ? null : $"Other users of this host may look into {path}, and its rights could not "
            + $"be changed. Let it belong to the gateway's user, with the mode 0700.";
    }

    private static bool IsOwn(string name) => name == LostAndFound || _own.Any(own => name.StartsWith(own, StringComparison.Ordinal));
}
