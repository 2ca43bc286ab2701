using System.Globalization;
using System.Runtime.InteropServices;

namespace Gateway.Logging;

/// <summary>
/// One of the streams that every process is given, by the system's own calls. .NET's console stream takes a broken pipe for a success, and
/// a write to a pipe that nobody reads waits in it for ever; here a failure is an error, and a wait has an end. Any thread.
/// </summary>
internal sealed class Descriptor
{
    /// <summary>POSIX promises that a pipe that can be written to takes so much without waiting.</summary>
    private const int PieceBytes = 4096;

    private const short CanWrite = 4;
    private const int Interrupted = 4;
    private const nuint CountUnread = 0x541B;

    /// <summary>What Windows knows the standard output and error by.</summary>
    private const int FirstOfWindows = -10;

    private const string Descriptors = "/proc/self/fd";

    private static readonly string[] _standard = ["0", "1", "2"];

    private readonly int _number;
    private readonly nint _handle;

    /// <summary>
    /// When a process is started without one of these streams, the runtime's own pipes take its number: what is written there would come
    /// out within this process.
    /// </summary>
    private readonly bool _wasClosed;

    private Descriptor(int number)
    {
        _number = number;
        if (OperatingSystem.IsWindows()) _handle = GetStdHandle(FirstOfWindows - number);
        if (!OperatingSystem.IsLinux()) return;
        var own = Path.Combine(Descriptors, number.ToString(CultureInfo.InvariantCulture));
        var target = TargetOf(own);
        IsPipe = target.StartsWith("pipe:", StringComparison.Ordinal);
        _wasClosed = target.Length == 0 || (IsPipe && (IsReadEnd(own) || HasReadEnd(target)));
    }

    public static Descriptor Output { get; } = new(1);

    public static Descriptor Error { get; } = new(2);

    /// <summary>Known on Linux alone.</summary>
    public bool IsPipe { get; }

    /// <summary>
    /// Whether it takes something now, or fails at once. On Windows, where a write waits as long as it must, it is always so.
    /// </summary>
    /// <param name="limit">How long to wait for it.</param>
    public bool WaitToWrite(TimeSpan limit)
    {
        if (_wasClosed || OperatingSystem.IsWindows()) return true;
        var wanted = new PollEntry { Descriptor = _number, Wanted = CanWrite };
        return Poll(ref wanted, 1, (int)limit.TotalMilliseconds) > 0;
    }

    /// <summary>Writes some of the bytes; to be called when <see cref="WaitToWrite"/> has said so.</summary>
    /// <returns>How many.</returns>
    public int Write(ReadOnlySpan<byte> bytes)
    {
        if (_wasClosed) throw new OutputLostException("it was closed when the process was started");
        var piece = bytes[..Math.Min(bytes.Length, PieceBytes)];
        ref var first = ref MemoryMarshal.GetReference(piece);
        if (OperatingSystem.IsWindows()) return WriteFile(_handle, ref first, piece.Length, out var count, 0) ? count : throw Failure();
        var written = (int)WriteBytes(_number, ref first, piece.Length);
        if (written >= 0) return written;
        return Marshal.GetLastPInvokeError() == Interrupted || IsFull(Marshal.GetLastPInvokeError()) ? 0 : throw Failure();
    }

    /// <summary>Of a pipe, whether its reader has taken everything; of anything else, true.</summary>
    /// <exception cref="OutputLostException">The reader has gone, and left something unread.</exception>
    public bool IsRead()
    {
        if (!IsPipe || Ioctl(_number, CountUnread, out var unread) != 0 || unread == 0) return true;
        ThrowIfReaderIsGone();
        return false;
    }

    /// <summary>Of a pipe, looks whether somebody still holds its other end.</summary>
    /// <exception cref="OutputLostException">Nobody does.</exception>
    public void ThrowIfReaderIsGone()
    {
        if (!IsPipe) return;
        var wanted = new PollEntry { Descriptor = _number };
        if (Poll(ref wanted, 1, 0) > 0) throw new OutputLostException("its reader has gone");
    }

    /// <summary>Of a file, waits until the disk has it; a disk that is full may say so only then.</summary>
    public void Flush()
    {
        // What is no file cannot be flushed, and says so by EINVAL or its like; a disk that fails says EIO, ENOSPC or EDQUOT.
        if (!OperatingSystem.IsWindows() && !IsPipe && Synchronize(_number) != 0 && Marshal.GetLastPInvokeError() is 5 or 28 or 122)
            throw Failure();
    }

    /// <summary>EAGAIN of Linux, and of macOS and the BSDs: somebody made it non-blocking.</summary>
    private static bool IsFull(int error) => error is 11 or 35;

    private static string TargetOf(string descriptor)
    {
        try
        {
            return new FileInfo(descriptor).LinkTarget ?? "";
        }
        catch (IOException)
        {
            // Closed meanwhile, as that of the listing itself is.
            return "";
        }
    }

    /// <summary>This process itself would read what it writes.</summary>
    private static bool HasReadEnd(string target) =>
        Directory.EnumerateFiles(Descriptors)
            .Any(file => !_standard.Contains(Path.GetFileName(file)) && TargetOf(file) == target && IsReadEnd(file));

    /// <summary>Of a pipe; others may hold its writing end, as the console of .NET does.</summary>
    private static bool IsReadEnd(string descriptor)
    {
        try
        {
            var flags = FileDoor.ReadLines(descriptor.Replace("/fd/", "/fdinfo/", StringComparison.Ordinal))
                .First(line => line.StartsWith("flags:", StringComparison.Ordinal));
            return (flags[^1] - '0' & 3) == 0;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static OutputLostException Failure() => new(Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError()));

    [DllImport("libc", EntryPoint = "write", SetLastError = true)]
    private static extern nint WriteBytes(int descriptor, ref byte first, nint count);

    [DllImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static extern int Poll(ref PollEntry entry, nuint count, int milliseconds);

    [DllImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static extern int Ioctl(int descriptor, nuint request, out int value);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static extern int Synchronize(int descriptor);

    [DllImport("kernel32.dll")]
    private static extern nint GetStdHandle(int which);

    [DllImport("kernel32.dll", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static extern bool WriteFile(nint handle, ref byte first, int count, out int written, nint overlapped);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollEntry
    {
        public int Descriptor;
        public short Wanted;
        public short Found;
    }
}
