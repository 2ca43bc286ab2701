using System.Buffers;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace Gateway.Transport.Accepting;

/// <summary>
/// An accepted connection, as Kestrel hands it on. When a flush returns, the system holds the bytes and sends them even if the connection
/// is then closed.
/// </summary>
internal sealed class SocketConnection : DefaultConnectionContext
{
    private const int DiscardedAtOnceBytes = 16 * 1024;

    private readonly Socket _socket;
    private readonly StreamPipes _pipes;

    /// <summary>
    /// Not disposed of, because that would race with an abort. Not the base class's token source either, for which that race ends the
    /// process.
    /// </summary>
    private readonly CancellationTokenSource _closed = new();

    public SocketConnection(Socket socket)
        : base(Guid.NewGuid().ToString("N"))
    {
        _socket = socket;
        Wire = new WireBytes { Socket = socket };
        _pipes = new StreamPipes(socket, Wire);
        Transport = _pipes;
        LocalEndPoint = socket.LocalEndPoint;
        RemoteEndPoint = socket.RemoteEndPoint is IPEndPoint remote ? HostPort.Plain(remote) : socket.RemoteEndPoint;
        ConnectionClosed = _closed.Token;
    }

    /// <summary>Counts the bytes moved on the connection.</summary>
    public WireBytes Wire { get; }

    /// <summary>Cuts the connection and drops unsent bytes. Any thread.</summary>
    public override void Abort(ConnectionAbortedException abortReason)
    {
        _socket.Close(timeout: 0);
        _ = _closed.CancelAsync();
    }

    /// <summary>
    /// Sends nothing more, and discards incoming bytes until the other side closes the connection too. If a connection is closed while it
    /// has unread bytes, the system resets it, and the other side may lose answers that it has not read yet.
    /// </summary>
    /// <param name="bytesMax">The bytes discarded at most.</param>
    /// <param name="limit">Cancelled when the time for it is over.</param>
    /// <returns>False if the other side has not closed it within the limits: then it must be cut.</returns>
    public async Task<bool> TryFinishAsync(long bytesMax, CancellationToken limit)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(DiscardedAtOnceBytes);
        try
        {
            _socket.Shutdown(SocketShutdown.Send);
            for (var left = bytesMax; left >= 0;)
            {
                var count = await _socket.ReceiveAsync(bytes, SocketFlags.None, limit);
                if (count == 0) return true;
                left -= count;
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // It is lost, or cut by another thread, or the time is over.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }

        return false;
    }

    public override ValueTask DisposeAsync()
    {
        _pipes.Dispose();
        return ValueTask.CompletedTask;
    }
}
