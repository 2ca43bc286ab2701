using System.Globalization;
using System.Runtime.InteropServices;

namespace Gateway.Logging;

/// <summary>
/// A standard stream, accessed by system calls. .NET's console stream reports success for a broken pipe, and blocks for ever on a pipe that
/// nobody reads. Here a failure is an error, and every wait is limited. Thread-safe.
/// </summary>
internal sealed class Descriptor : ILogSink
{
    /// <summary>The number of bytes that POSIX guarantees a writable pipe to accept without blocking.</summary>
    private const int PieceBytes = 4096;

    private const short CanWrite = 4;
    private const int Interrupted = 4;
    private const nuint CountUnread = 0x541B;

    /// <summary>Windows numbers standard output and error downwards from this value.</summary>
    private const int FirstOfWindows = -10;

    private const string Descriptors = "/proc/self/fd";

    private static readonly string[] _standard = ["0", "1", "2"];

    private readonly int _number;
    private readonly nint _handle;

    /// <summary>
    /// If a process is started without one of these streams, the runtime's own pipes take its number, and anything written there would come
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

    /// <summary>Known only on Linux.</summary>
    public bool IsPipe { get; }

    /// <summary>Waits until the stream accepts bytes or fails at once. Always true on Windows, where the write itself blocks.</summary>
    /// <param name="limit">The longest time to wait.</param>
    public bool WaitToWrite(TimeSpan limit)
    {
        if (_wasClosed || OperatingSystem.IsWindows()) return true;
        var wanted = new PollEntry { Descriptor = _number, Wanted = CanWrite };
        return Poll(ref wanted, 1, (int)limit.TotalMilliseconds) > 0;
    }

    /// <summary>Writes some of the bytes; call after <see cref="WaitToWrite"/> has returned true.</summary>
    /// <returns>The number of bytes written.</returns>
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

    /// <summary>For a pipe, true if its reader has taken everything; otherwise always true.</summary>
    /// <exception cref="OutputLostException">The reader has gone and left data unread.</exception>
    public bool IsRead()
    {
        if (!IsPipe || Ioctl(_number, CountUnread, out var unread) != 0 || unread == 0) return true;
        ThrowIfReaderIsGone();
        return false;
    }

    /// <summary>For a pipe, checks that its read end is still open.</summary>
    /// <exception cref="OutputLostException">The read end is closed.</exception>
    public void ThrowIfReaderIsGone()
    {
        if (!IsPipe) return;
        var wanted = new PollEntry { Descriptor = _number };
        if (Poll(ref wanted, 1, 0) > 0) throw new OutputLostException("its reader has gone");
    }

    /// <summary>For a file, waits until the data is on disk; a full disk may be reported only then.</summary>
    public void Flush()
    {
        // Flushing anything but a file fails with EINVAL or the like; a failing disk reports EIO, ENOSPC or EDQUOT.
        if (!OperatingSystem.IsWindows() && !IsPipe && Synchronize(_number) != 0 && Marshal.GetLastPInvokeError() is 5 or 28 or 122)
            throw Failure();
    }

    /// <summary>EAGAIN on Linux, and on macOS and the BSDs: the stream was made non-blocking.</summary>
    private static bool IsFull(int error) => error is 11 or 35;

    private static string TargetOf(string descriptor)
    {
        try
        {
            return new FileInfo(descriptor).LinkTarget ?? "";
        }
        catch (IOException)
        {
            // Closed meanwhile, like the descriptor of the listing itself.
            return "";
        }
    }

    /// <summary>This process would read its own output.</summary>
    private static bool HasReadEnd(string target) =>
        Directory.EnumerateFiles(Descriptors)
            .Any(file => !_standard.Contains(Path.GetFileName(file)) && TargetOf(file) == target && IsReadEnd(file));

    /// <summary>True for the read end of a pipe; others may hold the write end, as .NET's console does.</summary>
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
