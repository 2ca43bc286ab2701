namespace Gateway.Store.Disk;

/// <summary>
/// An open file, read and written at explicit offsets. Reads and writes may come from two threads at once as long as their ranges do not
/// overlap: LiteDB writes the log on a thread of its own. All methods throw <see cref="DiskRefusedException"/> when the disk has no room,
/// or they may not, and another <see cref="IOException"/> when it fails.
/// </summary>
internal interface IDiskFile : IDisposable
{
    /// <summary>The file's name in its directory, for messages.</summary>
    string Name { get; }

    long Length { get; }

    /// <summary>Fills the buffer from the offset on; returns fewer bytes only at the end of the file.</summary>
    int Read(long offset, Span<byte> buffer);

    /// <summary>
    /// Writes all bytes, extending the file when needed. Nothing is durable on return: until <see cref="Flush"/> returns, a power cut may
    /// keep any part of it, sector by sector, in any order with other writes. A process that is killed loses nothing of a write that has
    /// returned.
    /// </summary>
    void Write(long offset, ReadOnlySpan<byte> bytes);

    /// <summary>Cuts the file or extends it with zeros. Durable after <see cref="Flush"/>.</summary>
    void SetLength(long length);

    /// <summary>Lengthens the file with zeros in blocks that are really there. After an exception it may be longer than it was.</summary>
    void Extend(long length);

    /// <summary>
    /// Sets blocks aside for the file up to this length, so that a later write there asks the disk for none; the length stays as it is.
    /// Where the system cannot, it does nothing.
    /// </summary>
    /// <param name="length">The length that the file may grow to.</param>
    /// <param name="newBytes">About how much of it is new.</param>
    void Allocate(long length, long newBytes);

    /// <summary>
    /// The barrier: on return everything written to this file before the call survives a power cut. When it throws, nobody can know what is
    /// on the disk, and a second flush that succeeds proves nothing: the file must be closed and read again.
    /// </summary>
    void Flush();
}
