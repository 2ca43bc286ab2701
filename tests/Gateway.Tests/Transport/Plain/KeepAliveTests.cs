using System.Net;
using System.Net.Sockets;
using Gateway.Transport.Plain;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Transport.Plain;

/// <summary>Signs of life, on the system that runs the tests.</summary>
public sealed class KeepAliveTests
{
    [Fact]
    public void AConnection_IsAskedForSignsOfLife()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Connect(listener.LocalEndPoint!);

        KeepAlive.Begin(socket);

        ((int)socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive)!).ShouldNotBe(0);
        ((int)socket.GetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime)!).ShouldBe(10);
        // The runtime would believe otherwise, and refuse to read, had the system refused an option.
        socket.Connected.ShouldBeTrue();
    }
}
