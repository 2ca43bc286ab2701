using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace Gateway.Transport.Accepting;

/// <summary>
/// The transport that gives Kestrel its connections. Kestrel's own transport reads ahead and, when a connection is reset, drops the bytes
/// it has read: the last messages of every NetMQ peer, which resets on close. This one reads only on request, and still delivers bytes that
/// arrived before a reset.
/// </summary>
internal sealed class SocketListeners : IConnectionListenerFactory
{
    private const int Backlog = 512;

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult<IConnectionListener>(new Listener(HostPort.Listen(endpoint, Backlog)));

    private sealed class Listener(Socket socket) : IConnectionListener
    {
        private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(100);

        private volatile bool _isUnbound;

        public EndPoint EndPoint { get; } = socket.LocalEndPoint!;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            while (!_isUnbound)
            {
                try
                {
                    return new SocketConnection(await socket.AcceptAsync(cancellationToken));
                }
                catch (SocketException) when (!_isUnbound)
                {
                    // The peer is already gone, or the process has no free handle; the pause lets others close theirs.
                    await Task.Delay(_pause, cancellationToken);
                }
                catch (Exception e) when (e is SocketException or ObjectDisposedException)
                {
                    // The listener is unbound.
                }
            }

            return null;
        }

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default) => DisposeAsync();

        public ValueTask DisposeAsync()
        {
            _isUnbound = true;
            socket.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
