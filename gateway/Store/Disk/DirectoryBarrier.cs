using System.Runtime.InteropServices;

namespace Gateway.Store.Disk;

/// <summary>
/// Makes the names in a directory survive a power cut. POSIX asks for an fsync of the directory itself, which .NET does not offer; NTFS journals
/// names by itself.
/// </summary>
internal static class DirectoryBarrier
{
    private const int ReadOnly = 0;

    /// <summary>Throws <see cref="IOException"/> when the directory cannot be flushed.</summary>
    public static void Flush(string path)
    {
        if (OperatingSystem.IsWindows())
            return;

        var descriptor = OpenDirectory(path, ReadOnly);
        if (descriptor < 0)
            throw Failure("open", path);
        try
        {
            if (Synchronize(descriptor) != 0)
                throw Failure("fsync", path);
        }
        finally
        {
            _ = CloseDescriptor(descriptor);
        }
    }

    private static IOException Failure(string call, string path) =>
        new($"{call} of directory {path} failed: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    private static extern int OpenDirectory([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static extern int Synchronize(int descriptor);

    [DllImport("libc", EntryPoint = "close", SetLastError = true)]
    private static extern int CloseDescriptor(int descriptor);
}
