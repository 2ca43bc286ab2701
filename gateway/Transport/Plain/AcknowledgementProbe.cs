using System.Net;
using System.Net.Sockets;

namespace Gateway.Transport.Plain;

/// <summary>Finds out what this system's TCP tells, by a connection within this process.</summary>
internal static class AcknowledgementProbe
{
    private const int PatienceMs = 1000;

    private static volatile object? _tells;

    /// <summary>
    /// Whether the system tells what the other side of a connection has acknowledged. Null if that cannot be found out now, since no
    /// socket or port is free. The first call blocks for a moment.
    /// </summary>
    public static bool? TellsAcknowledged()
    {
        _tells ??= Find();
        return (bool?)_tells;
    }

    /// <summary>
    /// A figure alone proves nothing: systems that imitate Linux have one that never moves. What answers a byte acknowledges it.
    /// </summary>
    private static bool? Find()
    {
        try
        {
            using var listener = HostPort.Listen(new IPEndPoint(IPAddress.Loopback, 0), backlog: 1);
            using var socket = NewSocket();
            socket.Connect(listener.LocalEndPoint!);
            using var other = listener.Accept();
            // Another program of this host may have come first.
            if (!Equals(other.RemoteEndPoint, socket.LocalEndPoint)) return null;
            other.ReceiveTimeout = other.SendTimeout = PatienceMs;
            var before = TcpFigures.Ask(socket);
            Pass(socket, other);
            Pass(other, socket);
            return before is { } first && TcpFigures.Ask(socket) is { } then && then.Acknowledged > first.Acknowledged;
        }
        catch (SocketException)
        {
            return null;
        }
    }

    private static Socket NewSocket() => new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
    {
        NoDelay = true,
        ReceiveTimeout = PatienceMs,
        SendTimeout = PatienceMs,
    };

    private static void Pass(Socket from, Socket to)
    {
        from.Send([0]);
        to.Receive(new byte[1]);
    }
}
