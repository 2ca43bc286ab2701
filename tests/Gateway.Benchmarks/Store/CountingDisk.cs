using Gateway.Store.Disk.Files;

namespace Gateway.Benchmarks.Store;

/// <summary>A disk that counts what the store writes to it.</summary>
internal sealed class CountingDisk(IDisk disk) : PassingDisk(disk)
{
    private long _writtenBytes;

    /// <summary>By any thread of the store.</summary>
    public long WrittenBytes => Interlocked.Read(ref _writtenBytes);

    public override IDiskFile Open(string name) => new CountingFile(this, base.Open(name));

    public override IDiskFile Create(string name) => new CountingFile(this, base.Create(name));

    private sealed class CountingFile(CountingDisk counter, IDiskFile file) : PassingFile(file)
    {
        public override void Write(long offset, ReadOnlySpan<byte> bytes)
        {
            Interlocked.Add(ref counter._writtenBytes, bytes.Length);
            base.Write(offset, bytes);
        }
    }
}
