using System.Runtime.Versioning;
using System.Security.AccessControl;
using System.Security.Principal;

namespace Gateway.Kernel;

/// <summary>
/// The rights of the files that the gateway makes: their owner has them alone, from the first moment. No other user may read messages,
/// keys and exports, and no other user can lock a file that only its owner can open. On Windows the system and the administrators keep
/// their rights, as is customary: they could grant themselves any.
/// </summary>
internal static class OwnersOnly
{
    private const UnixFileMode OfFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OfFolder = OfFile | UnixFileMode.UserExecute;

    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private const UnixFileMode NotOfFile = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private const UnixFileMode Strangers = UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <summary>Creates a file; fails if it exists. Unbuffered, so that its handle can be used beside it.</summary>
    /// <exception cref="IOException">It exists, or the path is one that <see cref="FileNames.RequireNoDevice"/> refuses.</exception>
    public static FileStream Create(string path, FileAccess access, FileShare share)
    {
        const int BufferBytes = 1;
        FileNames.RequireNoDevice(path);
        if (OperatingSystem.IsWindows())
        {
            var rights = access == FileAccess.Write ? FileSystemRights.Write : FileSystemRights.Read | FileSystemRights.Write;
            return new FileInfo(path).Create(FileMode.CreateNew, rights, share, BufferBytes, FileOptions.None, RightsOfFile());
        }

        return new FileStream(path, new FileStreamOptions
        { Mode = FileMode.CreateNew, Access = access, Share = share, UnixCreateMode = OfFile, BufferSize = 0 });
    }

    /// <summary>Creates the folder, and those above it, unless they are there.</summary>
    /// <returns>True if it was created.</returns>
    /// <exception cref="IOException">The path is one that <see cref="FileNames.RequireNoDevice"/> refuses.</exception>
    public static bool CreateFolder(string path)
    {
        if (Directory.Exists(path)) return false;
        FileNames.RequireNoDevice(path);
        if (OperatingSystem.IsWindows()) RightsOfFolder().CreateDirectory(path);
        else Directory.CreateDirectory(path, OfFolder);
        return true;
    }

    /// <summary>
    /// Creates a file with the rights of another one, its owner and its group; it is its owner's alone until it has them.
    /// On Windows it gets the rights of its folder.
    /// </summary>
    /// <exception cref="IOException">It exists already.</exception>
    /// <exception cref="UnauthorizedAccessException">This process may not give it to that owner.</exception>
    public static FileStream CreateLike(string path, string model)
    {
        if (OperatingSystem.IsWindows()) return new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read);
        var file = Create(path, FileAccess.Write, FileShare.Read);
        if (!File.Exists(model)) return file;
        try
        {
            FileOwner.Of(model)?.Give(file.SafeFileHandle, path);
            File.SetUnixFileMode(file.SafeFileHandle, File.GetUnixFileMode(model) & ~NotOfFile);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Creates a folder, unless it is there, into which all may look who may read a file.</summary>
    /// <inheritdoc cref="CreateLike"/>
    public static void CreateFolderLike(string path, string model)
    {
        if (Directory.Exists(path)) return;
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
            return;
        }

        Directory.CreateDirectory(path, OfFolder);
        if (!File.Exists(model)) return;
        FileOwner.Of(model)?.Give(path);
        var mode = File.GetUnixFileMode(model);
        var folder = OfFolder;
        if (mode.HasFlag(UnixFileMode.GroupRead)) folder |= UnixFileMode.GroupRead | UnixFileMode.GroupExecute;
        if (mode.HasFlag(UnixFileMode.OtherRead)) folder |= UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
        File.SetUnixFileMode(path, folder);
    }

    /// <summary>True if others can read or write the file or folder; on Unix the members of its group are not counted.</summary>
    public static bool IsOpen(string path) =>
        OperatingSystem.IsWindows() ? RightsOfEverybody(Directory.Exists(path) ? new DirectoryInfo(path).GetAccessControl()
                : new FileInfo(path).GetAccessControl()).Any()
            : (File.GetUnixFileMode(path) & Strangers) != 0;

    /// <summary>Takes the rights of all others to a file or a folder away.</summary>
    /// <returns>False if others keep some: this user may not change it, or the file system knows no rights.</returns>
    public static bool Narrow(string path)
    {
        try
        {
            return OperatingSystem.IsWindows() ? NarrowOnWindows(path) : NarrowOnUnix(path);
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            // A path that does not exist is open to no one.
            return true;
        }
        catch (Exception refused) when (refused is UnauthorizedAccessException or IOException)
        {
            return false;
        }
    }

