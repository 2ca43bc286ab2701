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

    /// <param name="address">Of the form tcp://IP:PORT, or * for any IP.</param>
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

    /// <summary>Where it listens, with the port that the system chose; once started.</summary>
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

    /// <summary>
    /// Takes no more connections and waits until those that are open have ended, or until it is cancelled; then they are cut.
    /// </summary>
    public Task StopAsync(CancellationToken cancellationToken) => _server.StopAsync(cancellationToken);

    public void Dispose() => _server.Dispose();

    private sealed class ListenOptionsHolder
    {
        public ListenOptions? Options { get; set; }
    }

    /// <summary>
    /// Kestrel asks for an application; no request ever reaches it, because the connections end in the door's own handler.
    /// </summary>
    private sealed class NoHttp : IHttpApplication<object>
    {
        public object CreateContext(IFeatureCollection contextFeatures) => throw new NotSupportedException();

        public void DisposeContext(object context, Exception? exception) => throw new NotSupportedException();

        public Task ProcessRequestAsync(object context) => throw new NotSupportedException();
    }
}

/// <summary>The gateway cannot listen where it is configured to.</summary>
/// <param name="address">As it is configured.</param>
/// <param name="cause">What the system says.</param>
/// <param name="key">Where it is configured, if that is not plain from the address.</param>
internal sealed class ListenFailedException(string address, Exception cause, string key = "")
    : Exception(
        $"Cannot listen on {address}: {What(cause)}. {Why(cause)} configure another address{key}.", cause)
{
    /// <summary>Systems say the usual reason in many ways, and in many languages.</summary>
    private static string What(Exception cause) =>
        cause.GetBaseException() is SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse }
        ? "the address is already in use"
        : cause.GetBaseException().Message.TrimEnd('.');

    private static string Why(Exception cause) =>
        cause.GetBaseException() is SocketException { SocketErrorCode: SocketError.AccessDenied }
        ? "The system does not give this port to this user: Unix keeps those below 1024, Windows the ranges that 'netsh int ipv4 "
            + "show excludedportrange tcp' lists;"
        : "Is another gateway running there? Stop it, or";
}
