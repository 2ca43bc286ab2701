using Gateway.Store.Disk.Files;

namespace Gateway.Tests.Store.Disk;

/// <summary>
/// A disk in memory that can lose its power after any operation and fail any one of them. Deterministic: chance comes from the caller.
/// Names are durable at once, contents after a flush. A file that is open is refused a second opening, a new name and its deletion, as
/// Windows refuses them. Safe for several threads, as LiteDB needs it.
/// </summary>
internal sealed class SimulatedDisk : IDisk
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, SimulatedFile> _files = [];
    private readonly HashSet<SimulatedFile> _open = [];
    private readonly Dictionary<string, long> _blocks = [];

    public string Path => "(simulated)";

    /// <summary>The free bytes that the disk reports, and enforces if <see cref="IsEnforced"/>.</summary>
    public long FreeBytes { get; set; } = long.MaxValue;

    /// <summary>
    /// Files take from <see cref="FreeBytes"/> as they grow, and give back as they shrink; what would take more is refused.
    /// </summary>
    public bool IsEnforced { get; set; }

    /// <summary>Somebody else takes at once whatever files give back.</summary>
    public bool OthersTakeAll { get; set; }

    public long FileBytesMax { get; set; } = long.MaxValue;

    /// <summary>So many files there may be; a further one is refused for want of an inode.</summary>
    public int FilesMax { get; set; } = int.MaxValue;

    /// <summary>The folder takes no new name, and gives none up.</summary>
    public bool IsFolderLocked { get; set; }

    /// <summary>No further file may be opened.</summary>
    public bool RefusesOpening { get; set; }

    /// <summary>Writes, flushes, creations, deletions and renames so far.</summary>
    public int Operations { get; private set; }

    public int Flushes { get; private set; }

    /// <summary>The number of the operation that is to fail, counted from 1.</summary>
    public int FailAt { get; set; }

    /// <summary>Every operation after that one fails as well, as on a disk that is full or gone.</summary>
    public bool StaysFailed { get; set; }

    /// <summary>Reads so far.</summary>
    public int Reads { get; private set; }

    /// <summary>The number of the read that is to fail, counted from 1.</summary>
    public int FailReadAt { get; set; }

    /// <summary>Called after each operation, under the disk's lock.</summary>
    public Action? AfterOperation { get; set; }

    /// <summary>Called before each flush, on the thread that waits for it.</summary>
    public Action? BeforeFlush { get; set; }

    /// <summary>The chance that decides what a failing operation leaves behind.</summary>
    public Random Chance { get; set; } = new(1);

    public SimulatedFile this[string name] => _files[name];

    public IReadOnlyList<string> List() => [.. _files.Keys.Order(StringComparer.Ordinal)];

    public bool Exists(string name) => _files.ContainsKey(name);

    public long SizeBytes(string name) => _files.TryGetValue(name, out var file) ? file.Length : throw new FileNotFoundException(name);

    public int Look(string name, long offset, Span<byte> buffer)
    {
        lock (_gate) return _files[name].Read(offset, buffer);
    }

    public IDiskFile Open(string name)
    {
        if (RefusesOpening) throw new DiskRefusedException(DiskRefusal.Permission, "no file may be opened, as the test wants it");
        return _files.ContainsKey(name) ? new OpenFile(this, name) : throw new FileNotFoundException(name);
    }

    public IDiskFile Create(string name)
    {
        RequireFolder();
        if (_files.Count >= FilesMax) throw new DiskRefusedException(DiskRefusal.NoInode, "no inode is left, as the test wants it");
        Operate(fails => _files.Add(name, new SimulatedFile()));
        return new OpenFile(this, name);
    }

    public void Delete(string name)
    {
        RequireClosed(name);
        if (_files.ContainsKey(name)) RequireFolder();
        Operate(fails =>
        {
            Take(name, 0);
            _files.Remove(name);
        });
    }

    public void Rename(string from, string to)
    {
        RequireClosed(from);
        RequireClosed(to);
        RequireFolder();
        Operate(fails =>
        {
            Take(to, 0);
            _blocks[to] = _blocks.GetValueOrDefault(from);
            _blocks.Remove(from);
            _files[to] = _files[from];
            _files.Remove(from);
        });
    }

    /// <summary>The blocks set aside, by name.</summary>
    public Dictionary<string, byte[]> Quarantine { get; } = [];

    public void SetAside(string name, ReadOnlySpan<byte> bytes) => Quarantine[name] = bytes.ToArray();

    /// <summary>
    /// A disk with what is left when the power fails now; <paramref name="newest"/> is the share of unflushed sectors that made it.
    /// </summary>
    public SimulatedDisk AfterPowerCut(Random random, double newest)
    {
        var disk = new SimulatedDisk();
        foreach (var (name, file) in _files)
        {
            disk._files[name] = file.AfterPowerCut(random, newest);
            disk._blocks[name] = _blocks.GetValueOrDefault(name);
        }

        return disk;
    }

    /// <summary>A disk with the same files, as somebody copies them while no process has them open.</summary>
    public SimulatedDisk Copy()
    {
        var disk = new SimulatedDisk();
        foreach (var (name, file) in _files)
        {
            disk._files[name] = file.Copy();
            disk._blocks[name] = _blocks.GetValueOrDefault(name);
        }

        return disk;
    }

    private void RequireClosed(string name)
    {
        lock (_gate)
        {
            if (_files.TryGetValue(name, out var file) && _open.Contains(file)) throw Held(name);
        }
    }

    /// <summary>Not a failure of a disk, which tests cause and stores survive, but a bug of ours.</summary>
    private static InvariantException Held(string name) =>
        new($"{name} is open, and Windows opens, renames and deletes no file that is open for writing");

    private void RequireFolder()
    {
        if (IsFolderLocked) throw new DiskRefusedException(DiskRefusal.Permission, "the folder may not be changed, as the test wants it");
    }

    /// <summary>A file takes blocks for so many bytes from now on.</summary>
    private void Take(string name, long bytes)
    {
        lock (_gate)
        {
            if (bytes > FileBytesMax)
                throw new DiskRefusedException(DiskRefusal.FileSizeLimit, "the file would be too large, as the test wants it");
            var more = bytes - _blocks.GetValueOrDefault(name);
            if (IsEnforced && more > FreeBytes)
                throw new DiskRefusedException(DiskRefusal.NoSpace, $"no space is left, as the test wants it: {FreeBytes} bytes are free");
            _blocks[name] = bytes;
            if (IsEnforced && !(OthersTakeAll && more < 0)) FreeBytes -= more;
        }
    }

    /// <summary>As <see cref="Take"/>, for a file that does not become smaller.</summary>
    private void TakeUpTo(string name, long bytes)
    {
        lock (_gate) Take(name, Math.Max(bytes, _blocks.GetValueOrDefault(name)));
    }

    private void Operate(Action<bool> operation)
    {
        lock (_gate)
        {
            var fails = ++Operations == FailAt || (StaysFailed && FailAt > 0 && Operations > FailAt);
            operation(fails);
            if (fails)
                throw new IOException($"Operation {Operations} fails, as the test wants it.");
            AfterOperation?.Invoke();
        }
    }

    private sealed class OpenFile : IDiskFile
    {
        private readonly SimulatedDisk _disk;
        private readonly SimulatedFile _file;

        public OpenFile(SimulatedDisk disk, string name)
        {
            _disk = disk;
            Name = name;
            _file = disk._files[name];
            lock (disk._gate)
            {
                if (!disk._open.Add(_file)) throw Held(name);
            }
        }

        public string Name { get; }

        public long Length
        {
            get
            {
                lock (_disk._gate)
                    return _file.Length;
            }
        }

        public int Read(long offset, Span<byte> buffer)
        {
            lock (_disk._gate)
            {
                if (++_disk.Reads == _disk.FailReadAt)
                    throw new IOException($"Read {_disk.Reads} fails, as the test wants it.");
                return _file.Read(offset, buffer);
            }
        }

        public void Write(long offset, ReadOnlySpan<byte> bytes)
        {
            var copy = bytes.ToArray();
            _disk.TakeUpTo(Name, offset + bytes.Length);
            _disk.Operate(fails => _file.Write(offset, fails ? copy.AsSpan(0, _disk.Chance.Next(copy.Length)) : copy));
        }

        public void SetLength(long length)
        {
            _disk.Take(Name, length);
            _disk.Operate(fails => _file.SetLength(length));
        }

        public void Extend(long length)
        {
            _disk.TakeUpTo(Name, length);
            _disk.Operate(fails => _file.SetLength(length));
        }

        /// <summary>Blocks beyond the limit of a file's size are given, and cannot be written.</summary>
        public void Allocate(long length, long newBytes) => _disk.TakeUpTo(Name, Math.Min(length, _disk.FileBytesMax));

        public void Flush()
        {
            _disk.BeforeFlush?.Invoke();
            _disk.Operate(fails =>
            {
                _disk.Flushes++;
                if (fails)
                    _file.LoseFlush(_disk.Chance);
                else
                    _file.Flush();
            });
        }

        public void Dispose()
        {
            lock (_disk._gate) _disk._open.Remove(_file);
        }
    }
}
