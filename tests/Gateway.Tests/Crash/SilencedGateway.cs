using System.Diagnostics;
using System.Runtime.InteropServices;
using Gateway.Cli;
using Gateway.Cli.Demo.Processes;
using Gateway.Cli.Shell;

namespace Gateway.Tests.Crash;

/// <summary>A gateway whose standard output nobody reads: a pipe that is full from the beginning.</summary>
internal sealed class SilencedGateway : IAsyncDisposable
{
    /// <summary>The capacity of a pipe on Linux.</summary>
    private const int PipeBytes = 65_536;

    private readonly Process _process;

    /// <param name="tail">The shell's redirection of the streams, as <c>2>&amp;1</c>.</param>
    public SilencedGateway(GatewayProcessSettings settings, string tail = "", bool isFull = true)
    {
        var gateway = Executable.Start([RunVerb.Name, InputEnd.WhileInputOpen, .. settings.Arguments]);
        var fill = isFull ? $"head -c {PipeBytes} /dev/zero; " : "";
        var start = new ProcessStartInfo("/bin/sh", ["-c", $"{fill}exec \"$0\" \"$@\" {tail}", gateway.FileName, .. gateway.ArgumentList])
        {
            WorkingDirectory = settings.Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        Settings = settings;
        _process = Process.Start(start)!;
    }

    public GatewayProcessSettings Settings { get; }

    public Task ReadyAsync(CancellationToken cancellationToken) =>
        ProcessTest.UntilAsync("the gateway listens", () => LoopbackPort.AcceptsAsync(Settings.IntakePort, cancellationToken));

    /// <summary>Reads what it writes, until a line has the text.</summary>
    public async Task<string> ReadUntilAsync(string text, CancellationToken cancellationToken)
    {
        while (await _process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line.Contains(text, StringComparison.Ordinal)) return line;
        }

        throw new InvalidOperationException($"It ended without '{text}'.");
    }

    /// <summary>SIGTERM; gives the exit code and how long it took.</summary>
    public async Task<(int ExitCode, TimeSpan Took)> StopAsync(CancellationToken cancellationToken)
    {
        var began = TimeProvider.System.GetTimestamp();
        _ = Kill(_process.Id, (int)TestProcess.UnixSignal.Terminate);
        await _process.WaitForExitAsync(cancellationToken).WaitAsync(TimeSpan.FromSeconds(60), cancellationToken);
        return (_process.ExitCode, TimeProvider.System.GetElapsedTime(began));
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int Kill(int process, int signal);
}
