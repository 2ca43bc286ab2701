using System.Runtime.InteropServices;

namespace Gateway.Doctor.Probes;

/// <summary>The inodes of a file system.</summary>
/// <param name="All">0 if it has no fixed number.</param>
/// <param name="Free">Those that an ordinary user can take.</param>
internal sealed record InodeCount(long All, long Free)
{
    /// <summary>Larger than the structure of any library of C.</summary>
    private const int Words = 64;

    /// <summary>Null if the system does not tell; on Windows there are none to count.</summary>
    public static InodeCount? Of(string path)
    {
        if (OperatingSystem.IsWindows()) return new InodeCount(0, 0);
        if (!OperatingSystem.IsLinux() || !Environment.Is64BitProcess) return null;
        // f_bsize, f_frsize, f_blocks, f_bfree, f_bavail, f_files, f_ffree, f_favail (statvfs(3)), each of 64 bits.
        var words = new long[Words];
        return Look(path, words) == 0 ? new InodeCount(words[5], words[7]) : null;
    }

    [DllImport("libc", EntryPoint = "statvfs", SetLastError = true)]
    private static extern int Look([MarshalAs(UnmanagedType.LPUTF8Str)] string path, [Out] long[] words);
}
