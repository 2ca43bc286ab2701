using System.Net;
using System.Net.Sockets;
using Gateway.Transport;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Transport;

public sealed class WireBytesTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Arrivals_AddUp()
    {
        var bytes = new WireBytes();

        bytes.OnArrived(5);
        bytes.OnArrived(7);

        bytes.Arrived.ShouldBe(12);
        bytes.Departed.ShouldBeNull("there is no connection below");
    }

    [Fact]
    public async Task Departures_AreWhatTheOtherHostHasTaken_NotWhatLiesInBuffersHere()
    {
        var (near, far) = await ConnectAsync();
        using var _ = far;
        var bytes = new WireBytes { Socket = near };
        if (!OperatingSystem.IsLinux())
        {
            bytes.Departed.ShouldBeNull("this system does not tell");
            return;
        }

        // Linux counts the opening of a connection as one.
        var before = bytes.Departed.ShouldNotBeNull();

        await near.SendAsync(new byte[1000], Token);
        await ReceiveAsync(far, 1000);
        SpinWait.SpinUntil(() => bytes.Departed - before == 1000, TimeSpan.FromSeconds(10)).ShouldBeTrue();

        // As much as the buffers on both sides take; the far one is small.
        near.Blocking = false;
        long written = 0;
        while (near.Send(new byte[16 * 1024], SocketFlags.None, out var error) is var count && error == SocketError.Success)
            written += count;
        (bytes.Departed - before).ShouldNotBeNull().ShouldBeLessThan(written / 2);

        near.Dispose();
        bytes.Departed.ShouldBeNull("it has ended");
    }

    private static async Task<(Socket Near, Socket Far)> ConnectAsync()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        var near = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await near.ConnectAsync(listener.LocalEndPoint!, Token);
        return (near, await listener.AcceptAsync(Token));
    }

    private static async Task ReceiveAsync(Socket socket, int count)
    {
        var buffer = new byte[count];
        for (var received = 0; received < count;) received += await socket.ReceiveAsync(buffer.AsMemory(received), Token);
    }
}
