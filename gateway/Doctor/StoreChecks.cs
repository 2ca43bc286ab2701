namespace Gateway.Doctor;

/// <summary>The store's folder and the disk below it; null for what could not be measured.</summary>
/// <param name="Path">The absolute path of the folder.</param>
/// <param name="Exists">False before the first start of a gateway.</param>
/// <param name="FileSystem">The type, such as <c>ext4</c>.</param>
/// <param name="Inodes">The inodes of the file system; 0 if it has no fixed number.</param>
/// <param name="IsOpenToOthers">Other users can read or write the folder.</param>
internal sealed record StoreFacts(
    string Path, bool Exists, string? FileSystem, long? FreeBytes, long? Inodes, long? InodesFree, bool? IsOpenToOthers, FlushFacts Flush);

/// <summary>The measurement of flushes in the store's folder.</summary>
/// <param name="Times">Each flush of a small write, in the order of their making; empty if none could be made.</param>
/// <param name="Failure">Why no more could be made; empty if all were.</param>
/// <param name="IsDenied">The user may not write into the folder.</param>
internal sealed record FlushFacts(IReadOnlyList<TimeSpan> Times, string Failure = "", bool IsDenied = false);

/// <summary>Judges the store's folder. Pure.</summary>
internal static class StoreChecks
{
    /// <summary>With less free space than this multiple of the reserve, the disk will soon be full, as for the running gateway.</summary>
    private const int ReservesLow = 2;

    /// <summary>A store needs only a few new files at a time, but other programs of the file system take the rest.</summary>
    private const int InodesMin = 16;
    private const double InodeShareLow = 0.02;

    private static readonly TimeSpan _slowMedian = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan _slowest = TimeSpan.FromSeconds(1);

