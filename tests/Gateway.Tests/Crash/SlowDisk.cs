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

    private SlowDisk(TestProcess strace) => _strace = strace;

    /// <summary>Returns when it has begun.</summary>
    public static async Task<SlowDisk> OfAsync(TestProcess process, TimeSpan delay, string logPath)
    {
        var start = new ProcessStartInfo(
            Tool.Strace,
            [
                "-f", "-p", process.Id.ToString(CultureInfo.InvariantCulture), "-o", "/dev/null", "-e", "trace=fsync,fdatasync",
                "-e", string.Create(CultureInfo.InvariantCulture, $"inject=fsync,fdatasync:delay_enter={(long)delay.TotalMicroseconds}"),
            ]);
        var disk = new SlowDisk(TestProcess.Start(start, logPath));
        await ProcessTest.UntilAsync("strace looks on", () => disk._strace.Errors.Contains("attached", StringComparison.Ordinal));
        return disk;
    }

    public async ValueTask DisposeAsync()
    {
        // In an orderly way: it lets go of the process first, unless that has ended, and strace with it.
        if (!_strace.Ended.IsCompleted) _strace.Send(TestProcess.UnixSignal.Interrupt);
        await ProcessTest.InTimeAsync("strace ends", _strace.Ended);
        await _strace.DisposeAsync();
    }
}
