namespace Gateway.Kernel;

/// <summary>
/// Retries file operations that Windows refuses while another program has the file open without sharing it. Virus scanners, indexers and
/// backups do so briefly with every new file. Retries are limited in time and block the calling thread. Access that is denied is retried
/// for a moment only: a file that another program is just deleting denies it too, a missing right does so for good. On other systems open
/// files are no obstacle, and nothing is retried.
/// </summary>
/// <param name="limit">The total time limit for all attempts of one operation.</param>
internal sealed class FilePatience(TimeProvider time, bool isWindows, TimeSpan limit)
{
    private const int AccessDenied = 5;
    private const int SharingViolation = 32;
    private const int LockViolation = 33;
    private const int DeletePending = 303;
    private const int UserMappedFile = 1224;

    /// <summary>The facility part of HResults for Win32 codes.</summary>
    private const int Win32Facility = unchecked((int)0x80070000);

    private static readonly TimeSpan _pauseMin = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan _pauseMax = TimeSpan.FromMilliseconds(250);

    /// <summary>The time for which a denied access may mean a file that is being deleted.</summary>
    private static readonly TimeSpan _deniedLimitMax = TimeSpan.FromSeconds(1);

    private readonly TimeSpan _deniedLimit = limit < _deniedLimitMax ? limit : _deniedLimitMax;

    /// <summary>
    /// For the files of a store and for keys: longer than a scanner takes, shorter than a peer waits for an acknowledgement.
    /// </summary>
    public static FilePatience OfSystem { get; } = new(TimeProvider.System, OperatingSystem.IsWindows(), TimeSpan.FromSeconds(5));

    /// <summary>For callers that retry soon themselves and must not block.</summary>
    public static FilePatience None { get; } = new(TimeProvider.System, OperatingSystem.IsWindows(), TimeSpan.Zero);

    /// <summary>Runs the operation, and retries while another program holds the file. Other exceptions pass through.</summary>
    /// <exception cref="FileHeldException">The file was still held at the end of the limit.</exception>
    /// <exception cref="FileDeniedException">Access was denied, and still was a moment later.</exception>
    public T Run<T>(string path, Func<T> operation)
    {
        var began = time.GetTimestamp();
        for (var pause = _pauseMin; ; pause = pause * 2 < _pauseMax ? pause * 2 : _pauseMax)
        {
            try
            {
                return operation();
            }
            catch (Exception refused) when (isWindows && (IsHeld(refused) || IsDenied(refused)))
            {
                var waited = time.GetElapsedTime(began);
                if (IsDenied(refused) && waited + pause > _deniedLimit) throw new FileDeniedException(path, refused);
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

    /// <summary>The errors of Windows for a file in use.</summary>
    public static bool IsHeld(Exception refused) => refused is IOException && refused.HResult
        is (Win32Facility | SharingViolation) or (Win32Facility | LockViolation)
        or (Win32Facility | DeletePending) or (Win32Facility | UserMappedFile);

    /// <summary>
    /// The error of Windows for a missing right, and for opening or creating a file while it is being deleted.
    /// </summary>
    private static bool IsDenied(Exception refused) =>
        refused is UnauthorizedAccessException || (refused is IOException && refused.HResult == (Win32Facility | AccessDenied));

    private void Wait(TimeSpan pause)
    {
        using var over = new ManualResetEventSlim();
        using var timer = time.CreateTimer(_ => over.Set(), null, pause, Timeout.InfiniteTimeSpan);
        over.Wait();
    }
}
