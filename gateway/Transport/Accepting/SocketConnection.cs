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

    public override ValueTask DisposeAsync()
    {
        _pipes.Dispose();
        return ValueTask.CompletedTask;
    }
}
