using System.Net;
using System.Net.Sockets;
using Gateway.Transport.Dialing;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Transport.Dialing;

public sealed class QuietConnectTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WhoListens_IsConnected()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);

        (await QuietConnect.ConnectAsync(socket, listener.LocalEndpoint, Cancel)).ShouldBe(SocketError.Success);

        socket.Connected.ShouldBeTrue();
    }

    [Fact]
    public async Task WhoDoesNotListen_IsACode()
    {
        // Bound and not listening: nobody else can take the port meanwhile.
        using var silent = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        silent.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);

        (await QuietConnect.ConnectAsync(socket, silent.LocalEndPoint!, Cancel)).ShouldBe(SocketError.ConnectionRefused);
    }

    [Fact]
    public async Task OneThatMeetsItself_IsRefused_AndFreesThePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var port = (IPEndPoint)socket.LocalEndPoint!;

        (await QuietConnect.ConnectAsync(socket, port, Cancel)).ShouldBe(SocketError.ConnectionRefused);

        using var listener = new TcpListener(port);
        listener.Start();
    }

    [Fact]
    public async Task WhoDoesNotAnswer_IsGivenUpWhenTold()
    {
        using var full = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        full.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        full.Listen(0);
        using var inTheWay = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await inTheWay.ConnectAsync(full.LocalEndPoint!, Cancel);
        using var given = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);

        var connecting = QuietConnect.ConnectAsync(socket, full.LocalEndPoint!, given.Token).AsTask();
        await given.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(connecting);
    }
}
