using System.Globalization;

namespace Gateway.Tests.Crash;

/// <summary>
/// Lets system calls of a running process fail, as a file system does that refuses them; all its other calls go on. Over when disposed of.
/// </summary>
internal sealed class SystemCallFaults : IAsyncDisposable
{
    private readonly TestProcess _strace;

    private SystemCallFaults(TestProcess strace) => _strace = strace;

    /// <summary>Returns when it has begun.</summary>
    /// <param name="fault">As <c>strace -e inject=</c> takes it: the calls, and what becomes of them.</param>
    public static async Task<SystemCallFaults> OfAsync(TestProcess process, string fault, string logPath)
    {
        var calls = fault[..fault.IndexOf(':', StringComparison.Ordinal)];
        string[] arguments = ["-f", "-p", process.Id.ToString(CultureInfo.InvariantCulture), "-o", "/dev/null", "-e", $"trace={calls}",
            "-e", $"inject={fault}"];
        var faults = new SystemCallFaults(TestProcess.Start(new(Tool.Strace, arguments), logPath));
        await ProcessTest.UntilAsync("strace looks on", () => faults._strace.Errors.Contains("attached", StringComparison.Ordinal));
        return faults;
    }

    public async ValueTask DisposeAsync()
    {
        // In an orderly way: it lets go of the process first.
        _strace.Send(TestProcess.UnixSignal.Interrupt);
        await ProcessTest.InTimeAsync("strace ends", _strace.Ended);
        await _strace.DisposeAsync();
    }
}
