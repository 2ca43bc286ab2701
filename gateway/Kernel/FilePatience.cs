namespace Gateway.Kernel;

/// <summary>
/// Windows refuses to open, rename or delete a file while another program has it open without sharing it, as virus scanners, indexers and
/// backups do for a moment with every file that was just written. So what is refused for that reason is tried again, for a limited time.
/// Blocks the calling thread. Elsewhere open files are no obstacle, and nothing is tried twice.
/// </summary>
/// <param name="limit">The longest time to wait, over all attempts of one operation.</param>
internal sealed class FilePatience(TimeProvider time, bool isWindows, TimeSpan limit)
{
    private const int AccessDenied = 5;
    private const int SharingViolation = 32;
    private const int LockViolation = 33;
    private const int DeletePending = 303;
    private const int UserMappedFile = 1224;

    /// <summary>What HResults of Win32 codes begin with.</summary>
    private const int Win32Facility = unchecked((int)0x80070000);

    private static readonly TimeSpan _pauseMin = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan _pauseMax = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// For the files of a store and of keys: longer than a scanner takes, shorter than a peer waits for an acknowledgement.
    /// </summary>
    public static FilePatience OfSystem { get; } = new(TimeProvider.System, OperatingSystem.IsWindows(), TimeSpan.FromSeconds(5));

    /// <summary>For those who come again soon, and are waited for meanwhile.</summary>
    public static FilePatience None { get; } = new(TimeProvider.System, OperatingSystem.IsWindows(), TimeSpan.Zero);

    /// <summary>Does it, and does it again while another program holds the file. Whatever else is thrown comes through.</summary>
    /// <exception cref="FileHeldException">It was held until the end of the limit.</exception>
    public T Run<T>(string path, Func<T> operation)
    {
        var began = time.GetTimestamp();
        for (var pause = _pauseMin; ; pause = pause * 2 < _pauseMax ? pause * 2 : _pauseMax)
        {
            try
            {
                return operation();
            }
            catch (Exception refused) when (isWindows && IsHeld(refused))
            {
                var waited = time.GetElapsedTime(began);
                if (waited + pause > limit) throw new FileHeldException(path, waited, refused);
            }

            Wait(pause);
        }
    }

    public void Run(string path, Action operation) => Run(path, () =>
    {
        operation();
        return true;
    });

    /// <summary>
    /// What Windows answers when somebody has the file open: to an open or a rename a sharing violation, to the deletion or creation of a
    /// file that is being deleted that access is denied.
    /// </summary>
    public static bool IsHeld(Exception refused) => refused switch
    {
        UnauthorizedAccessException => true,
        IOException => refused.HResult is (Win32Facility | SharingViolation)
            or (Win32Facility | LockViolation) or (Win32Facility | AccessDenied)
            or (Win32Facility | DeletePending) or (Win32Facility | UserMappedFile),
        _ => false,
    };

    private void Wait(TimeSpan pause)
    {
        using var over = new ManualResetEventSlim();
        using var timer = time.CreateTimer(_ => over.Set(), null, pause, Timeout.InfiniteTimeSpan);
        over.Wait();
    }
}
