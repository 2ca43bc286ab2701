using Microsoft.Win32.SafeHandles;

namespace Gateway.Kernel;

/// <summary>
/// The one place where files are opened, so that what others may do with them meanwhile is decided for each use, for all systems alike.
/// Windows lets a second opening pass only if each of the two allows what the other does; Linux lets nearly everything pass, so that a
/// wrong mode shows nowhere but at the user's. Each method throws what <see cref="File.OpenHandle"/> does.
/// </summary>
internal static class FileDoor
{
    /// <summary>For reading and writing by its one owner; others, such as a backup, may read.</summary>
    public static SafeFileHandle OpenOwned(string path, FileMode mode) => File.OpenHandle(path, mode, FileAccess.ReadWrite, FileShare.Read);

    /// <summary>
    /// For one process alone, as long as it is open. On Windows others may read it, or a scanner that looks into it would pass for a second
    /// owner; on Unix nothing but <see cref="FileShare.None"/> excludes anybody.
    /// </summary>
    public static SafeFileHandle OpenExclusive(string path) =>
        File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, OperatingSystem.IsWindows() ? FileShare.Read : FileShare.None);

    /// <summary>For reading what others may be writing, renaming or deleting.</summary>
    public static FileStream OpenToRead(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

    /// <summary>A new file for writing, which others may read already; a file that is there is left alone.</summary>
    public static FileStream CreateToWrite(string path) => new(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read);

    /// <summary>For lines that are added to what is there, while others read it.</summary>
    public static StreamWriter AppendLines(string path) =>
        new(new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite)) { AutoFlush = true };

    /// <summary>The lines of a text that others may be writing.</summary>
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

    /// <summary>Puts bytes in the place of what a file holds; for files whose loss costs nothing.</summary>
    public static void Write(string path, ReadOnlySpan<byte> bytes)
    {
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read);
        file.Write(bytes);
    }

    /// <summary>The length of a file, whoever has it open: it is looked up, not opened.</summary>
    public static long SizeBytes(string path) => new FileInfo(path).Length;
}
