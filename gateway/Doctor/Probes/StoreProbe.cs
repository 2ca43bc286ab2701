using Gateway.Store.Disk.Files;

namespace Gateway.Doctor.Probes;

/// <summary>Measures the disk below the store's folder. It leaves nothing behind, and touches no file of the store.</summary>
internal static class StoreProbe
{
    private const int Flushes = 200;
    private const int FlushBytes = 1024;

    /// <summary>A slow disk is known to be slow long before all flushes are made.</summary>
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(4);

    public static StoreFacts Read(string path, TimeProvider time, CancellationToken cancellationToken)
    {
        var exists = Directory.Exists(path);
        var place = path;
        while (!Directory.Exists(place) && Path.GetDirectoryName(place) is { } above) place = above;
        var nodes = InodeCount.Of(place);
        return new StoreFacts(
            path, exists, FileSystemOf(place), FreeBytesOf(place), nodes?.All, nodes?.Free, exists ? IsOpen(path) : null,
            exists ? Flush(path, time, cancellationToken) : new FlushFacts([], $"{path} does not exist yet"));
    }

    private static FlushFacts Flush(string folder, TimeProvider time, CancellationToken cancellationToken)
    {
        var (path, times) = (Path.Combine(folder, $"doctor-{Environment.ProcessId}.tmp"), new List<TimeSpan>());
        try
        {
            using var file = FileDoor.CreateTemporary(path);
            var bytes = new byte[FlushBytes];
            var began = time.GetTimestamp();
            while (times.Count < Flushes && time.GetElapsedTime(began) < _limit)
            {
                cancellationToken.ThrowIfCancellationRequested();
                RandomAccess.Write(file, bytes, (long)times.Count * FlushBytes);
                var flushed = time.GetTimestamp();
                FileBarrier.Flush(file, path);
                times.Add(time.GetElapsedTime(flushed));
            }

            return new FlushFacts(times);
        }
        catch (UnauthorizedAccessException refused)
        {
            return new FlushFacts(times, refused.Message, IsDenied: true);
        }
        catch (IOException failed)
        {
            return new FlushFacts(times, failed.Message);
        }
    }

    private static bool? IsOpen(string path)
    {
        try
        {
            return OwnersOnly.IsOpen(path);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string? FileSystemOf(string place)
    {
        if (OperatingSystem.IsLinux()) return KernelText.FileSystem(QuietFile.Lines("/proc/self/mountinfo"), RealPath(place));
        return QuietFile.Try(() =>
        {
            var drive = new DriveInfo(place);
            return drive.DriveType == DriveType.Network ? "network" : drive.DriveFormat;
        });
    }

    private static string RealPath(string place) =>
        QuietFile.Try(() => new DirectoryInfo(place).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? place) ?? place;

    private static long? FreeBytesOf(string place)
    {
        try
        {
            return new DriveInfo(place).AvailableFreeSpace;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }
}
