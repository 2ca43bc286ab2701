using Gateway.Files;
using Microsoft.Win32.SafeHandles;

namespace Gateway.Store.Disk;

/// <summary>A directory of the real file system. What is refused because another program holds a file is tried again for a limited time.</summary>
internal sealed class FileDisk : IDisk
{
    private static readonly FilePatience _patience = FilePatience.OfSystem;

    /// <summary>Uses the directory, creating it when it does not exist yet.</summary>
    public FileDisk(string path)
    {
        Path = Directory.CreateDirectory(path).FullName;
        DirectoryBarrier.Flush(System.IO.Path.GetDirectoryName(Path) ?? Path);
    }

    public string Path { get; }

    public long FreeBytes => new DriveInfo(Path).AvailableFreeSpace;

    public IReadOnlyList<string> List() => [.. Directory.EnumerateFiles(Path).Select(file => System.IO.Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    public bool Exists(string name) => File.Exists(At(name));

    public long SizeBytes(string name) => FileDoor.SizeBytes(At(name));

    public int Look(string name, long offset, Span<byte> buffer)
    {
        using var file = FileDoor.OpenToRead(At(name));
        file.Position = offset;
        return file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
    }

    public IDiskFile Open(string name) => new OpenFile(name, At(name), FileMode.Open);

    public IDiskFile Create(string name)
    {
        var file = new OpenFile(name, At(name), FileMode.CreateNew);
        DirectoryBarrier.Flush(Path);
        return file;
    }

    public void Delete(string name)
    {
        _patience.Run(At(name), () => File.Delete(At(name)));
        DirectoryBarrier.Flush(Path);
    }

    public void Rename(string from, string to)
    {
        _patience.Run(At(from), () => DirectoryBarrier.Rename(At(from), At(to)));
        DirectoryBarrier.Flush(Path);
    }

    public void SetAside(string name, ReadOnlySpan<byte> bytes) =>
        FileDoor.Write(System.IO.Path.Combine(Directory.CreateDirectory(At("quarantine")).FullName, name), bytes);

    private string At(string name) => System.IO.Path.Combine(Path, name);

    private sealed class OpenFile(string name, string path, FileMode mode) : IDiskFile
    {
        private readonly SafeFileHandle _handle = _patience.Run(path, () => FileDoor.OpenOwned(path, mode));

        public string Name => name;

        public long Length => RandomAccess.GetLength(_handle);

        public int Read(long offset, Span<byte> buffer)
        {
            var total = 0;
            while (total < buffer.Length)
            {
                var read = RandomAccess.Read(_handle, buffer[total..], offset + total);
                if (read == 0)
                    break;
                total += read;
            }

            return total;
        }

        public void Write(long offset, ReadOnlySpan<byte> bytes) => RandomAccess.Write(_handle, bytes, offset);

        public void SetLength(long length) => _patience.Run(path, () => RandomAccess.SetLength(_handle, length));

        public void Flush() => FileBarrier.Flush(_handle, path);

        public void Dispose() => _handle.Dispose();
    }
}
