using System.Net;
using System.Net.Sockets;
using Gateway.Cli.Api;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Cli.Api;

public sealed class ResetOnConnectTests
{
    private static readonly Uri _address = new("http://gateway.test:7425/");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_connection_that_is_reset_as_soon_as_it_is_made_is_a_gateway_that_went_away()
    {
        using var http = new HttpClient(new ResetOnConnect(NewHandler())) { BaseAddress = _address };

        var failure = await Should.ThrowAsync<ApiException>(
            () => new ApiClient(http, TimeSpan.FromSeconds(10), TimeProvider.System).ReadStateAsync(Token));

        failure.Message.ShouldContain("ended the connection without an HTTP answer");
    }

    /// <summary>When .NET reports it by itself, the class has no reason any more.</summary>
    [Fact]
    public async Task Without_it_the_exception_of_the_socket_comes_through()
    {
        using var http = new HttpClient(NewHandler()) { BaseAddress = _address };

        await Should.ThrowAsync<SocketException>(() => http.GetAsync(_address, Token));
    }

    private static SocketsHttpHandler NewHandler() =>
        new() { UseProxy = false, ConnectCallback = (_, token) => ConnectAndResetAsync(token) };

    /// <summary>A connection whose other end has reset it already, and which knows it.</summary>
    private static async ValueTask<Stream> ConnectAndResetAsync(CancellationToken cancellationToken)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(listener.LocalEndpoint, cancellationToken);
        using (var other = await listener.AcceptSocketAsync(cancellationToken)) other.LingerState = new LingerOption(true, 0);
        socket.Poll(TimeSpan.FromSeconds(10), SelectMode.SelectRead).ShouldBeTrue();
        return new NetworkStream(socket, ownsSocket: true);
    }
}
