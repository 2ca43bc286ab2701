using System.Diagnostics;
using System.Globalization;

namespace Gateway.Tests.Crash;

/// <summary>A file system of a few MB of memory, mounted on a folder until it is disposed. Takes the rights to mount.</summary>
internal sealed class TinyFileSystem : IAsyncDisposable
{
    private const string FillerName = "filler";

    private TinyFileSystem(string path) => Path = path;

    public string Path { get; }

    public long FreeBytes => new DriveInfo(Path).AvailableFreeSpace;

    private string FillerPath => System.IO.Path.Combine(Path, FillerName);

    public static async Task<TinyFileSystem> MountAsync(string path, int megabytes, int inodes = 0)
    {
        Tool.RequireRoot();
        Directory.CreateDirectory(path);
        await RunAsync("mount", ["-t", "tmpfs", "-o", string.Create(CultureInfo.InvariantCulture, $"size={megabytes}m,nr_inodes={inodes}"),
            "tmpfs", path]);
        return new TinyFileSystem(path);
    }

    /// <summary>Somebody else's file takes all that is left, to the last byte.</summary>
    public void FillUp()
    {
        var bytes = new byte[4096];
        try
        {
            using var filler = File.OpenHandle(FillerPath, FileMode.OpenOrCreate, FileAccess.Write);
            for (var offset = RandomAccess.GetLength(filler); ; offset += bytes.Length) RandomAccess.Write(filler, bytes, offset);
        }
        catch (IOException)
        {
            // Full.
        }
    }

    /// <summary>Somebody else makes files until there is no inode left.</summary>
    public void TakeInodes()
    {
        var folder = Directory.CreateDirectory(System.IO.Path.Combine(Path, "others"));
        try
        {
            for (var number = 0; ; number++)
                File.WriteAllBytes(System.IO.Path.Combine(folder.FullName, number.ToString(CultureInfo.InvariantCulture)), []);
        }
        catch (IOException)
        {
            // None left.
        }
    }

    public bool HasTakenInodes => Directory.Exists(System.IO.Path.Combine(Path, "others"));

    public void GiveInodesBack() => Directory.Delete(System.IO.Path.Combine(Path, "others"), recursive: true);

    /// <summary>The folder takes no new name and gives none up, not even for root; the files in it are written as ever.</summary>
    public void LockFolder(bool isLocked) => Run(Tool.Chattr, [isLocked ? "+i" : "-i", Path]);

    /// <summary>Only while nobody has a file open for writing.</summary>
    public void SetReadOnly(bool isReadOnly) => Run("mount", ["-o", isReadOnly ? "remount,ro" : "remount,rw", Path]);

    public void RemoveFiller() => File.Delete(FillerPath);

    public async ValueTask DisposeAsync() => await RunAsync("umount", ["--lazy", Path]);

    /// <summary>For a store in the test's own process, which must not change its thread.</summary>
    private static void Run(string program, IReadOnlyList<string> arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException(
            $"{program} ended with {process.ExitCode}; this test changes a file system of its own, and must run as root on Linux.");
    }

    private static async Task RunAsync(string program, IReadOnlyList<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"This test mounts a file system of its own, and so must run as root on Linux, in "
                + $"a container with the capability SYS_ADMIN. {program} said: {errors.Trim()}");
    }
}