    private static readonly string[] _network =
        ["nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "9p", "afs", "ceph", "fuse.glusterfs", "fuse.sshfs", "network"];

    private static readonly string[] _memory = ["tmpfs", "ramfs"];
    private static readonly string[] _layers = ["overlay", "aufs", "fuse.fuse-overlayfs"];

    public static DoctorFinding FileSystem(StoreFacts store)
    {
        var measured = $"{store.FileSystem} holds {store.Path}{(store.Exists ? "" : ", which does not exist yet")}";
        var finding = new DoctorFinding(FindingIds.FileSystem, Verdict.Warning, measured);
        if (store.FileSystem is not { } type) return finding with
        { Verdict = Verdict.Unknown, Measured = $"the system does not tell the file system of {store.Path}" };
        if (_memory.Contains(type)) return finding with
        {
            Meaning = "It is memory: a reboot loses every message, flushed or not.",
            Advice = "Put the store on a disk (Store:Path).",
        };
        if (_layers.Contains(type)) return finding with
        {
            Meaning = "It belongs to a container: every message is lost when the container is made anew.",
            Advice = "Put the store on a volume of the host (Store:Path).",
        };
        return _network.Contains(type) ? finding with
        {
            Meaning = "It is on another host: a flush may be confirmed by a server that has not written yet, and locks can be lost.",
            Advice = "Put the store on a disk of this host (Store:Path).",
        } : finding with { Verdict = Verdict.Ok };
    }

    /// <param name="isRunning">A gateway answers: it can write there, whoever asks here.</param>
    public static DoctorFinding Permissions(StoreFacts store, bool isRunning)
    {
        var finding = new DoctorFinding(FindingIds.Permissions, Verdict.Ok,
            $"{store.Path} {(store.Exists ? "belongs to its owner alone" : "does not exist; a gateway makes it at its first start")}");
        if (!store.Exists) return finding;
        if (store.Flush.IsDenied) return finding with
        {
            Verdict = isRunning ? Verdict.Unknown : Verdict.Fault,
            Measured = $"this user may not write into {store.Path}",
            Meaning = "A gateway of this user could not start; for a gateway of another user it means nothing.",
            Advice = "Run the doctor as the gateway's user; if that is this one, let the folder belong to it, with the mode 0700.",
        };
        return store.IsOpenToOthers switch
        {
            null => finding with { Verdict = Verdict.Unknown, Measured = $"the rights to {store.Path} cannot be read" },
            true => finding with
            {
                Verdict = Verdict.Warning,
                Measured = $"other users can look into {store.Path}",
                Meaning = "They can read every message in it.",
                Advice = "Let the folder belong to the gateway's user, with the mode 0700.",
            },
            _ => finding,
        };
    }

    public static DoctorFinding Space(StoreFacts store, long reserveBytes)
    {
        if (store.FreeBytes is not { } free) return new DoctorFinding(FindingIds.Space, Verdict.Unknown,
            $"the system does not tell the free space at {store.Path}");
        var finding = new DoctorFinding(FindingIds.Space, Verdict.Ok,
            $"{Figures.Bytes(free)} free, {Figures.Bytes(reserveBytes)} are the reserve (Store:DiskReserveBytes)");
        return free / ReservesLow >= reserveBytes ? finding : finding with
        {
            Verdict = free < reserveBytes ? Verdict.Fault : Verdict.Warning,
            Meaning = free < reserveBytes ? "The gateway accepts no message; what is stored drains." : "The disk will soon be full.",
            Advice = "Free space on the disk of the store.",
        };
    }

    public static DoctorFinding Inodes(StoreFacts store)
    {
        if (store is not { Inodes: { } all, InodesFree: { } free }) return new DoctorFinding(FindingIds.Inodes, Verdict.Unknown,
            $"the system does not tell the inodes at {store.Path}");
        if (all == 0) return new DoctorFinding(FindingIds.Inodes, Verdict.Ok, "the file system has no fixed number of inodes");
        var finding = new DoctorFinding(FindingIds.Inodes, Verdict.Ok, $"{Figures.Count(free)} of {Figures.Counted(all, "inode")} free");
        return free >= InodesMin && free >= all * InodeShareLow ? finding : finding with
        {
            Verdict = free < InodesMin ? Verdict.Fault : Verdict.Warning,
            Meaning = "Without a free inode no file can be made, however much space is left: the store cannot begin a new volume.",
            Advice = "Find the folder with very many small files on this file system (df -i, du --inodes), and remove them.",
        };
    }

    public static DoctorFinding Flush(FlushFacts flush)
    {
        if (flush.Times.Count == 0) return new DoctorFinding(FindingIds.Flush, Verdict.Unknown,
            $"no flush could be made: {flush.Failure.TrimEnd('.')}");
        var sorted = flush.Times.Order().ToList();
        var (median, high) = (sorted[sorted.Count / 2], sorted[(int)(sorted.Count * 0.99)]);
        var finding = new DoctorFinding(FindingIds.Flush, Verdict.Ok,
            $"{Figures.Counted(sorted.Count, "small flush", "small flushes")}: half within {Text(median)}, 99 % within {Text(high)}");
        if (flush.Failure.Length > 0) return finding with
        {
            Verdict = Verdict.Fault,
            Measured = $"{finding.Measured}, and then: {flush.Failure.TrimEnd('.')}",
            Meaning = "A gateway stops at a failed flush, since it must not say that anything is on disk.",
            Advice = "Check the disk and the log of the system (dmesg).",
        };
        return median < _slowMedian && high < _slowest ? finding : finding with
        {
            Verdict = Verdict.Warning,
            Meaning = "Every message waits for a flush before it is confirmed, here and at the peer: applications and peers see a slow "
                + "gateway, or one that is stuck.",
            Advice = "Find what else writes to this disk, check its health, or move the store to a faster one (Store:Path).",
        };
    }

    /// <summary>Good disks flush in less than the millisecond at which the usual form ends.</summary>
    private static string Text(TimeSpan span) => span.TotalMilliseconds < 1 ? $"{Figures.Count((long)span.TotalMicroseconds)} µs"
        : Figures.Span(span);
}
