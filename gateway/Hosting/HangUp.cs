using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Gateway.Hosting;

/// <summary>
/// Stops the gateway in an orderly way when its terminal goes away: on Unix at SIGHUP, unless it was started with that signal ignored
/// (nohup), on Windows when its console window is closed. The host itself handles Ctrl-C, Ctrl-Break and system shutdown. Windows ends the
/// process as soon as the handler returns, and after five seconds at the latest, so the handler waits until everything is closed. A service
/// has no terminal: there the signal asks for a reload by convention, and stops nothing.
/// </summary>
internal sealed class HangUp(IHostApplicationLifetime lifetime, IOptions<HostOptions> host, StopPatience patience)
    : IHostedService, IDisposable
{
    private PosixSignalRegistration? _registration;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _registration = PosixSignalRegistration.Create(PosixSignal.SIGHUP, OnHangUp);
        return Task.CompletedTask;
    }

    /// <summary>Does nothing yet: on Windows, ending a registration waits for its running handler.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _registration?.Dispose();

    private void OnHangUp(PosixSignalContext signal)
    {
        signal.Cancel = true;
        if (ServiceManager.IsSystemd) return;
        if (OperatingSystem.IsWindows()) patience.Hurry();
        lifetime.StopApplication();
        if (OperatingSystem.IsWindows()) lifetime.ApplicationStopped.WaitHandle.WaitOne(host.Value.ShutdownTimeout);
    }
}
