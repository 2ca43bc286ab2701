using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Gateway.Store.Disk;

/// <summary>
/// Sets blocks of the disk aside for a file before they are written, so that nobody else can take them. Linux can do that; elsewhere, and
/// on file systems that do not offer it, the caller writes zeros, or trusts to the reserve.
/// </summary>
internal static class FileBlocks
{
    private const int KeepLength = 1;
    private const int Interrupted = 4;
    private const int NotImplemented = 38;
    private const int NotSupported = 95;

    /// <summary>Blocks for the bytes up to <paramref name="length"/>; the file's own length stays as it is, or becomes that.</summary>
    /// <returns>False if the system or the file system cannot.</returns>
    /// <exception cref="IOException">It could, and refuses; its HResult is the error number.</exception>
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
