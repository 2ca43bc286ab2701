using Microsoft.Win32.SafeHandles;

namespace Gateway.Store.Disk.Files;

/// <summary>
/// A directory of the real file system. An operation refused because another program holds a file is retried for a limited time.
/// </summary>
internal sealed class FileDisk : IDisk
{
    /// <summary>With less free space than this, a disk has no block for anything.</summary>
    private const long FreeBytesMin = 64 * 1024;

    private static readonly FilePatience _patience = FilePatience.OfSystem;

    /// <summary>The owner of files that root makes here.</summary>
    private readonly FileOwner? _owner;

    private long _freeBytes;

    /// <summary>Uses the directory, creating it if necessary.</summary>
    public FileDisk(string path)
    {
        FileLimits.IgnoreSignal();
        Path = StoreFolder.Create(path);
        _owner = StoreFolder.OwnerOf(Path);
        DirectoryBarrier.FlushParent(Path);
    }

    public string Path { get; }

    public long FreeBytes
    {
        get
        {
            try
            {
                return _freeBytes = new DriveInfo(Path).AvailableFreeSpace;
            }
            catch (UnauthorizedAccessException)
            {
                // The folder is no longer accessible; open files continue to work.
                return _freeBytes;
            }
        }
    }

    public long FileBytesMax => FileLimits.FileBytesMax;

    public IReadOnlyList<string> List() =>
        Try<IReadOnlyList<string>>(
            "", () => [.. Directory.EnumerateFiles(Path).Select(file => System.IO.Path.GetFileName(file)).Order(StringComparer.Ordinal)]);

    public bool Exists(string name) => File.Exists(At(name)) || Try(name, () => IsThere(At(name)));

    public long SizeBytes(string name) => Try(name, () => FileDoor.SizeBytes(At(name)));

    public int Look(string name, long offset, Span<byte> buffer)
    {
        using var file = FileDoor.OpenToRead(At(name));
        file.Position = offset;
        return file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
    }

    public IDiskFile Open(string name) => Try(name, () => new OpenFile(this, name, FileDoor.OpenOwned));

    public IDiskFile Create(string name) => Try(name, () =>
    {
        var file = new OpenFile(this, name, path => FileDoor.CreateOwned(path, _owner));
        DirectoryBarrier.Flush(Path);
        return file;
    });

    public void Delete(string name) => Try(name, () =>
    {
        _patience.Run(At(name), () => File.Delete(At(name)));
        DirectoryBarrier.Flush(Path);
        return true;
    });

    public void Rename(string from, string to) => Try(from, () =>
    {
        _patience.Run(At(from), () => DirectoryBarrier.Rename(At(from), At(to)));
        DirectoryBarrier.Flush(Path);
        return true;
    });

    public void SetAside(string name, ReadOnlySpan<byte> bytes)
    {
        var folder = At("quarantine");
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else if (OwnersOnly.CreateFolder(folder)) _owner?.Take(folder);
        FileDoor.Write(System.IO.Path.Combine(folder, name), bytes, _owner);
    }

    private string At(string name) => System.IO.Path.Combine(Path, name);

    private T Try<T>(string name, Func<T> operation)
    {
        try
        {
            return operation();
        }
        catch (Exception refused) when (DiskRefusedException.ReasonOf(refused) is { } reason)
        {
            throw Refused(reason, name, refused);
        }
    }

    /// <summary>Distinguishes a missing file from one in an unreadable folder.</summary>
    private static bool IsThere(string path)
    {
        try
        {
            _ = File.GetAttributes(path);
            return true;
        }
        catch (Exception none) when (none is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
    }

    private DiskRefusedException Refused(DiskRefusal reason, string name, Exception cause)
    {
        // The system reports both alike.
        if (reason == DiskRefusal.NoSpace && FreeBytes >= FreeBytesMin && !Exists(name)) reason = DiskRefusal.NoInode;
        return new DiskRefusedException(reason, reason switch
        {
            DiskRefusal.NoSpace => $"no space is left for {At(name)}: {FreeBytes} bytes are free",
            DiskRefusal.NoInode =>
                $"no inode is left for {At(name)}, although {FreeBytes} bytes are free: the file system has too many files (df -i)",
            DiskRefusal.Quota => $"a disk quota, of the gateway's user, its group or the project of its folder, is used up at {At(name)}",
            DiskRefusal.FileSizeLimit =>
                $"{At(name)} may not become larger: the limit of a file's size is {FileBytesMax} bytes for this process (ulimit -f)",
            DiskRefusal.ReadOnly => $"{At(name)} is on a file system that is mounted read-only",
            _ => $"the gateway may not write {At(name)}: {cause.Message}",
        }, cause);
    }

    private sealed class OpenFile(FileDisk disk, string name, Func<string, SafeFileHandle> open) : IDiskFile
    {
        private readonly SafeFileHandle _handle = _patience.Run(disk.At(name), () => open(disk.At(name)));

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

        public void Write(long offset, ReadOnlySpan<byte> bytes)
        {
            try
            {
                RandomAccess.Write(_handle, bytes, offset);
            }
            catch (Exception refused) when (DiskRefusedException.ReasonOf(refused) is { } reason)
            {
                throw disk.Refused(reason, name, refused);
            }
        }

        public void SetLength(long length) => disk.Try(name, () =>
        {
            _patience.Run(disk.At(name), () => RandomAccess.SetLength(_handle, length));
            return true;
        });

        public void Extend(long length) => disk.Try(name, () =>
        {
            if (length > disk.FileBytesMax)
                throw new IOException("The file would be larger than the process may write.", DiskRefusedException.FileTooLarge);
            if (!FileBlocks.TryAllocate(_handle, length, keepLength: false)) WriteZeros(length);
            return true;
        });

        public void Allocate(long length, long newBytes) => disk.Try(name, () => FileBlocks.TryAllocate(_handle, length, keepLength: true));

        public void Flush() => FileBarrier.Flush(_handle, disk.At(name));

        public void Dispose() => _handle.Dispose();

        private void WriteZeros(long end)
        {
            var zeros = new byte[256 * 1024];
            for (var offset = Length; offset < end; offset += zeros.Length)
            {
                RandomAccess.Write(_handle, zeros.AsSpan(0, (int)Math.Min(zeros.Length, end - offset)), offset);
            }
        }
    }
}
