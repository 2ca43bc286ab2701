using Microsoft.Win32.SafeHandles;

namespace Gateway.Kernel;

/// <summary>
/// The one place where files are opened, so that the share mode is chosen for each use and for all systems alike. Windows allows a second
/// opening only if each side shares what the other does; Linux allows nearly everything, so a wrong mode goes unnoticed in development.
/// Each method throws the exceptions of <see cref="File.OpenHandle"/>.
/// </summary>
internal static class FileDoor
{
    /// <summary>Opens a file for reading and writing by its only user; on Windows others, such as a backup, may read meanwhile.</summary>
    public static SafeFileHandle OpenOwned(string path) => File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read);

    /// <summary>Creates a file likewise, for its owner alone; fails if it exists.</summary>
    /// <param name="owner">The owner of files that root makes here; null for root.</param>
    public static SafeFileHandle CreateOwned(string path, FileOwner? owner) => HandleOf(Create(path, FileShare.Read, owner));

    /// <summary>
    /// Opens a file exclusively for one process, creating it for its owner alone. On Windows others may read it, or a scanner would pass
    /// for a second process; on Unix only <see cref="FileShare.None"/> excludes others.
    /// </summary>
    /// <inheritdoc cref="CreateOwned"/>
    public static SafeFileHandle OpenExclusive(string path, FileOwner? owner)
    {
        var share = OperatingSystem.IsWindows() ? FileShare.Read : FileShare.None;
        return OpenOrCreate(
            path, () => File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, share), () => HandleOf(Create(path, share, owner)));
    }

    /// <summary>Opens a file for reading while others may write, rename or delete it.</summary>
    public static FileStream OpenToRead(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

    /// <summary>
    /// Creates a file of its owner alone, for writing while other programs of the same user may already read it; fails if it exists.
    /// </summary>
    public static FileStream CreateToWrite(string path) => OwnersOnly.Create(path, FileAccess.Write, FileShare.Read);

    /// <summary>Creates a file for measurements, which is deleted when its handle is closed; fails if it exists.</summary>
    public static SafeFileHandle CreateTemporary(string path) =>
        File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.Delete, FileOptions.DeleteOnClose);

    /// <summary>Opens a file of its owner alone for appending lines while other programs of the same user read it.</summary>
    public static StreamWriter AppendLines(string path) => new(OpenToAppend(path)) { AutoFlush = true };

    /// <summary>Likewise for bytes, which are not buffered.</summary>
    public static FileStream OpenToAppend(string path)
    {
        const FileShare Share = FileShare.ReadWrite | FileShare.Delete;
        var file = OpenOrCreate(path, () => new FileStream(path, FileMode.Open, FileAccess.Write, Share, bufferSize: 0),
            () => OwnersOnly.Create(path, FileAccess.Write, Share));
        file.Seek(0, SeekOrigin.End);
        return file;
    }

    /// <summary>Reads the lines of a text that others may be writing.</summary>
    public static IEnumerable<string> ReadLines(string path)
    {
        using var reader = new StreamReader(OpenToRead(path));
        while (reader.ReadLine() is { } line) yield return line;
    }

    public static async Task<string> ReadTextAsync(string path, CancellationToken cancellationToken = default)
    {
        using var reader = new StreamReader(OpenToRead(path));
        return await reader.ReadToEndAsync(cancellationToken);
    }

    public static string ReadText(string path)
    {
        using var reader = new StreamReader(OpenToRead(path));
        return reader.ReadToEnd();
    }

    public static byte[] ReadBytes(string path)
    {
        using var file = OpenToRead(path);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>Overwrites the contents of a file of its owner alone; only for files whose loss does no harm.</summary>
    /// <inheritdoc cref="CreateOwned"/>
    public static void Write(string path, ReadOnlySpan<byte> bytes, FileOwner? owner)
    {
        using var file = OpenOrCreate(
            path, () => new FileStream(path, FileMode.Truncate, FileAccess.Write, FileShare.Read), () =>
                Create(path, FileShare.Read, owner));
        file.Write(bytes);
    }

    /// <summary>The length of a file, looked up without opening it, whoever has it open.</summary>
    public static long SizeBytes(string path) => new FileInfo(path).Length;

    /// <summary>In two steps, for only a file that was created here is given away: a link may lead anywhere.</summary>
    private static T OpenOrCreate<T>(string path, Func<T> open, Func<T> create)
    {
        while (true)
        {
            try
            {
                return open();
            }
            catch (FileNotFoundException)
            {
                // Then it is created.
            }

            try
            {
                return create();
            }
            catch (IOException) when (File.Exists(path))
            {
                // Another process has created it meanwhile.
            }
        }
    }

    /// <summary>On Windows the file gets the rights of its folder, so that it is the same users' whoever makes it.</summary>
    private static FileStream Create(string path, FileShare share, FileOwner? owner)
    {
        var file = OperatingSystem.IsWindows() ? new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, share, bufferSize: 0)
            : OwnersOnly.Create(path, FileAccess.ReadWrite, share);
        try
        {
            owner?.Take(file.SafeFileHandle, path);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The stream has no buffer, and leaves the handle to its caller.</summary>
    private static SafeFileHandle HandleOf(FileStream file)
    {
        GC.SuppressFinalize(file);
        return file.SafeFileHandle;
    }
}
