using System.Diagnostics;
using System.Globalization;

namespace Gateway.Tests.Crash;

/// <summary>
/// Holds up every flush of a running process before it reaches the disk, as a disk that hangs does; all its other threads go on. Over when
/// disposed of.
/// </summary>
internal sealed class SlowDisk : IAsyncDisposable
{
    private readonly TestProcess _strace;
    private readonly string _flushesPath;

    private SlowDisk(TestProcess strace, string flushesPath) => (_strace, _flushesPath) = (strace, flushesPath);

    /// <summary>A flush has begun, and is held up.</summary>
    public bool HasHeldUp =>
        File.Exists(_flushesPath) && File.ReadAllText(_flushesPath).Contains("sync(", StringComparison.Ordinal);

    /// <summary>Returns when it has begun.</summary>
    public static async Task<SlowDisk> OfAsync(TestProcess process, TimeSpan delay, string logPath)
    {
        var flushesPath = $"{logPath}.flushes";
        var start = new ProcessStartInfo(
            Tool.Strace,
            [
                "-f", "-p", process.Id.ToString(CultureInfo.InvariantCulture), "-o", flushesPath, "-e", "trace=fsync,fdatasync",
                "-e", string.Create(CultureInfo.InvariantCulture, $"inject=fsync,fdatasync:delay_enter={(long)delay.TotalMicroseconds}"),
            ]);
        var disk = new SlowDisk(TestProcess.Start(start, logPath), flushesPath);
        await ProcessTest.UntilAsync("strace looks on", () => disk._strace.Errors.Contains("attached", StringComparison.Ordinal));
        return disk;
    }

    /// <summary>
    /// For a process that has ended with a flush held up: of that thread strace does not let go by itself, and without it the process is
    /// not over for its parent.
    /// </summary>
    public Task EndAsync() => _strace.KillAsync();

    public async ValueTask DisposeAsync()
    {
        // In an orderly way: it lets go of the process first, unless that has ended, and strace with it.
        if (!_strace.Ended.IsCompleted) _strace.Send(TestProcess.UnixSignal.Interrupt);
        await ProcessTest.InTimeAsync("strace ends", _strace.Ended);
        await _strace.DisposeAsync();
    }
}
