using System.Globalization;

namespace Gateway.Store.Disk.Files;

/// <summary>
/// Disk space that no other program can take: files of zeros in the store's folder, <c>reserve-N</c>. When the disk is full, a start, a
/// drain or a purge takes its space from them: a file is shortened, or deleted for its inode. Files that the store drops first refill the
/// reserve, by renaming, so that a disk constantly filled by others does not swallow the space that draining frees. The files are held
/// open: shortening one needs no permission in the folder. Filled by the store's thread; also taken from by the engine's writer.
/// </summary>
internal sealed class DiskReserve(IDisk disk)
{
    /// <summary>The beginning of its files' names.</summary>
    public const string Prefix = "reserve-";

    /// <summary>The inodes kept in reserve: those of two volumes.</summary>
    public const int FilesWanted = 4;

    private const int FilesMax = 16;
    private const long BlockBytes = 64 * 1024;

    private readonly Lock _gate = new();
    private readonly List<Piece> _pieces = [];
    private long _wantedBytes;

    /// <summary>The bytes it holds now.</summary>
    public long Bytes
    {
        get
        {
            lock (_gate)
                return _pieces.Sum(piece => piece.Bytes);
        }
    }

    public bool IsWhole => MissingBytes == 0 && MissingFiles == 0;

    /// <summary>The files still to be created before it is whole.</summary>
    public int MissingFiles => _wantedBytes == 0 ? 0 : Math.Max(0, FilesWanted - _pieces.Count);

    /// <summary>The bytes still to be reserved before it is whole.</summary>
    public long MissingBytes => Math.Max(0, _wantedBytes - Bytes);

    /// <summary>The disk's refusal when it was last filled; null if it is whole or was not filled.</summary>
    public DiskRefusedException? Refusal { get; private set; }

    /// <summary>Takes over the files of an earlier run.</summary>
    public void Open()
    {
        foreach (var name in disk.List().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))) Add(name);
    }

    /// <summary>Reserves the missing bytes, as far as the disk has them.</summary>
    public void Fill(long wantedBytes)
    {
        _wantedBytes = wantedBytes / BlockBytes * BlockBytes;
        if (IsWhole) return;
        try
        {
            while (_pieces.Count < FilesWanted) Add(Create());
            Grow();
        }
        catch (DiskRefusedException refused)
        {
            Refusal = refused;
        }
    }

    /// <summary>Returns this many bytes to the disk; false if the reserve is empty.</summary>
    /// <param name="bytes">The bytes needed.</param>
    /// <param name="refused">The disk's refusal.</param>
    public bool Give(long bytes, DiskRefusedException refused)
    {
        lock (_gate)
        {
            Refusal = refused;
            var asked = (Math.Max(0, bytes) / BlockBytes * BlockBytes) + BlockBytes;
            var left = asked;
            foreach (var piece in _pieces.Where(piece => piece.Bytes > 0))
            {
                var given = Math.Min(left, piece.Bytes);
                piece.File.SetLength(piece.Bytes - given);
                piece.Bytes -= given;
                left -= given;
                if (left == 0) break;
            }

            return left < asked;
        }
    }

    /// <summary>Frees an inode; false if the reserve has none.</summary>
    public bool GiveFile(DiskRefusedException refused)
    {
        lock (_gate)
        {
            Refusal = refused;
            if (_pieces.MinBy(piece => piece.Bytes) is not { } piece) return false;
            _pieces.Remove(piece);
            piece.File.Dispose();
            disk.Delete(piece.Name);
            return true;
        }
    }

    /// <summary>Takes over an unneeded file with its blocks; false if it has no use for it.</summary>
    public bool TryAdopt(string name)
    {
        if (_wantedBytes == 0 || IsWhole || _pieces.Count >= FilesMax) return false;
        var own = NextName();
        disk.Rename(name, own);
        var missing = MissingBytes;
        var piece = Add(own);
        if (piece.Bytes <= missing) return true;
        piece.File.SetLength(missing);
        piece.Bytes = missing;
        return true;
    }

    /// <summary>Closes the files, which keep their contents.</summary>
    public void Close()
    {
        lock (_gate)
        {
            foreach (var piece in _pieces) piece.File.Dispose();
            _pieces.Clear();
        }
    }

    private void Grow()
    {
        var missing = MissingBytes;
        var free = disk.FreeBytes / BlockBytes * BlockBytes;
        if (missing > free)
            Refusal = new DiskRefusedException(DiskRefusal.NoSpace, $"no space is left in {disk.Path}: {free} bytes are free");
        else Refusal = null;
        for (var left = Math.Min(missing, free); left > 0;) left -= Grow(left);
    }

    /// <summary>Extends the smallest file, as far as the file size limit permits.</summary>
    private long Grow(long bytes)
    {
        var piece = _pieces.MinBy(piece => piece.Bytes);
        Invariant.Require(piece is not null, "the reserve has files before it grows");
        var step = Math.Min(bytes, (disk.FileBytesMax - piece.Bytes) / BlockBytes * BlockBytes);
        if (step <= 0) throw new DiskRefusedException(
            DiskRefusal.FileSizeLimit, $"the limit of a file's size is {disk.FileBytesMax} bytes for this process (ulimit -f)");
        try
        {
            piece.File.Extend(piece.Bytes + step);
            return step;
        }
        finally
        {
            lock (_gate) piece.Bytes = piece.File.Length;
        }
    }

    private string Create()
    {
        var name = NextName();
        disk.Create(name).Dispose();
        return name;
    }

    private string NextName()
    {
        var number = 1;
        while (disk.Exists(NameOf(number))) number++;
        return NameOf(number);
    }

    private static string NameOf(int number) => Prefix + number.ToString(CultureInfo.InvariantCulture);

    private Piece Add(string name)
    {
        var file = disk.Open(name);
        var piece = new Piece(name, file) { Bytes = file.Length };
        lock (_gate) _pieces.Add(piece);
        return piece;
    }

    private sealed class Piece(string name, IDiskFile file)
    {
        public string Name => name;

        public IDiskFile File => file;

        public long Bytes { get; set; }
    }
}
