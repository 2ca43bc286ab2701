namespace Gateway.Store.Disk;

/// <summary>
/// A directory whose writes do not fail for want of room as long as the reserve has some: what the disk refuses is tried again with what the reserve gives. A deleted file goes
/// into the reserve while that is not whole.
/// </summary>
internal sealed class ReservedDisk(IDisk disk, DiskReserve reserve) : IDisk
{
    public string Path => disk.Path;

    /// <summary>With what is in the reserve.</summary>
    public long FreeBytes => disk.FreeBytes is var free && free > long.MaxValue / 2 ? free : free + reserve.Bytes;

    public long FileBytesMax => disk.FileBytesMax;

    public IReadOnlyList<string> List() => disk.List();

    public bool Exists(string name) => disk.Exists(name);

    public long SizeBytes(string name) => disk.SizeBytes(name);

    public int Look(string name, long offset, Span<byte> buffer) => disk.Look(name, offset, buffer);

    public IDiskFile Open(string name) => new ReservedFile(disk.Open(name), reserve);

    public IDiskFile Create(string name)
    {
        while (true)
        {
            try
            {
                return new ReservedFile(disk.Create(name), reserve);
            }
            catch (DiskRefusedException refused) when (refused.IsForRoom && !disk.Exists(name) && reserve.GiveFile(refused))
            {
                // Once more, with its inode.
            }
        }
    }

    public void Delete(string name)
    {
        if (!disk.Exists(name) || !reserve.TryAdopt(name)) disk.Delete(name);
    }

    public void Rename(string from, string to) => disk.Rename(from, to);

    public void SetAside(string name, ReadOnlySpan<byte> bytes) => disk.SetAside(name, bytes);

    private sealed class ReservedFile(IDiskFile file, DiskReserve reserve) : IDiskFile
    {
        public string Name => file.Name;

        public long Length => file.Length;

        public int Read(long offset, Span<byte> buffer) => file.Read(offset, buffer);

        public void Write(long offset, ReadOnlySpan<byte> bytes)
        {
            while (true)
            {
                try
                {
                    file.Write(offset, bytes);
                    return;
                }
                catch (DiskRefusedException refused) when (refused.IsForRoom && reserve.Give(bytes.Length, refused))
                {
                    // Once more, with what was given.
                }
            }
        }

        public void SetLength(long length) => file.SetLength(length);

        public void Extend(long length) => WithRoom(length - file.Length, () => file.Extend(length));

        public void Allocate(long length, long newBytes) => WithRoom(newBytes, () => file.Allocate(length, newBytes));

        public void Flush() => file.Flush();

        public void Dispose() => file.Dispose();

        private void WithRoom(long bytes, Action operation)
        {
            while (true)
            {
                try
                {
                    operation();
                    return;
                }
                catch (DiskRefusedException refused) when (refused.IsForRoom && reserve.Give(bytes, refused))
                {
                    // Once more, with what was given.
                }
            }
        }
    }
}
