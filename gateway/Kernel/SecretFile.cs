using System.Runtime.Versioning;
using System.Security.AccessControl;
using System.Security.Principal;

namespace Gateway.Kernel;

/// <summary>
/// A file with a key or token that only its owner may read. On Windows the system and the administrators may too, as is customary: they
/// could grant themselves the right anyway.
/// </summary>
internal static class SecretFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Others = UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
    private const int BufferBytes = 4096;

    /// <summary>Creates a file that is never readable by others, not even briefly. An existing file is left alone.</summary>
    /// <exception cref="IOException">The file exists or cannot be written.</exception>
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

    /// <summary>True if other users of this host can read or write the file; on Unix that includes its group.</summary>
    public static bool IsOpen(string path) =>
        OperatingSystem.IsWindows() ? IsOpenOnWindows(path) : (File.GetUnixFileMode(path) & Others) != 0;

    [SupportedOSPlatform("windows")]
    private static FileSecurity OwnersRights()
    {
        var rights = new FileSecurity();
        // The folder's permissions are not inherited.
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
