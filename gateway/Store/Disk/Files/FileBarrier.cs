using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Gateway.Store.Disk.Files;

/// <summary>
/// Makes the bytes of a file survive a power cut. On Unix it calls fsync itself: <see cref="RandomAccess.FlushToDisk"/> of .NET 10.0.12
/// ignores any failure of fsync, and so does FileStream.Flush(true); on Windows, where it ignores a denied access, the barrier calls
/// FlushFileBuffers for the same reason. A test injects such a failure into a running gateway. On Linux it is fdatasync, which omits the
/// modification time, and with it a second write for each flush of existing blocks; it still writes everything needed to find the bytes
/// again, such as a new length.
/// </summary>
internal static class FileBarrier
{
    private const int Interrupted = 4;

    /// <summary>Throws <see cref="IOException"/> if the bytes may not be on the disk.</summary>
    public static void Flush(SafeFileHandle file, string path)
    {
        if (OperatingSystem.IsWindows())
        {
            if (!FlushFileBuffers(file)) throw Failure(path);
            return;
        }

        while ((OperatingSystem.IsLinux() ? SynchronizeData(file) : Synchronize(file)) != 0)
        {
            if (Marshal.GetLastPInvokeError() != Interrupted) throw Failure(path);
        }

        // On macOS fsync only hands the bytes to the drive; this makes the drive write them.
        if (OperatingSystem.IsMacOS())
            RandomAccess.FlushToDisk(file);
    }

    private static IOException Failure(string path) =>
        new($"The flush of {path} failed: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError()).TrimEnd('.')}.");

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static extern int Synchronize(SafeFileHandle file);

    [DllImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static extern int SynchronizeData(SafeFileHandle file);

    [DllImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static extern bool FlushFileBuffers(SafeFileHandle file);
}
