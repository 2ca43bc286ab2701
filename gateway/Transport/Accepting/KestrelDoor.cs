using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Gateway.Transport.Accepting;

/// <summary>A Kestrel server that accepts connections on one address and hands them on; it speaks no HTTP.</summary>
internal sealed class KestrelDoor : IDisposable
{
    private readonly string _address;
    private readonly KestrelServer _server;
    private readonly ListenOptionsHolder _listening = new();

    /// <param name="address">An address of the form tcp://IP:PORT; * stands for any IP.</param>
    public KestrelDoor(string address, Func<ConnectionContext, Task> serve, ILoggerFactory loggers)
    {
        _address = address;
        var options = new KestrelServerOptions();
        options.Listen(HostPort.Listening(address), listen =>
        {
            _listening.Options = listen;
            listen.Run(serve);
        });
        _server = new KestrelServer(Options.Create(options), new SocketListeners(), loggers);
    }

    /// <summary>The address listened on, with the port that the system chose; valid once started.</summary>
    public string Address => $"tcp://{_listening.Options?.EndPoint}";

    /// <exception cref="ListenFailedException">The address cannot be listened on.</exception>
    public async Task StartAsync()
    {
        try
        {
            await _server.StartAsync(new NoHttp(), CancellationToken.None);
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException or InvalidOperationException)
        {
            throw new ListenFailedException(_address, e);
        }
    }

    /// <summary>Stops accepting and waits until the open connections have ended; when cancelled, cuts them.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => _server.StopAsync(cancellationToken);

    public void Dispose() => _server.Dispose();

    private sealed class ListenOptionsHolder
    {
        public ListenOptions? Options { get; set; }
    }

    /// <summary>Kestrel needs an application; no request ever reaches it, because the connections end in the door's own handler.</summary>
    private sealed class NoHttp : IHttpApplication<object>
    {
        public object CreateContext(IFeatureCollection contextFeatures) => throw new NotSupportedException();

        public void DisposeContext(object context, Exception? exception) => throw new NotSupportedException();

        public Task ProcessRequestAsync(object context) => throw new NotSupportedException();
    }
}

/// <summary>The gateway cannot listen on the configured address.</summary>
/// <param name="address">The address as configured.</param>
/// <param name="cause">The system's error.</param>
/// <param name="key">The configuration key, if the address does not identify it.</param>
internal sealed class ListenFailedException(string address, Exception cause, string key = "")
    : Exception(
        $"Cannot listen on {address}: {What(cause)}. {Why(cause)} configure another address{key}.", cause)
{
    /// <summary>Systems word the most common reason differently, and in many languages.</summary>
    private static string What(Exception cause) =>
        cause.GetBaseException() is SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse }
        ? "the address is already in use"
        : cause.GetBaseException().Message.TrimEnd('.');

    private static string Why(Exception cause) =>
        cause.GetBaseException() is SocketException { SocketErrorCode: SocketError.AccessDenied }
        ? "The system denies this user the port: Unix reserves those below 1024, Windows the ranges listed by 'netsh int ipv4 "
            + "show excludedportrange tcp';"
        : "Is another gateway running there? Stop it, or";
}