    [UnsupportedOSPlatform("windows")]
    private static bool NarrowOnUnix(string path)
    {
        var mode = File.GetUnixFileMode(path);
        if ((mode & Others) == 0) return true;
        // A folder for everybody's files, such as /tmp.
        if ((mode & UnixFileMode.StickyBit) != 0) return false;
        File.SetUnixFileMode(path, mode & ~Others);
        return (File.GetUnixFileMode(path) & Others) == 0;
    }

    /// <summary>Inherited rights become the file's or folder's own, without everybody's.</summary>
    [SupportedOSPlatform("windows")]
    private static bool NarrowOnWindows(string path)
    {
        if (Directory.Exists(path))
        {
            var folder = new DirectoryInfo(path);
            return Narrow(() => folder.GetAccessControl(), rights => folder.SetAccessControl((DirectorySecurity)rights), ForAllIn);
        }

        var file = new FileInfo(path);
        return Narrow(() => file.GetAccessControl(), rights => file.SetAccessControl((FileSecurity)rights), ForIt);
    }

    [SupportedOSPlatform("windows")]
    private static bool Narrow(
        Func<FileSystemSecurity> read, Action<FileSystemSecurity> write, Func<SecurityIdentifier, FileSystemAccessRule> ruleOf)
    {
        var rights = read();
        var everybody = RightsOfEverybody(rights).Select(rule => rule.IdentityReference).Distinct().ToList();
        if (everybody.Count == 0) return true;
        rights.SetAccessRuleProtection(isProtected: true, preserveInheritance: true);
        write(rights);
        rights = read();
        foreach (var one in everybody) rights.PurgeAccessRules(one);
        foreach (var one in Trusted()) rights.AddAccessRule(ruleOf(one));
        write(rights);
        return !RightsOfEverybody(read()).Any();
    }

    [SupportedOSPlatform("windows")]
    private static FileSecurity RightsOfFile()
    {
        var rights = new FileSecurity();
        // The folder's permissions are not inherited.
        rights.SetAccessRuleProtection(isProtected: true, preserveInheritance: false);
        foreach (var one in Trusted()) rights.AddAccessRule(ForIt(one));
        return rights;
    }

    [SupportedOSPlatform("windows")]
    private static DirectorySecurity RightsOfFolder()
    {
        var rights = new DirectorySecurity();
        rights.SetAccessRuleProtection(isProtected: true, preserveInheritance: false);
        foreach (var one in Trusted()) rights.AddAccessRule(ForAllIn(one));
        return rights;
    }

    [SupportedOSPlatform("windows")]
    private static FileSystemAccessRule ForIt(SecurityIdentifier who) => new(who, FileSystemRights.FullControl, AccessControlType.Allow);

    [SupportedOSPlatform("windows")]
    private static FileSystemAccessRule ForAllIn(SecurityIdentifier who) => new(who, FileSystemRights.FullControl,
        InheritanceFlags.ContainerInherit | InheritanceFlags.ObjectInherit, PropagationFlags.None, AccessControlType.Allow);

    [SupportedOSPlatform("windows")]
    private static SecurityIdentifier[] Trusted()
    {
        using var user = WindowsIdentity.GetCurrent();
        return [user.User!, new(WellKnownSidType.LocalSystemSid, null), new(WellKnownSidType.BuiltinAdministratorsSid, null)];
    }

    [SupportedOSPlatform("windows")]
    private static IEnumerable<FileSystemAccessRule> RightsOfEverybody(FileSystemSecurity rights)
    {
        const FileSystemRights Looking =
            FileSystemRights.ReadData | FileSystemRights.WriteData | FileSystemRights.ChangePermissions | FileSystemRights.TakeOwnership;
        SecurityIdentifier[] everybody =
        [
            new(WellKnownSidType.WorldSid, null), new(WellKnownSidType.AuthenticatedUserSid, null),
            new(WellKnownSidType.BuiltinUsersSid, null), new(WellKnownSidType.BuiltinGuestsSid, null),
        ];
        return rights.GetAccessRules(includeExplicit: true, includeInherited: true, typeof(SecurityIdentifier))
            .Cast<FileSystemAccessRule>()
            .Where(rule => rule.AccessControlType == AccessControlType.Allow
                && (rule.FileSystemRights & Looking) != 0 && everybody.Contains(rule.IdentityReference));
    }
}
