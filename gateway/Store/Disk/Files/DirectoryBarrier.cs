using System.Runtime.InteropServices;

namespace Gateway.Store.Disk.Files;

/// <summary>
/// Makes the names in a directory survive a power cut. POSIX requires an fsync of the directory itself, which .NET does not offer. Windows
/// has no such call. NTFS writes all changes of names into one log, in order: a flush of a file includes every change before it, so a file
/// with durable contents has its name. A rename is told to wait for the log, and files whose deletion a power cut undoes are deleted again
/// at the next start.
/// </summary>
internal static class DirectoryBarrier
{
    private const int ReadOnly = 0;
    private const int NoAccess = 13;
    private const int ReplaceExisting = 1;
    private const int WriteThrough = 8;

    /// <summary>Throws <see cref="IOException"/> if the directory cannot be flushed.</summary>
    public static void Flush(string path)
    {
        if (OperatingSystem.IsWindows())
            return;

        Flush(path, Synchronize, "fsync");
    }

    /// <summary>
    /// Makes the name of the directory itself survive. Its parent may be closed to this user, who may only pass through it: then the whole
    /// file system is flushed.
    /// </summary>
    /// <exception cref="IOException">It cannot be flushed.</exception>
    public static void FlushParent(string path)
    {
        try
        {
            Flush(Path.GetDirectoryName(path) ?? path);
        }
        catch (IOException refused) when (refused.HResult == NoAccess)
        {
            if (OperatingSystem.IsLinux()) Flush(path, SynchronizeFileSystem, "syncfs");
        }
    }

    /// <summary>Renames a file, replacing any file with the new name. Durable after <see cref="Flush(string)"/> of the directory.</summary>
    public static void Rename(string from, string to)
    {
        if (!OperatingSystem.IsWindows())
            File.Move(from, to, overwrite: true);
        else if (!MoveFile(from, to, ReplaceExisting | WriteThrough))
            throw new IOException($"{from} cannot be renamed to {to}: {Marshal.GetLastPInvokeErrorMessage().TrimEnd('.')}.",
                Marshal.GetHRForLastWin32Error());
    }

    private static void Flush(string path, Func<int, int> flush, string call)
    {
        var descriptor = OpenDirectory(path, ReadOnly);
        if (descriptor < 0)
        {
            // With the error number: a missing permission differs from a failed flush.
            var error = Marshal.GetLastPInvokeError();
            throw new IOException(Failure("open", path).Message, error);
        }

        try
        {
            if (flush(descriptor) != 0) throw Failure(call, path);
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

    [DllImport("libc", EntryPoint = "syncfs", SetLastError = true)]
    private static extern int SynchronizeFileSystem(int descriptor);

    [DllImport("libc", EntryPoint = "close", SetLastError = true)]
    private static extern int CloseDescriptor(int descriptor);

    [DllImport("kernel32", EntryPoint = "MoveFileExW", CharSet = CharSet.Unicode, SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static extern bool MoveFile(string from, string to, int flags);
}
