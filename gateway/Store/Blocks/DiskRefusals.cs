using Gateway.Store.Disk.Files;
using Gateway.Store.Records;

namespace Gateway.Store.Blocks;

/// <summary>
/// The disk's last refusal of each kind of work, and all else about it that keeps new messages out. Owned by the store's thread.
/// </summary>
internal sealed class DiskRefusals(DiskReserve reserve, IDisk disk)
{
    /// <summary>
    /// With a smaller file size limit, logs and data files would reach it before the store can move on to the next volume.
    /// </summary>
    private const long FileBytesMin = 32 * 1024 * 1024;

    /// <summary>No space for what was to be written; null if there was.</summary>
    public DiskRefusedException? Room { get; set; }

    /// <summary>The next volume could not be made or begun; null if it could.</summary>
    public DiskRefusedException? Next { get; set; }

    /// <summary>A volume could not be dropped; null if it could.</summary>
    public DiskRefusedException? Drop { get; set; }

    /// <summary>A volume could not be opened for reading; null if it could.</summary>
    public DiskRefusedException? Read { get; set; }

    /// <summary>See <see cref="IBlockDisk.FileBytesMax"/>.</summary>
    public long FileBytesMax => disk.FileBytesMax is var limit && limit < FileBytesMin ? FileBytesMin : limit;

    /// <summary>See <see cref="IBlockStore.Obstacle"/>.</summary>
    public string? Describe()
    {
        if (Next is not null) return $"the next volume cannot be made: {Next.Message}";
        if (Drop is not null) return $"what has drained cannot be removed: {Drop.Message}";
        if (Read is not null) return $"what is stored cannot be read: {Read.Message}";
        if (Room is not null) return Room.Message;
        if (!reserve.IsWhole) return $"{reserve.Refusal?.Message ?? "what was kept back is in use"}; of the reserve for draining "
            + $"{reserve.MissingBytes} bytes and {Figures.Counted(reserve.MissingFiles, "file")} are missing, for which there must be room";
        return disk.FileBytesMax < FileBytesMin ? $"the limit of a file's size is {disk.FileBytesMax} bytes for this process "
            + $"(ulimit -f), and {FileBytesMin} are needed" : null;
    }
}
