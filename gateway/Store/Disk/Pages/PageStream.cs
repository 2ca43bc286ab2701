namespace Gateway.Store.Disk.Pages;

/// <summary>
/// A file in the form that LiteDB requires: a stream read and written a page at a time. LiteDB sets the position and transfers the bytes
/// under a lock on the stream, so the position needs no lock here.
/// </summary>
internal abstract class PageStream : Stream
{
    public sealed override bool CanRead => true;

    public sealed override bool CanSeek => true;

    public sealed override bool CanWrite => true;

    public sealed override long Position { get; set; }

    public sealed override long Length => PageCount * PageFrame.PageSize;

    /// <summary>Pages written so far, counted from the start of LiteDB's view.</summary>
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
