using System.Net.Sockets;

namespace Gateway.Transport.Plain;

/// <summary>Lets the system ask an idle connection for signs of life, so that a host that has vanished is noticed.</summary>
internal static class KeepAlive
{
    private const int AfterSeconds = 10;
    private const int EverySeconds = 3;
    private const int Unanswered = 4;

    public static void Begin(Socket socket)
    {
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, AfterSeconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, EverySeconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, Unanswered);
    }
}
