namespace Gateway.Store.Disk;

/// <summary>
/// One directory of the file system, as far as the store needs it. Two implementations: the real one and the simulated one of the tests.
/// Called by the thread that owns the store only. Each method throws <see cref="DiskRefusedException"/> when the file system refuses for
/// want of room or of a right, and another <see cref="IOException"/> when it fails; then the operation may have happened or not.
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

    /// <summary>The length of a file, open or not; it is not opened for that.</summary>
    long SizeBytes(string name);

    /// <summary>
    /// Fills the buffer from a file that may be open, from the offset on; returns fewer bytes only at the end of the file.
    /// </summary>
    int Look(string name, long offset, Span<byte> buffer);

    /// <summary>
    /// Opens an existing file for reading and writing; throws <see cref="FileNotFoundException"/> when there is none. A file is open once
    /// at a time, and neither renamed nor deleted while it is: Windows refuses that.
    /// </summary>
    IDiskFile Open(string name);

    /// <summary>
    /// Creates an empty file and opens it; throws when it exists. On return its name (not its contents) survives a power cut.
    /// </summary>
    IDiskFile Create(string name);

    /// <summary>Deletes a file, if there is one. The deletion survives a power cut.</summary>
    void Delete(string name);

    /// <summary>
    /// Renames a closed file over whatever has the new name, atomically: after a crash there is either the old name or the new one. On
    /// return it is the new one for good.
    /// </summary>
    void Rename(string from, string to);

    /// <summary>
    /// Writes bytes that were found damaged to a file in the folder <c>quarantine</c>, over what is there. Nothing is promised about them
    /// after a crash.
    /// </summary>
    void SetAside(string name, ReadOnlySpan<byte> bytes);
}
