using Gateway.Store.Disk.Files;

namespace Gateway.Store.Disk.Salvage;

/// <summary>A file on a failing disk: unreadable parts count as missing, like damaged ones. Nothing is written to it.</summary>
internal sealed class SalvageFile(IDiskFile file) : IDiskFile
{
    public string Name => file.Name;

    public long Length => file.Length;

    public int Read(long offset, Span<byte> buffer)
    {
        try
        {
            return file.Read(offset, buffer);
        }
        catch (IOException)
        {
            buffer.Clear();
            return 0;
        }
    }

    public void Write(long offset, ReadOnlySpan<byte> bytes) => throw ReadOnly();

    public void SetLength(long length) => throw ReadOnly();

    public void Extend(long length) => throw ReadOnly();

    public void Allocate(long length, long newBytes) => throw ReadOnly();

    public void Flush() => throw ReadOnly();

    public void Dispose() => file.Dispose();

    private static NotSupportedException ReadOnly() => new("The remains of a volume are only read.");
}
