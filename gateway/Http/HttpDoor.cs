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
/// Listens on the address of the HTTP API before the application exists. The first connection is kept until Kestrel, which takes its
/// connections from here, asks for it. Only one task may wait here at a time.
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

    /// <summary>Includes the port that the system chose.</summary>
    public EndPoint EndPoint { get; }

    /// <summary>Completes on the first connection, which is served once Kestrel starts.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken) => _first = await AcceptSocketAsync(cancellationToken);

    /// <summary>
    /// The source of Kestrel's buffers, set before Kestrel asks for connections. The pool that a connection brings along returns empty
    /// buffers unknown to Kestrel.
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
            // Unbound: nothing is left to wait for.
            return null;
        }

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
            Socket? accepted = null;
            try
            {
                accepted = await _socket.AcceptAsync(cancellationToken);
                accepted.NoDelay = true;
                return accepted;
            }
            catch (SocketException e) when (accepted is not null || e.SocketErrorCode != SocketError.OperationAborted)
            {
                // The caller has gone already, or the process is out of handles until other connections close.
                accepted?.Dispose();
                await Task.Delay(_pause, cancellationToken);
            }
        }
    }
}
