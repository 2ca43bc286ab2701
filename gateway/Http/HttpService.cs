using System.Net.Sockets;
using Gateway.Configuration;
using Gateway.Http.Answers;
using Gateway.Logging;
using Gateway.Transport;
using Gateway.Transport.Accepting;
using Gateway.Transport.Tls;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gateway.Http;

/// <summary>
/// Hosts the HTTP API. It listens before the gateway starts, so that health can be read while a large store opens and an occupied address
/// fails early. It ends before the gateway stops. The application is built on the first connection: it takes a quarter of the memory of an
/// idle gateway, and most gateways are rarely looked at.
/// </summary>
internal sealed partial class HttpService(GatewayAccess gateway, TimeProvider time, IHostApplicationLifetime lifetime,
    ILoggerFactory loggers) : IHostedLifecycleService, IAsyncDisposable
{
    /// <summary>The time limit for requests in progress when stopping.</summary>
    private static readonly TimeSpan _stopLimit = TimeSpan.FromSeconds(2);

    private readonly ILogger _logger = loggers.CreateLogger<HttpService>();
    private readonly CancellationTokenSource _stopping = new();
    private HttpDoor? _door;
    private Task _opening = Task.CompletedTask;
    private WebApplication? _application;
    private CertificateWatch? _certificates;

    /// <summary>The address with the port that the system chose; empty while not listening.</summary>
    public string Address { get; private set; } = "";

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        var options = gateway.Options.Http;
        if (options.Address.Length == 0) return Task.CompletedTask;
        if (options.Tls.IsOn)
            _certificates = new CertificateWatch(options.Tls.ToFiles(), "", time, loggers.CreateLogger<CertificateWatch>());
        var uri = HttpRules.TryParse(options.Address);
        Invariant.Require(uri is not null, "the address was checked with the configuration");
        try
        {
            _door = new HttpDoor(HostPort.Listening(options.Address), loggers);
        }
        catch (SocketException e)
        {
            throw new ListenFailedException(options.Address, e, " (Gateway:Http:Address; empty for none)");
        }

        Address = $"{uri.Scheme}://{_door.EndPoint}";
        LogListening(Address);
        _opening = OpenAsync(_door, _stopping.Token);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _opening;
        if (_application is null) return;
        using var limit = new CancellationTokenSource(_stopLimit, time);
        await _application.StopAsync(limit.Token);
    }

    public async ValueTask DisposeAsync()
    {
        if (_application is not null) await _application.DisposeAsync();
        if (_door is not null) await _door.DisposeAsync();
        _certificates?.Dispose();
        _stopping.Dispose();
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Waits for the first connection, then starts the application.</summary>
    private async Task OpenAsync(HttpDoor door, CancellationToken cancellationToken)
    {
        try
        {
            await door.WaitAsync(cancellationToken);
            var application = HttpApplication.Build(gateway, door, _certificates, time, new LimitedLoggers(loggers, time));
            _application = application;
            await application.StartAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The gateway stops without ever having had a connection.
        }
        catch (Exception e)
        {
            // The configuration was validated before. The error is logged here because nothing awaits this task until the gateway stops.
            LogNotOpened(e);
            lifetime.StopApplication();
            throw;
        }
    }
}
