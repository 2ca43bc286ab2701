namespace Gateway.Store.Disk.Files;

/// <summary>An open file that forwards all calls to another one; subclasses override what they change.</summary>
internal abstract class PassingFile(IDiskFile file) : IDiskFile
{
    public string Name => file.Name;

    public long Length => file.Length;

    public int Read(long offset, Span<byte> buffer) => file.Read(offset, buffer);

    public virtual void Write(long offset, ReadOnlySpan<byte> bytes) => file.Write(offset, bytes);

    public void SetLength(long length) => file.SetLength(length);

    public virtual void Extend(long length) => file.Extend(length);

    public virtual void Allocate(long length, long newBytes) => file.Allocate(length, newBytes);

    public void Flush() => file.Flush();

    public void Dispose() => file.Dispose();
}
