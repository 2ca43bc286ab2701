using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Gateway.Hosting;

/// <summary>
/// Stops the gateway in an orderly way when its terminal goes away: on Unix at SIGHUP, unless it was started with that signal ignored
/// (nohup), on Windows when its console window is closed. The host itself handles Ctrl-C, Ctrl-Break and system shutdown. Windows ends the
/// process as soon as the handler returns, and after five seconds at the latest, so the handler waits until everything is closed. Without a
/// terminal, as in a service or a container, the signal asks for a reload of the configuration by convention, and stops nothing.
/// </summary>
internal sealed class HangUp(
    ConfigurationReload configuration, IHostApplicationLifetime lifetime, IOptions<HostOptions> host, StopPatience patience)
    : IHostedService, IDisposable
{
    private const string ControllingTerminal = "/dev/tty";

    private bool _hasTerminal;
    private PosixSignalRegistration? _registration;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _hasTerminal = !ServiceManager.IsSystemd && (OperatingSystem.IsWindows() || HasTerminal());
        _registration = PosixSignalRegistration.Create(PosixSignal.SIGHUP, OnHangUp);
        return Task.CompletedTask;
    }

    /// <summary>Does nothing yet: on Windows, ending a registration waits for its running handler.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _registration?.Dispose();

    /// <summary>Looked up at the start: when the signal comes, the terminal may be gone.</summary>
    private static bool HasTerminal()
    {
        try
        {
            FileDoor.OpenToRead(ControllingTerminal).Dispose();
            return true;
        }
        catch (Exception none) when (none is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private void OnHangUp(PosixSignalContext signal)
    {
        signal.Cancel = true;
        if (!_hasTerminal)
        {
            configuration.OnSignal();
            return;
        }

        if (OperatingSystem.IsWindows()) patience.Hurry();
        lifetime.StopApplication();
        if (OperatingSystem.IsWindows()) lifetime.ApplicationStopped.WaitHandle.WaitOne(host.Value.ShutdownTimeout);
    }
}
