using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace Gateway.Transport.Accepting;

/// <summary>
/// How Kestrel gets its connections here. Its own transport reads ahead and, when a connection is reset, throws away what it has read: the
/// last words of every NetMQ peer, which resets when it closes. This one reads when it is asked to, and what had arrived before the reset
/// is still given out.
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
                    // The peer is gone already, or the process has no handle left: then others have to close theirs first.
                    await Task.Delay(_pause, cancellationToken);
                }
                catch (Exception e) when (e is SocketException or ObjectDisposedException)
                {
                    // Unbound.
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
