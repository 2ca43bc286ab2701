using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Gateway.Kernel;

/// <summary>
/// The user and group to whom the files in a folder belong. A program that runs as root makes its files there for them, not for root: the
/// service that uses the folder could not open root's. Known on Linux only; on Windows new files take the rights of their folder.
/// </summary>
internal sealed record FileOwner(uint User, uint Group)
{
    private const uint Root = 0;
    private const int CurrentDirectory = -100;
    private const int NotThroughLinks = 0x100;
    private const uint UserAndGroup = 0x18;

    /// <summary>This process may use and give away the files of every user.</summary>
    public static bool IsRoot => OperatingSystem.IsLinux() && EffectiveUser() == Root;

    /// <summary>The files are those of the user of this process.</summary>
    public bool IsThisUser => User == EffectiveUser();

    /// <summary>
    /// The owner of the file or folder itself, not of the target of a link; null if it is not known here, or there is none.
    /// </summary>
    public static FileOwner? Of(string path)
    {
        if (!OperatingSystem.IsLinux()) return null;
        return Status(CurrentDirectory, path, NotThroughLinks, UserAndGroup, out var found) == 0 ? new FileOwner(found.User, found.Group)
            : null;
    }

    /// <summary>Gives a file that root has just made to this owner.</summary>
    /// <exception cref="UnauthorizedAccessException">This process may not.</exception>
    public void Take(SafeFileHandle made, string path)
    {
        if (IsRoot && !IsThisUser && ChangeOwner(made, User, Group) != 0) throw Refused(path);
    }

    /// <summary>The same with a folder.</summary>
    /// <exception cref="UnauthorizedAccessException">This process may not.</exception>
    public void Take(string folder)
    {
        if (IsRoot && !IsThisUser && ChangeOwnerOfName(folder, User, Group) != 0) throw Refused(folder);
    }

    /// <summary>Gives a file that this process has just made to this owner and group, whoever runs it.</summary>
    /// <exception cref="UnauthorizedAccessException">This process may not.</exception>
    public void Give(SafeFileHandle made, string path)
    {
        if (Of(path) != this && ChangeOwner(made, User, Group) != 0) throw Refused(path);
    }

    /// <summary>The same with a folder.</summary>
    /// <exception cref="UnauthorizedAccessException">This process may not.</exception>
    public void Give(string folder)
    {
        if (Of(folder) != this && ChangeOwnerOfName(folder, User, Group) != 0) throw Refused(folder);
    }

    public override string ToString() => $"user {User}";

    private UnauthorizedAccessException Refused(string path) =>
        new($"{path} could not be given to {this}, to whom the files beside it belong: "
            + $"{Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}. Run this as {this}.");

    [DllImport("libc", EntryPoint = "geteuid")]
    private static extern uint EffectiveUser();

    [DllImport("libc", EntryPoint = "statx", SetLastError = true)]
    private static extern int Status(int folder, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint wanted,
        out FileStatus found);

    [DllImport("libc", EntryPoint = "fchown", SetLastError = true)]
    private static extern int ChangeOwner(SafeFileHandle file, uint user, uint group);

    [DllImport("libc", EntryPoint = "lchown", SetLastError = true)]
    private static extern int ChangeOwnerOfName([MarshalAs(UnmanagedType.LPUTF8Str)] string path, uint user, uint group);

    /// <summary>The structure <c>statx</c>, which is the same on all processors, as far as it is read here.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct FileStatus
    {
        [FieldOffset(20)]
        public uint User;

        [FieldOffset(24)]
        public uint Group;
    }
}
