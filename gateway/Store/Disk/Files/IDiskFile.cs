namespace Gateway.Store.Disk.Files;

/// <summary>
/// An open file, read and written at explicit offsets. Two threads may read and write at once if their ranges do not overlap: LiteDB writes
/// the log on a thread of its own. All methods throw <see cref="DiskRefusedException"/> if space or permission is lacking, and another
/// <see cref="IOException"/> if the disk fails.
/// </summary>
internal interface IDiskFile : IDisposable
{
    /// <summary>The file's name in its directory, for messages.</summary>
    string Name { get; }

    long Length { get; }

    /// <summary>Fills the buffer from the offset on; returns fewer bytes only at the end of the file.</summary>
    int Read(long offset, Span<byte> buffer);

    /// <summary>
    /// Writes all bytes, extending the file if necessary. Nothing is durable on return: until <see cref="Flush"/> returns, a power cut may
    /// keep any part of it, sector by sector, in any order with other writes. Killing the process loses nothing of a write that has
    /// returned.
    /// </summary>
    void Write(long offset, ReadOnlySpan<byte> bytes);

    /// <summary>Truncates the file or extends it with zeros. Durable after <see cref="Flush"/>.</summary>
    void SetLength(long length);

    /// <summary>Extends the file with zeros in allocated blocks. After an exception it may be longer than before.</summary>
    void Extend(long length);

    /// <summary>
    /// Allocates blocks for the file up to this length, so that later writes there need no new ones; the length stays the same. Does
    /// nothing if the system does not support it.
    /// </summary>
    /// <param name="length">The length to which the file may grow.</param>
    /// <param name="newBytes">The approximate part of it that is new.</param>
    void Allocate(long length, long newBytes);

    /// <summary>
    /// The barrier: on return everything written to this file before the call survives a power cut. If it throws, the state of the disk is
    /// unknown, and a second, successful flush proves nothing: the file must be closed and read again.
    /// </summary>
    void Flush();
}
