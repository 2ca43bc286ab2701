namespace Gateway.Store.Disk;

/// <summary>
/// Why a file system refuses something although nothing is broken: it grants it again when somebody has made room, or given back a right.
/// </summary>
internal enum DiskRefusal
{
    /// <summary>No block is left.</summary>
    NoSpace,

    /// <summary>Blocks are left, but no inode: too many files.</summary>
    NoInode,

    /// <summary>The user of the gateway has used up what he may.</summary>
    Quota,

    /// <summary>The file would be larger than the process, or the file system, lets a file be.</summary>
    FileSizeLimit,

    /// <summary>The file system is mounted read-only.</summary>
    ReadOnly,

    /// <summary>The gateway may not do this in its folder, or not any more.</summary>
    Permission,
}

/// <summary>
/// The disk has refused for one of the reasons of <see cref="DiskRefusal"/>. Thrown in place of what .NET throws for them, which is of four
/// different types; for a file that would be too large it is not even an <see cref="IOException"/>.
/// </summary>
internal sealed class DiskRefusedException(DiskRefusal reason, string message, Exception? cause = null) : IOException(message, cause)
{
    /// <summary>EFBIG.</summary>
    public const int FileTooLarge = 27;

    private const int NoPermission = 1;
    private const int NoAccess = 13;
    private const int NoSpaceLeft = 28;
    private const int ReadOnlyFileSystem = 30;
    private const int QuotaExceededMac = 69;
    private const int QuotaExceededLinux = 122;

    public DiskRefusal Reason => reason;

    /// <summary>Room would help, and so the reserve can.</summary>
    public bool IsForRoom => reason is DiskRefusal.NoSpace or DiskRefusal.NoInode or DiskRefusal.Quota;

    /// <summary>The refusal behind an exception, or null when something else is.</summary>
    public static DiskRefusedException? In(Exception? exception)
    {
        while (exception is not null and not DiskRefusedException) exception = exception.InnerException;
        return exception as DiskRefusedException;
    }

    /// <summary>Which refusal an exception of .NET stands for, if any.</summary>
    public static DiskRefusal? ReasonOf(Exception exception) => exception switch
    {
        // What RandomAccess makes of EFBIG.
        ArgumentOutOfRangeException => DiskRefusal.FileSizeLimit,
        UnauthorizedAccessException => DiskRefusal.Permission,
        FileNotFoundException or DirectoryNotFoundException => null,
        IOException => OperatingSystem.IsWindows() ? OfWindows(exception.HResult & 0xFFFF) : OfUnix(exception.HResult),
        _ => null,
    };

    /// <summary>The same for an error number of the system.</summary>
    public static DiskRefusal? OfUnix(int error) => error switch
    {
        NoSpaceLeft => DiskRefusal.NoSpace,
        QuotaExceededLinux or QuotaExceededMac => DiskRefusal.Quota,
        FileTooLarge => DiskRefusal.FileSizeLimit,
        ReadOnlyFileSystem => DiskRefusal.ReadOnly,
        NoAccess or NoPermission => DiskRefusal.Permission,
        _ => null,
    };

    private static DiskRefusal? OfWindows(int error) => error switch
    {
        112 or 39 => DiskRefusal.NoSpace, // ERROR_DISK_FULL, ERROR_HANDLE_DISK_FULL
        1295 => DiskRefusal.Quota, // ERROR_DISK_QUOTA_EXCEEDED
        223 => DiskRefusal.FileSizeLimit, // ERROR_FILE_TOO_LARGE
        19 => DiskRefusal.ReadOnly, // ERROR_WRITE_PROTECT
        5 => DiskRefusal.Permission, // ERROR_ACCESS_DENIED
        _ => null,
    };
}
