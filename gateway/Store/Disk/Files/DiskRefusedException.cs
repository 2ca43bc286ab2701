namespace Gateway.Store.Disk.Files;

/// <summary>
/// Why a file system refuses an operation although nothing is broken: it succeeds again once space is freed or a permission restored.
/// </summary>
internal enum DiskRefusal
{
    /// <summary>No free block.</summary>
    NoSpace,

    /// <summary>Free blocks, but no free inode: too many files.</summary>
    NoInode,

    /// <summary>The disk quota of the gateway's user is exhausted.</summary>
    Quota,

    /// <summary>The file would exceed the size limit of the process or the file system.</summary>
    FileSizeLimit,

    /// <summary>The file system is mounted read-only.</summary>
    ReadOnly,

    /// <summary>The gateway has no, or no longer, permission to do this in its folder.</summary>
    Permission,
}

/// <summary>
/// The disk has refused for one of the reasons of <see cref="DiskRefusal"/>. Replaces the four different exception types that .NET throws
/// for them; for a file that would be too large that is not even an <see cref="IOException"/>.
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

    /// <summary>More space would help, so the reserve can.</summary>
    public bool IsForRoom => reason is DiskRefusal.NoSpace or DiskRefusal.NoInode or DiskRefusal.Quota;

    /// <summary>The refusal behind an exception, or null if there is none.</summary>
    public static DiskRefusedException? In(Exception? exception)
    {
        while (exception is not null and not DiskRefusedException) exception = exception.InnerException;
        return exception as DiskRefusedException;
    }

    /// <summary>Maps an exception of .NET to a refusal; null if it is none.</summary>
    public static DiskRefusal? ReasonOf(Exception exception) => exception switch
    {
        // RandomAccess turns EFBIG into this.
        ArgumentOutOfRangeException => DiskRefusal.FileSizeLimit,
        UnauthorizedAccessException => DiskRefusal.Permission,
        FileNotFoundException or DirectoryNotFoundException => null,
        IOException => OperatingSystem.IsWindows() ? OfWindows(exception.HResult & 0xFFFF) : OfUnix(exception.HResult),
        _ => null,
    };

    /// <summary>Maps an error number of the system to a refusal.</summary>
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
