using System.Net;
using System.Net.Sockets;

namespace Gateway.Cli.Demo.Processes;

/// <summary>TCP ports on loopback.</summary>
internal static class LoopbackPort
{
    // Guarded by its own lock; released when the process ends.
    private static readonly List<Socket> _claims = [];

    /// <summary>
    /// Returns distinct ports that are free now. On Linux they stay claimed until this process ends: no outgoing connection gets one of
    /// them, while programs that set SO_REUSEADDR, as servers do, can listen there. On other systems they are only likely to stay free.
    /// </summary>
    public static int[] Free(int count)
    {
        var sockets = Enumerable.Range(0, count).Select(_ => Claim()).ToList();
        int[] ports = [.. sockets.Select(socket => ((IPEndPoint)socket.LocalEndPoint!).Port)];
        if (OperatingSystem.IsLinux())
            lock (_claims) _claims.AddRange(sockets);
        else
            sockets.ForEach(socket => socket.Dispose());
        return ports;
    }

    /// <summary>Whether something takes connections on <paramref name="port"/>.</summary>
    public static async Task<bool> AcceptsAsync(int port, CancellationToken cancellationToken)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), cancellationToken);
        }
        catch (SocketException)
        {
            return false;
        }

        // A connection to a free ephemeral port can happen to connect to itself.
        return !socket.LocalEndPoint!.Equals(socket.RemoteEndPoint);
    }

    private static Socket Claim()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        if (OperatingSystem.IsLinux()) socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }
}
