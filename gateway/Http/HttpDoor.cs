using System.Buffers;
using System.Net;
using System.Net.Sockets;
using Gateway.Transport;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;

namespace Gateway.Http;

/// <summary>
/// The address of the HTTP API, listened on before there is anything behind it: whoever comes first is kept until Kestrel, to which this is
/// where connections come from, asks for the first. One task at a time waits here.
/// </summary>
internal sealed class HttpDoor : IConnectionListenerFactory, IConnectionListener, IMemoryPoolFeature
{
    private const int Backlog = 512;

    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(100);

    private readonly Socket _socket;
    private readonly SocketConnectionContextFactory _connections;
    private Socket? _first;

    /// <exception cref="SocketException">The address cannot be listened on.</exception>
    public HttpDoor(IPEndPoint address, ILoggerFactory loggers)
    {
        _socket = HostPort.Listen(address, Backlog);
        EndPoint = _socket.LocalEndPoint!;
        _connections = new SocketConnectionContextFactory(new SocketConnectionFactoryOptions(), loggers.CreateLogger<HttpDoor>());
    }

    /// <summary>With the port that the system chose.</summary>
    public EndPoint EndPoint { get; }

    /// <summary>Done when somebody has connected, who is served when Kestrel begins to.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken) => _first = await AcceptSocketAsync(cancellationToken);

    /// <summary>
    /// Where Kestrel takes its buffers from; set before it asks for connections. What a connection would bring along by itself gives out
    /// empty ones, of which Kestrel knows nothing.
    /// </summary>
    public MemoryPool<byte> MemoryPool { get; set; } = MemoryPool<byte>.Shared;

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult<IConnectionListener>(this);

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        var accepted = _first;
        _first = null;
        try
        {
            accepted ??= await AcceptSocketAsync(cancellationToken);
        }
        catch (Exception e) when (e is ObjectDisposedException or SocketException { SocketErrorCode: SocketError.OperationAborted })
        {
            // Unbound: there is nobody to wait for any more.
            return null;
        }

        accepted.NoDelay = true;
        var connection = _connections.Create(accepted);
        connection.Features.Set<IMemoryPoolFeature>(this);
        return connection;
    }

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        _first?.Dispose();
        _connections.Dispose();
        return ValueTask.CompletedTask;
    }

    private async ValueTask<Socket> AcceptSocketAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await _socket.AcceptAsync(cancellationToken);
            }
            catch (SocketException e) when (e.SocketErrorCode != SocketError.OperationAborted)
            {
                // The caller is gone already, or the process has no handle left: then others have to close theirs first.
                await Task.Delay(_pause, cancellationToken);
            }
        }
    }
}
