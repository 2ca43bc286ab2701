using Gateway.Cli.Shell;

namespace Gateway.Cli.Demo.Processes;

/// <summary>
/// A gateway in a process of its own, which can be killed and restarted on the same store and ports. For one caller at a time.
/// </summary>
internal sealed class GatewayProcess(GatewayProcessSettings settings, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan _probeInterval = TimeSpan.FromMilliseconds(20);

    private ChildProcess? _child;

    public GatewayProcessSettings Settings => settings;

    /// <summary>The process ended without <see cref="KillAsync"/> or <see cref="StopAsync"/>.</summary>
    public bool HasDied => _child is { Ended.IsCompleted: true };

    /// <summary>Completes with the exit code when the running process ends.</summary>
    public Task<int> Ended => Child.Ended;

    public int Id => Child.Id;

    /// <summary>The memory in use by the process.</summary>
    public long ResidentBytes => Child.ResidentBytes;

    private ChildProcess Child => _child ?? throw new InvalidOperationException($"The gateway {settings.Name} was not started.");

    /// <summary>Starts the process. It is usable once <see cref="WaitUntilReadyAsync"/> has returned.</summary>
    public void Start()
    {
        var start = Executable.Start(["run", InputEnd.WhileInputOpen, .. settings.Arguments]);

        // The configuration of the user's own gateway must not apply here, and the user's folder must stay untouched.
        foreach (var key in start.Environment.Keys.Where(key => key.StartsWith("Gateway__", StringComparison.OrdinalIgnoreCase)).ToArray())
            start.Environment.Remove(key);
        start.WorkingDirectory = settings.Folder;

        _child = ChildProcess.Start(start, settings.LogPath);
    }

    /// <summary>Returns when the gateway accepts connections of applications, the last step of its start.</summary>
    /// <exception cref="CommandLineException">The process ended.</exception>
    public Task WaitUntilReadyAsync(CancellationToken cancellationToken) => WaitUntilListeningAsync(settings.IntakePort, cancellationToken);

    /// <summary>Returns when the gateway accepts connections of its peers.</summary>
    /// <exception cref="CommandLineException">The process ended.</exception>
    public Task WaitUntilLinkedAsync(CancellationToken cancellationToken) => WaitUntilListeningAsync(settings.LinksPort, cancellationToken);

    /// <summary>Kills the process (SIGKILL) and returns when it has ended.</summary>
    public async Task KillAsync()
    {
        var child = Child;
        _child = null;
        await child.DisposeAsync();
    }

    /// <summary>Stops the gateway in an orderly way; kills it if it takes longer than <paramref name="limit"/>.</summary>
    public async Task StopAsync(TimeSpan limit)
    {
        var child = Child;
        _child = null;
        await using (child)
            await child.StopAsync(limit, time);
    }

    public async ValueTask DisposeAsync()
    {
        if (_child is not null)
            await KillAsync();
    }

    private async Task WaitUntilListeningAsync(int port, CancellationToken cancellationToken)
    {
        while (!await LoopbackPort.AcceptsAsync(port, cancellationToken))
        {
            if (Ended.IsCompleted)
            {
                throw new CommandLineException(
                    ExitCode.Failed, $"The gateway {settings.Name} ended with exit code {await Ended} instead of listening; see "
                        + $"{settings.LogPath}.");
            }

            await Task.Delay(_probeInterval, time, cancellationToken);
        }
    }
}
