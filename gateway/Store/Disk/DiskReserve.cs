using System.Globalization;

namespace Gateway.Store.Disk;

/// <summary>
/// Room on the disk that nobody else can take: files of zeros in the store's folder, <c>reserve-N</c>. What a start, a drain and a purge
/// need is taken from them when the disk has nothing left: a file is cut, or deleted for its inode. What the store drops goes into them
/// first, by renaming, so that a disk which somebody else fills all the time does not eat what draining gives back. The files are held
/// open: cutting one needs no right in the folder. Filled by the store's thread, taken from by the engine's writer too.
/// </summary>
internal sealed class DiskReserve(IDisk disk)
{
    /// <summary>The beginning of its files' names.</summary>
    public const string Prefix = "reserve-";

    /// <summary>So many inodes are kept back: those of two volumes.</summary>
    public const int FilesWanted = 4;

    private const int FilesMax = 16;
    private const long BlockBytes = 64 * 1024;

    private readonly Lock _gate = new();
    private readonly List<Piece> _pieces = [];
    private long _wantedBytes;

    /// <summary>What it holds now.</summary>
    public long Bytes
    {
        get
        {
            lock (_gate)
                return _pieces.Sum(piece => piece.Bytes);
        }
    }

    public bool IsWhole => MissingBytes == 0 && MissingFiles == 0;

    /// <summary>How many files must be made before it is whole.</summary>
    public int MissingFiles => _wantedBytes == 0 ? 0 : Math.Max(0, FilesWanted - _pieces.Count);

    /// <summary>What must become free before it is whole.</summary>
    public long MissingBytes => Math.Max(0, _wantedBytes - Bytes);

    /// <summary>What the disk said when it was to be filled last; null if it is whole, or was not asked.</summary>
    public DiskRefusedException? Refusal { get; private set; }

    /// <summary>Takes the files of an earlier run.</summary>
    public void Open()
    {
        foreach (var name in disk.List().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))) Add(name);
    }

    /// <summary>Takes from the disk what is missing, as far as the disk has it.</summary>
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

    /// <summary>Gives so much back to the disk; false if it has nothing.</summary>
    /// <param name="bytes">What is needed.</param>
    /// <param name="refused">What the disk said.</param>
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

    /// <summary>Gives an inode back; false if it has none.</summary>
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

    /// <summary>Takes a file that nobody needs any more, with its blocks; false if it has no use for it.</summary>
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

    /// <summary>Closes the files; what they keep, they keep.</summary>
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

    /// <summary>Makes the smallest file larger, as far as files may be large.</summary>
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
