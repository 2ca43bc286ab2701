namespace Gateway.Tests.Store.Disk;

/// <summary>
/// The contents of one file, sector by sector: what is durable, what a reader sees, and every version that a sector has had in between.
/// Sectors are never changed in place, so that a copy of the file costs an array of references. A missing sector is zeros.
/// </summary>
internal sealed class SimulatedFile
{
    private const int SectorSize = 512;

    private List<byte[]?> _durable = [];
    private List<byte[]?> _visible = [];
    private readonly Dictionary<int, List<byte[]?>> _versions = [];
    private long _durableLength;

    public long Length { get; private set; }

    /// <summary>A power cut would take nothing away.</summary>
    public bool IsFlushed => _versions.Count == 0;

    public int Read(long offset, Span<byte> buffer)
    {
        var count = (int)Math.Clamp(Length - offset, 0, buffer.Length);
        for (var done = 0; done < count;)
        {
            var (sector, start) = ((int)((offset + done) / SectorSize), (int)((offset + done) % SectorSize));
            var part = Math.Min(SectorSize - start, count - done);
            if (_visible[sector] is { } bytes)
                bytes.AsSpan(start, part).CopyTo(buffer[done..]);
            else
                buffer.Slice(done, part).Clear();
            done += part;
        }

        return count;
    }

    public void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        SetLength(Math.Max(Length, offset + bytes.Length));
        for (var done = 0; done < bytes.Length;)
        {
            var (sector, start) = ((int)((offset + done) / SectorSize), (int)((offset + done) % SectorSize));
            var part = bytes.Slice(done, Math.Min(SectorSize - start, bytes.Length - done));
            done += part.Length;
            if (_visible[sector] is null && !part.ContainsAnyExcept((byte)0))
                continue;

            var next = new byte[SectorSize];
            _visible[sector]?.CopyTo(next, 0);
            part.CopyTo(next.AsSpan(start));
            _visible[sector] = next;
            if (!_versions.TryGetValue(sector, out var versions))
                _versions[sector] = versions = [];
            versions.Add(next);
        }
    }

    public void SetLength(long length)
    {
        Length = length;
        var sectors = (int)((length + SectorSize - 1) / SectorSize);
        if (sectors > _visible.Count)
            _visible.AddRange(new byte[]?[sectors - _visible.Count]);
    }

    public void Flush()
    {
        _durable = [.. _visible];
        _durableLength = Length;
        _versions.Clear();
    }

    /// <summary>
    /// Fails a flush as a real kernel does: it may have written a part, and it forgets that the rest is not on disk.
    /// </summary>
    public void LoseFlush(Random random)
    {
        var survivor = AfterPowerCut(random, random.NextDouble());
        _durable = survivor._durable;
        _durableLength = survivor._durableLength;
        _versions.Clear();
    }

    /// <summary>
    /// The file after a power failure: of each sector written since the last flush one of its versions, the newest with the given
    /// probability; of a longer file its old length, its new one, or just what is needed.
    /// </summary>
    public SimulatedFile AfterPowerCut(Random random, double newest)
    {
        var kept = new SimulatedFile { _durable = [.. _durable], _durableLength = _durableLength };
        foreach (var (sector, versions) in _versions)
        {
            var choice = random.NextDouble() < newest ? versions.Count : random.Next(versions.Count);
            if (choice == 0)
                continue;
            if (kept._durable.Count <= sector)
                kept._durable.AddRange(new byte[]?[sector + 1 - kept._durable.Count]);
            kept._durable[sector] = versions[choice - 1];
            kept._durableLength = Math.Max(kept._durableLength, Math.Min(Length, (sector + 1L) * SectorSize));
        }

        if (random.Next(2) == 0)
            kept._durableLength = Math.Max(kept._durableLength, Length);
        kept._visible = [.. kept._durable];
        kept.SetLength(kept._durableLength);
        kept.Flush();
        return kept;
    }

    /// <summary>The bytes that a reader sees, durable in another file.</summary>
    public SimulatedFile Copy()
    {
        var copy = new SimulatedFile { _visible = [.. _visible], Length = Length };
        copy.Flush();
        return copy;
    }

    /// <summary>Inverts one bit of what is on the disk.</summary>
    public void Flip(long offset, int bit)
    {
        Span<byte> value = stackalloc byte[1];
        Read(offset, value);
        value[0] ^= (byte)(1 << bit);
        Write(offset, value);
        Flush();
    }
}
