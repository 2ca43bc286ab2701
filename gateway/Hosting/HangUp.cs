using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Gateway.Hosting;

/// <summary>
/// Stops the gateway in order when its terminal goes: on Unix at SIGHUP, unless whoever started it wants that ignored (nohup), on Windows
/// when the window of its console is closed. The host itself hears Ctrl-C, Ctrl-Break and the shutdown of the system. Windows ends the
/// process as soon as the handler returns, after five seconds at the latest; so the handler waits until everything is closed.
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

    /// <summary>Nothing yet: Windows waits in a registration's end for a handler that runs.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _registration?.Dispose();

    private void OnHangUp(PosixSignalContext signal)
    {
        signal.Cancel = true;
        if (OperatingSystem.IsWindows()) patience.Hurry();
        lifetime.StopApplication();
        if (OperatingSystem.IsWindows()) lifetime.ApplicationStopped.WaitHandle.WaitOne(host.Value.ShutdownTimeout);
    }
}
