using Gateway.Store.Disk;

namespace Gateway.Benchmarks.Store;

/// <summary>A disk that counts what the store writes to it.</summary>
internal sealed class CountingDisk(IDisk disk) : IDisk
{
    private long _writtenBytes;

    /// <summary>By any thread of the store.</summary>
    public long WrittenBytes => Interlocked.Read(ref _writtenBytes);

    public string Path => disk.Path;

    public long FreeBytes => disk.FreeBytes;

    public long FileBytesMax => disk.FileBytesMax;

    public IReadOnlyList<string> List() => disk.List();

    public bool Exists(string name) => disk.Exists(name);

    public long SizeBytes(string name) => disk.SizeBytes(name);

    public int Look(string name, long offset, Span<byte> buffer) => disk.Look(name, offset, buffer);

    public IDiskFile Open(string name) => new CountingFile(this, disk.Open(name));

    public IDiskFile Create(string name) => new CountingFile(this, disk.Create(name));

    public void Delete(string name) => disk.Delete(name);

    public void Rename(string from, string to) => disk.Rename(from, to);

    public void SetAside(string name, ReadOnlySpan<byte> bytes) => disk.SetAside(name, bytes);

    private sealed class CountingFile(CountingDisk counter, IDiskFile file) : IDiskFile
    {
        public string Name => file.Name;

        public long Length => file.Length;

        public int Read(long offset, Span<byte> buffer) => file.Read(offset, buffer);

        public void Write(long offset, ReadOnlySpan<byte> bytes)
        {
            Interlocked.Add(ref counter._writtenBytes, bytes.Length);
            file.Write(offset, bytes);
        }

        public void SetLength(long length) => file.SetLength(length);

        public void Extend(long length) => file.Extend(length);

        public void Allocate(long length, long newBytes) => file.Allocate(length, newBytes);

        public void Flush() => file.Flush();

        public void Dispose() => file.Dispose();
    }
}
