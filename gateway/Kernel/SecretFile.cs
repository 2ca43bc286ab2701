using System.Runtime.Versioning;
using System.Security.AccessControl;
using System.Security.Principal;

namespace Gateway.Kernel;

/// <summary>
/// A file with a key or a token, which its owner alone may read. On Windows, as is the custom there, the system and the administrators may
/// as well: they could take the right for themselves anyhow.
/// </summary>
internal static class SecretFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Others = UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
    private const int BufferBytes = 4096;

    /// <summary>Makes a new one; nobody else can read it at any moment. A file that is there is left alone.</summary>
    /// <exception cref="IOException">It is there already, or cannot be written.</exception>
    public static void Create(string path, string text)
    {
        using var file = OperatingSystem.IsWindows()
            ? new FileInfo(path).Create(FileMode.CreateNew, FileSystemRights.Write, FileShare.None, BufferBytes, FileOptions.None,
                OwnersRights())
            : new FileStream(path, new FileStreamOptions
            { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None, UnixCreateMode = OwnerOnly });
        using var writer = new StreamWriter(file);
        writer.WriteLine(text);
    }

    /// <summary>Users of this host other than its owner, and on Unix its group, can read the file, or write it.</summary>
    public static bool IsOpen(string path) =>
        OperatingSystem.IsWindows() ? IsOpenOnWindows(path) : (File.GetUnixFileMode(path) & Others) != 0;

    [SupportedOSPlatform("windows")]
    private static FileSecurity OwnersRights()
    {
        var rights = new FileSecurity();
        // What the folder allows others is not inherited.
        rights.SetAccessRuleProtection(isProtected: true, preserveInheritance: false);
        using var user = WindowsIdentity.GetCurrent();
        SecurityIdentifier[] trusted = [user.User!, new(WellKnownSidType.LocalSystemSid, null),
            new(WellKnownSidType.BuiltinAdministratorsSid, null)];
        foreach (var one in trusted)
            rights.AddAccessRule(new FileSystemAccessRule(one, FileSystemRights.FullControl, AccessControlType.Allow));
        return rights;
    }

    [SupportedOSPlatform("windows")]
    private static bool IsOpenOnWindows(string path)
    {
        const FileSystemRights Looking =
            FileSystemRights.ReadData | FileSystemRights.WriteData | FileSystemRights.ChangePermissions | FileSystemRights.TakeOwnership;
        SecurityIdentifier[] everybody =
        [
            new(WellKnownSidType.WorldSid, null), new(WellKnownSidType.AuthenticatedUserSid, null),
                new(WellKnownSidType.BuiltinUsersSid, null), new(WellKnownSidType.BuiltinGuestsSid, null),
        ];
        return new FileInfo(path).GetAccessControl()
            .GetAccessRules(includeExplicit: true, includeInherited: true, typeof(SecurityIdentifier))
            .Cast<FileSystemAccessRule>()
            .Any(rule => rule.AccessControlType == AccessControlType.Allow
                && (rule.FileSystemRights & Looking) != 0 && everybody.Contains(rule.IdentityReference));
    }
}
