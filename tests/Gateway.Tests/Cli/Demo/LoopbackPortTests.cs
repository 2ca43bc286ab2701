using System.Net;
using System.Net.Sockets;
using Gateway.Cli.Demo.Processes;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Cli.Demo;

public sealed class LoopbackPortTests
{
    [Fact]
    public void Free_ports_are_all_different() => LoopbackPort.Free(8).ShouldBeUnique();

    [Fact]
    public async Task A_free_port_refuses_until_a_server_listens_on_it()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var port = LoopbackPort.Free(1)[0];

        (await LoopbackPort.AcceptsAsync(port, cancellationToken)).ShouldBeFalse();
        using var listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start();
        (await LoopbackPort.AcceptsAsync(port, cancellationToken)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_port_accepts_while_somebody_listens_on_it()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;

        (await LoopbackPort.AcceptsAsync(port, cancellationToken)).ShouldBeTrue();
        listener.Dispose();
        (await LoopbackPort.AcceptsAsync(port, cancellationToken)).ShouldBeFalse();
    }
}
