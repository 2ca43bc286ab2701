using System.Diagnostics;
using Gateway.Cli;
using Gateway.Cli.Demo.Processes;
using Gateway.Cli.Shell;

namespace Gateway.Tests.Crash;

/// <summary>
/// A gateway of a test, as a process of its own, to be killed and started again on the same store and ports. For one caller at a time.
/// </summary>
internal sealed class TestGateway(GatewayProcessSettings settings) : IAsyncDisposable
{
    private static readonly TimeSpan _probeInterval = TimeSpan.FromMilliseconds(10);

    private TestProcess? _process;

    /// <summary>The gateway.dll of another build, to run in place of this one's; null for this one.</summary>
    public string? OtherBuild { get; set; }

    public string Name => settings.Name;

    public GatewayProcessSettings Settings => settings;

    /// <summary>Where applications reach it.</summary>
    public string Address => settings.IntakeAddress;

    /// <summary>Where operators reach it.</summary>
    public string Api => settings.More.GetValueOrDefault("Gateway:Http:Address") ?? settings.HttpAddress;

    public string StorePath => Path.Combine(settings.Folder, settings.Name);

    public TestProcess Process => _process ?? throw new InvalidOperationException($"The gateway {Name} was not started.");

    /// <param name="under">A program, with its arguments, that runs the gateway in its own process, as <c>strace -D</c> does.</param>
    public void Start(params string[] under)
    {
        string[] run = [RunVerb.Name, InputEnd.WhileInputOpen, .. settings.Arguments];
        var start = OtherBuild is { } assembly ? new ProcessStartInfo("dotnet", [assembly, .. run]) : Executable.Start(run);
        if (under is [var program, .. var arguments])
        {
            var own = start;
            start = new ProcessStartInfo(program, [.. arguments, own.FileName, .. own.ArgumentList]);
        }

        start.WorkingDirectory = settings.Folder;
        _process = TestProcess.Start(start, settings.LogPath);
    }

    public async Task StartReadyAsync(CancellationToken cancellationToken)
    {
        Start();
        await WaitUntilReadyAsync(cancellationToken);
    }

    /// <summary>Returns when it takes connections of applications, which it does last when it starts.</summary>
    public async Task WaitUntilReadyAsync(CancellationToken cancellationToken)
    {
        while (!await LoopbackPort.AcceptsAsync(settings.IntakePort, cancellationToken))
        {
            if (Process.Ended.IsCompleted)
                throw new InvalidOperationException(
                    $"The gateway {Name} ended with exit code {await Process.Ended} instead of listening: {Process.Errors}");
            await Task.Delay(_probeInterval, cancellationToken);
        }
    }

    /// <summary>SIGKILL. Returns when it has ended.</summary>
    public async Task KillAsync()
    {
        var process = Process;
        _process = null;
        await process.DisposeAsync();
    }

    /// <summary>SIGTERM; gives the exit code.</summary>
    public async Task<int> StopAsync()
    {
        Process.Send(TestProcess.UnixSignal.Terminate);
        return await Process.Ended;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await KillAsync();
    }
}
