using Gateway.Store.Disk.Files;

namespace Gateway.Store.Disk.Log;

/// <summary>
/// The positions of an epoch's bytes in the log file: the file header and some zeros, then areas of 2.2 MB, alternately for even and odd
/// epochs. Two successive epochs thus never share a sector, and each has its bytes in long runs.
/// </summary>
internal static class LogLayout
{
    /// <summary>A sector, which a power cut never tears: no durable data shares one with data written later.</summary>
    public const int SectorSize = 512;

    /// <summary>Room for 256 commits of one page each, whatever its contents. A whole number of blocks of every file system.</summary>
    public const int AreaBytes = 544 * 4096;

    /// <summary>The first block after the file header.</summary>
    public const int FirstArea = 3 * 4096;

    private const int ZeroBytes = 256 * 1024;

    /// <summary>The position in the file of a byte of an epoch.</summary>
    public static long PlaceOf(long epoch, long offset) =>
        FirstArea + (((offset / AreaBytes * 2) + (epoch & 1)) * AreaBytes) + (offset % AreaBytes);

    /// <summary>The file length needed for an epoch of this many bytes, whatever its parity.</summary>
    public static long LengthFor(long epochBytes) => FirstArea + ((epochBytes + AreaBytes - 1) / AreaBytes * 2 * AreaBytes);

    /// <summary>The bytes that an epoch of this parity can have in a file of this length.</summary>
    public static long EpochBytes(long length, long parity)
    {
        var (pairs, rest) = Math.DivRem(Math.Max(0, length - FirstArea), 2L * AreaBytes);
        return (pairs * AreaBytes) + Math.Clamp(rest - (parity * AreaBytes), 0, AreaBytes);
    }

    /// <summary>The parity of the epochs to which a position in the file belongs.</summary>
    public static long ParityOf(long place) => (place - FirstArea) / AreaBytes & 1;

    public static long WholeSectors(long bytes) => (bytes + SectorSize - 1) / SectorSize * SectorSize;

    /// <summary>Writes bytes of an epoch, in two pieces if they continue in the next area.</summary>
    public static void Write(IDiskFile file, long epoch, long offset, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var piece = (int)Math.Min(bytes.Length, AreaBytes - (offset % AreaBytes));
            file.Write(PlaceOf(epoch, offset), bytes[..piece]);
            bytes = bytes[piece..];
            offset += piece;
        }
    }

    /// <summary>Fills the buffer with bytes of an epoch; returns fewer only at the end of the file.</summary>
    public static int Read(IDiskFile file, long epoch, long offset, Span<byte> buffer)
    {
        var total = 0;
        while (total < buffer.Length)
        {
            var piece = (int)Math.Min(buffer.Length - total, AreaBytes - ((offset + total) % AreaBytes));
            var read = file.Read(PlaceOf(epoch, offset + total), buffer.Slice(total, piece));
            total += read;
            if (read < piece) break;
        }

        return total;
    }

    /// <summary>
    /// Extends the file with allocated blocks, by writing zeros. Flushing an overwritten block is far cheaper than flushing a new one.
    /// </summary>
    public static void Reserve(IDiskFile file, long length)
    {
        var zeros = new byte[ZeroBytes];
        for (var offset = file.Length; offset < length; offset += zeros.Length)
            file.Write(offset, zeros.AsSpan(0, (int)Math.Min(zeros.Length, length - offset)));
    }
}
