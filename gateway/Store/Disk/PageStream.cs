namespace Gateway.Store.Disk;

/// <summary>
/// The shape in which LiteDB takes a file: a stream that it reads and writes a page at a time. LiteDB sets the position and moves the bytes
/// under a lock on the stream, so that the position here needs none of its own.
/// </summary>
internal abstract class PageStream : Stream
{
    public sealed override bool CanRead => true;

    public sealed override bool CanSeek => true;

    public sealed override bool CanWrite => true;

    public sealed override long Position { get; set; }

    public sealed override long Length => PageCount * PageFrame.PageSize;

    /// <summary>Pages written so far, counted from the start of what LiteDB sees.</summary>
    public abstract long PageCount { get; }

    public sealed override int Read(byte[] buffer, int offset, int count)
    {
        ReadPage(WholePage(count), buffer.AsSpan(offset, count));
        Position += count;
        return count;
    }

    public sealed override void Write(byte[] buffer, int offset, int count)
    {
        WritePage(WholePage(count), buffer.AsSpan(offset, count));
        Position += count;
    }

    public sealed override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("The engine sets the position.");

    /// <summary>Fills the buffer with the page, or throws: no unchecked byte is returned.</summary>
    protected abstract void ReadPage(long page, Span<byte> buffer);

    protected abstract void WritePage(long page, ReadOnlySpan<byte> bytes);

    private long WholePage(int count)
    {
        Invariant.Require(count == PageFrame.PageSize && Position % PageFrame.PageSize == 0, "the engine moves whole pages");
        return Position / PageFrame.PageSize;
    }
}
