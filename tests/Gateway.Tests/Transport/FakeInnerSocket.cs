using System.Net;
using System.Net.Sockets;
using Gateway.Transport;
using Gateway.Transport.Dialing;

namespace Gateway.Tests.Transport;

/// <summary>Stands for this process's own socket on a dialed link, after its part of the handshake.</summary>
internal sealed class FakeInnerSocket : IInnerSocket
{
    private readonly TaskCompletionSource<Socket> _socket = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Its end, once it is open.</summary>
    public Task<Socket> Socket => _socket.Task;

    public async Task<StreamPipes> OpenAsync(CancellationToken cancellationToken)
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(1);
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(listener.LocalEndPoint!, cancellationToken);
        _socket.SetResult(socket);
        return new StreamPipes(await listener.AcceptAsync(cancellationToken));
    }
}
