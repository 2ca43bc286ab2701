namespace Gateway.Store.Disk.Files;

/// <summary>
/// The file system operations that the store needs, on one directory. Two implementations: the real one and the simulated one of the tests.
/// Called only by the thread that owns the store. Each method throws <see cref="DiskRefusedException"/> if the file system refuses for lack
/// of space or permission, and another <see cref="IOException"/> if it fails; the operation may then have happened or not.
/// </summary>
internal interface IDisk
{
    /// <summary>The directory, for messages to people.</summary>
    string Path { get; }

    /// <summary>Bytes that can still be written in this directory.</summary>
    long FreeBytes { get; }

    /// <summary>The largest file that this process may write now; <see cref="long.MaxValue"/> if there is no limit.</summary>
    long FileBytesMax { get; }

    /// <summary>Names of the files in the directory.</summary>
    IReadOnlyList<string> List();

    bool Exists(string name);

    /// <summary>The length of a file, open or not, without opening it.</summary>
    long SizeBytes(string name);

    /// <summary>Fills the buffer from a file, open or not, from the offset on; returns fewer bytes only at the end of the file.</summary>
    int Look(string name, long offset, Span<byte> buffer);

    /// <summary>
    /// Opens an existing file for reading and writing; throws <see cref="FileNotFoundException"/> if there is none. A file may be open only
    /// once, and must be neither renamed nor deleted meanwhile: Windows refuses that.
    /// </summary>
    IDiskFile Open(string name);

    /// <summary>
    /// Creates an empty file and opens it; throws if it exists. On return its name (not its contents) survives a power cut.
    /// </summary>
    IDiskFile Create(string name);

    /// <summary>Deletes a file if it exists. The deletion survives a power cut.</summary>
    void Delete(string name);

    /// <summary>
    /// Renames a closed file, replacing any file with the new name, atomically: after a crash it has either the old name or the new one. On
    /// return the new name is durable.
    /// </summary>
    void Rename(string from, string to);

    /// <summary>
    /// Writes damaged bytes to a file in the folder <c>quarantine</c>, replacing its contents. Not guaranteed to survive a crash.
    /// </summary>
    void SetAside(string name, ReadOnlySpan<byte> bytes);
}
