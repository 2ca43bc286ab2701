using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Gateway.Store.Disk.Files;

/// <summary>
/// Allocates disk blocks for a file before they are written, so that no other program can take them. Only Linux supports it; elsewhere, and
/// on file systems without support, the caller writes zeros or relies on the reserve.
/// </summary>
internal static class FileBlocks
{
    private const int KeepLength = 1;
    private const int Interrupted = 4;
    private const int NotImplemented = 38;
    private const int NotSupported = 95;

    /// <summary>Allocates blocks for the bytes up to <paramref name="length"/>; the file's own length stays, or becomes that.</summary>
    /// <returns>False if the system or the file system does not support it.</returns>
    /// <exception cref="IOException">The allocation was refused; HResult is the error number.</exception>
    public static bool TryAllocate(SafeFileHandle file, long length, bool keepLength)
    {
        if (!OperatingSystem.IsLinux() || IntPtr.Size < sizeof(long)) return false;
        while (Allocate(file, keepLength ? KeepLength : 0, 0, length) != 0)
        {
            var error = Marshal.GetLastPInvokeError();
            if (error is NotSupported or NotImplemented) return false;
            if (error != Interrupted) throw new IOException(Marshal.GetPInvokeErrorMessage(error), error);
        }

        return true;
    }

    [DllImport("libc", EntryPoint = "fallocate", SetLastError = true)]
    private static extern int Allocate(SafeFileHandle file, int mode, long offset, long length);
}
