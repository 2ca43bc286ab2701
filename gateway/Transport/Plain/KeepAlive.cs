using System.Buffers.Binary;
using System.Net.Sockets;

namespace Gateway.Transport.Plain;

/// <summary>
/// Lets the system ask an idle connection for signs of life, so that a host that has vanished is noticed. Systems know different options,
/// and a refused one makes the runtime believe that the socket is no longer connected. So they are tried on a socket of their own first.
/// </summary>
internal static class KeepAlive
{
    private const int AfterSeconds = 10;
    private const int EverySeconds = 3;
    private const int Unanswered = 4;

    private static readonly Action<Socket>[] _options =
    [
        socket => socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true),
        SetAsWindows,
        socket => socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, AfterSeconds),
        socket => socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, EverySeconds),
        socket => socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, Unanswered),
    ];

    /// <summary>Those that this system knows; null until that is found out.</summary>
    private static volatile Action<Socket>[]? _known;

    public static void Begin(Socket socket)
    {
        try
        {
            _known ??= FindKnown();
            foreach (var option in _known) option(socket);
        }
        catch (SocketException)
        {
            // No socket is free to find out with, or the connection is gone already, which shows by itself.
        }
    }

    private static Action<Socket>[] FindKnown()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        return [.. _options.Where(option => IsKnown(option, socket))];
    }

    private static bool IsKnown(Action<Socket> option, Socket socket)
    {
        try
        {
            option(socket);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>
    /// The struct tcp_keepalive of SIO_KEEPALIVE_VALS: whether, after how many ms, and how many ms apart. Windows before version 1709
    /// knows no other way.
    /// </summary>
    private static void SetAsWindows(Socket socket)
    {
        if (!OperatingSystem.IsWindows()) return;
        var values = new byte[3 * sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(values, 1);
        BinaryPrimitives.WriteInt32LittleEndian(values.AsSpan(sizeof(int)), AfterSeconds * 1000);
        BinaryPrimitives.WriteInt32LittleEndian(values.AsSpan(2 * sizeof(int)), EverySeconds * 1000);
        socket.IOControl(IOControlCode.KeepAliveValues, values, null);
    }
}
