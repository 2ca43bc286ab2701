using System.Net.Sockets;
using Gateway.Transport;
using Gateway.Transport.Tls;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gateway.Http;

/// <summary>
/// The HTTP API as a service of the host. It listens before the gateway starts, so that health can be asked while a long store is opened, and so that an address that is
/// taken costs nothing; it ends before the gateway stops.
/// </summary>
internal sealed partial class HttpService(GatewayAccess gateway, TimeProvider time, ILoggerFactory loggers) : IHostedLifecycleService, IAsyncDisposable
{
    /// <summary>How long requests that are being answered may take to end.</summary>
    private static readonly TimeSpan _stopLimit = TimeSpan.FromSeconds(2);

    private readonly ILogger _logger = loggers.CreateLogger<HttpService>();
    private WebApplication? _application;
    private CertificateWatch? _certificates;

    /// <summary>Where it listens, with the port that the system chose; empty while it does not.</summary>
    public string Address { get; private set; } = "";

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        var options = gateway.Options.Http;
        if (options.Address.Length == 0) return;
        if (options.Tls.IsOn) _certificates = new CertificateWatch(options.Tls.ToFiles(), "", time, loggers.CreateLogger<CertificateWatch>());
        _application = HttpApplication.Build(gateway, _certificates, time, loggers);
        try
        {
            await _application.StartAsync(cancellationToken);
        }
        catch (Exception e) when (e is IOException or SocketException or InvalidOperationException)
        {
            throw new ListenFailedException(options.Address, e, " (Gateway:Http:Address; empty for none)");
        }

        Address = _application.Urls.Single();
        LogListening(Address);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_application is null) return;
        using var limit = new CancellationTokenSource(_stopLimit, time);
        await _application.StopAsync(limit.Token);
    }

    public async ValueTask DisposeAsync()
    {
        if (_application is not null) await _application.DisposeAsync();
        _certificates?.Dispose();
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
