using System.Runtime.InteropServices;

namespace Gateway.Store.Disk.Files;

/// <summary>The file size limit of this process (<c>ulimit -f</c>), and the effect of exceeding it.</summary>
internal static class FileLimits
{
    private const int FileSizeSignal = 25;
    private const int FileSizeResource = 1;
    private const nint Ignore = 1;

    /// <summary>
    /// By default a write beyond the limit ends the process by a signal; from here on it fails like any other refused write.
    /// </summary>
    public static void IgnoreSignal()
    {
        if (!OperatingSystem.IsWindows()) _ = SetSignal(FileSizeSignal, Ignore);
    }

    /// <summary>The current limit, which may change while the process runs; <see cref="long.MaxValue"/> if there is none.</summary>
    public static long FileBytesMax
    {
        get
        {
            if (OperatingSystem.IsWindows() || GetLimit(FileSizeResource, out var limit) != 0) return long.MaxValue;
            return limit.Current > long.MaxValue ? long.MaxValue : (long)limit.Current;
        }
    }

    [DllImport("libc", EntryPoint = "signal", SetLastError = true)]
    private static extern nint SetSignal(int signal, nint handler);

    [DllImport("libc", EntryPoint = "getrlimit", SetLastError = true)]
    private static extern int GetLimit(int resource, out Limit limit);

    [StructLayout(LayoutKind.Sequential)]
    private struct Limit
    {
        public ulong Current;
        public ulong Max;
    }
}
