using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace Gateway.Transport.Accepting;

/// <summary>
/// A connection that was accepted, as Kestrel hands it on. What is written is with the system when a flush returns, and goes out even if
/// the connection is closed then.
/// </summary>
internal sealed class SocketConnection : DefaultConnectionContext
{
    private readonly Socket _socket;
    private readonly StreamPipes _pipes;

    /// <summary>
    /// Not disposed of, which would race with an abort; and not that of the base class, for which that race ends the process.
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

    /// <summary>What moves on it.</summary>
    public WireBytes Wire { get; }

    /// <summary>Any thread: cuts the connection; what was not sent yet is dropped.</summary>
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
