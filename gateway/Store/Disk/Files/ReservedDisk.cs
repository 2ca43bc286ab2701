namespace Gateway.Store.Disk.Files;

/// <summary>
/// A directory whose writes do not fail for lack of space while the reserve has some: a refused write is retried with space from the
/// reserve. A deleted file goes into the reserve while that is incomplete.
/// </summary>
internal sealed class ReservedDisk(IDisk disk, DiskReserve reserve) : PassingDisk(disk)
{
    /// <summary>Includes the reserve.</summary>
    public override long FreeBytes => base.FreeBytes is var free && free > long.MaxValue / 2 ? free : free + reserve.Bytes;

    public override IDiskFile Open(string name) => new ReservedFile(base.Open(name), reserve);

    public override IDiskFile Create(string name)
    {
        while (true)
        {
            try
            {
                return new ReservedFile(base.Create(name), reserve);
            }
            catch (DiskRefusedException refused) when (refused.IsForRoom && !Exists(name) && reserve.GiveFile(refused))
            {
                // Retry with its inode.
            }
        }
    }

    public override void Delete(string name)
    {
        if (!Exists(name) || !reserve.TryAdopt(name)) base.Delete(name);
    }

    private sealed class ReservedFile(IDiskFile file, DiskReserve reserve) : PassingFile(file)
    {
        public override void Write(long offset, ReadOnlySpan<byte> bytes)
        {
            while (true)
            {
                try
                {
                    base.Write(offset, bytes);
                    return;
                }
                catch (DiskRefusedException refused) when (refused.IsForRoom && reserve.Give(bytes.Length, refused))
                {
                    // Retry with the freed space.
                }
            }
        }

        public override void Extend(long length) => WithRoom(length - Length, () => base.Extend(length));

        public override void Allocate(long length, long newBytes) => WithRoom(newBytes, () => base.Allocate(length, newBytes));

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
                    // Retry with the freed space.
                }
            }
        }
    }
}
