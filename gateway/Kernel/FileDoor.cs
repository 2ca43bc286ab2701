using Microsoft.Win32.SafeHandles;

namespace Gateway.Kernel;

/// <summary>
/// The one place where files are opened, so that the share mode is chosen for each use and for all systems alike. Windows allows a second
/// opening only if each side shares what the other does; Linux allows nearly everything, so a wrong mode goes unnoticed in development.
/// Each method throws the exceptions of <see cref="File.OpenHandle"/>.
/// </summary>
internal static class FileDoor
{
    /// <summary>Opens a file for reading and writing by its only owner; others, such as a backup, may read.</summary>
    public static SafeFileHandle OpenOwned(string path, FileMode mode) => File.OpenHandle(path, mode, FileAccess.ReadWrite, FileShare.Read);

    /// <summary>
    /// Opens a file exclusively for one process. On Windows others may read it, or a scanner would pass for a second owner; on Unix only
    /// <see cref="FileShare.None"/> excludes others.
    /// </summary>
    public static SafeFileHandle OpenExclusive(string path) =>
        File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, OperatingSystem.IsWindows() ? FileShare.Read : FileShare.None);

    /// <summary>Opens a file for reading while others may write, rename or delete it.</summary>
    public static FileStream OpenToRead(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

    /// <summary>Creates a file for writing that others may already read; fails if it exists.</summary>
    public static FileStream CreateToWrite(string path) => new(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read);

    /// <summary>Opens a file for appending lines while others read it.</summary>
    public static StreamWriter AppendLines(string path) =>
        new(new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite)) { AutoFlush = true };

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

    /// <summary>Overwrites the contents of a file; only for files whose loss does no harm.</summary>
    public static void Write(string path, ReadOnlySpan<byte> bytes)
    {
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read);
        file.Write(bytes);
    }

    /// <summary>The length of a file, looked up without opening it, whoever has it open.</summary>
    public static long SizeBytes(string path) => new FileInfo(path).Length;
}
