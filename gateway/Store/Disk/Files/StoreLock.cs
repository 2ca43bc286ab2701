using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Gateway.Store.Disk.Files;

/// <summary>
/// The exclusive right to use a store's directory, held from <see cref="Take"/> to <see cref="Dispose"/>. The operating system releases it
/// when the process ends for any reason, so a leftover lock file locks nothing. The process id is in a second file, since a locked file is
/// not readable on every system.
/// </summary>
internal sealed class StoreLock : IDisposable
{
    public const string LockName = "store.lock";
    public const string OwnerName = "store.pid";

    private const int WouldBlockLinux = 11;
    private const int WouldBlockMac = 35;

    /// <summary>After a process was killed, Windows may take a moment to release its files.</summary>
    private static readonly FilePatience _patience = new(TimeProvider.System, OperatingSystem.IsWindows(), TimeSpan.FromSeconds(2));

    private readonly SafeFileHandle _handle;

    private StoreLock(SafeFileHandle handle, string? openness) => (_handle, Openness) = (handle, openness);

    /// <summary>Why other users of this host may look into the folder; null if they may not.</summary>
    public string? Openness { get; }

    /// <summary>
    /// Locks the directory, creating it if necessary, and closes it to other users. Throws <see cref="StoreInUseException"/>, naming the
    /// holder, if it is locked by another process or by this one.
    /// </summary>
    public static StoreLock Take(string directory)
    {
        var path = StoreFolder.Create(directory);
        RequireOwner(path);
        // Before the lock: nobody else can open a file that is closed, and so nobody else can lock it.
        var openness = Closed(path);
        var owner = StoreFolder.OwnerOf(path);
        var handle = OpenExclusive(path, owner);
        try
        {
            WriteOwner(Path.Combine(path, OwnerName), owner);
            return new StoreLock(handle, openness);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    public void Dispose() => _handle.Dispose();

    /// <summary>The store's own user could not open files that another user makes in the folder.</summary>
    private static void RequireOwner(string path)
    {
        if (FileOwner.IsRoot || FileOwner.Of(Path.Combine(path, LockName)) is not { IsThisUser: false } owner) return;
        throw new DiskRefusedException(DiskRefusal.Permission,
            $"the store in {path} belongs to {owner}, and this process runs as another: run it as {owner}, or as root");
    }

    private static string? Closed(string path)
    {
        try
        {
            return StoreFolder.Close(path);
        }
        catch (Exception refused) when (DiskRefusedException.ReasonOf(refused) is { } reason)
        {
            throw new DiskRefusedException(reason, $"{path} cannot be opened: {refused.Message}", refused);
        }
    }

    private static SafeFileHandle OpenExclusive(string path, FileOwner? owner)
    {
        try
        {
            return _patience.Run(path, () => FileDoor.OpenExclusive(Path.Combine(path, LockName), owner));
        }
        catch (IOException refused) when (refused is FileHeldException || IsTaken(refused.HResult))
        {
            throw new StoreInUseException(path, Holder(Path.Combine(path, OwnerName)));
        }
        catch (Exception refused) when (DiskRefusedException.ReasonOf(refused) is { } reason)
        {
            throw new DiskRefusedException(reason, $"{Path.Combine(path, LockName)} cannot be opened for writing: {refused.Message}",
                refused);
        }
    }

    /// <summary>For people; a full disk may have no room for it, and the lock holds without.</summary>
    private static void WriteOwner(string path, FileOwner? owner)
    {
        try
        {
            var pid = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
            FilePatience.OfSystem.Run(path, () => FileDoor.Write(path, Encoding.ASCII.GetBytes(pid), owner));
        }
        catch (Exception refused) when (DiskRefusedException.ReasonOf(refused) is not null)
        {
            return;
        }
    }

    private static bool IsTaken(int result) =>
        (OperatingSystem.IsLinux() && result == WouldBlockLinux) || (OperatingSystem.IsMacOS() && result == WouldBlockMac);

    private static string Holder(string ownerFile)
    {
        try
        {
            return $"process {int.Parse(FileDoor.ReadText(ownerFile), CultureInfo.InvariantCulture)}";
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or FormatException or OverflowException)
        {
            return "a process that has not written its id yet";
        }
    }
}
