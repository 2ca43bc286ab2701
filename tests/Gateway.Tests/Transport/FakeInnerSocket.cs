using System.Net;
using System.Net.Sockets;
using Gateway.Transport;
using Gateway.Transport.Dialing;

namespace Gateway.Tests.Transport;

/// <summary>Stands for this process's own socket on a dialed link, after its part of the handshake.</summary>
internal sealed class FakeInnerSocket : IInnerSocket
{
    private readonly TaskCompletionSource<Socket> _socket = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Nothing is counted on its own side.</summary>
    public FakeInnerSocket() => Flow.OnTaken(int.MaxValue);

    /// <summary>Its end, once it is open.</summary>
    public Task<Socket> Socket => _socket.Task;

    /// <inheritdoc/>
    public InnerFlow Flow { get; } = new();

    /// <inheritdoc/>
    public bool IsHeldUp { get; init; }

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
