using System.Net;
using System.Net.Sockets;

namespace Gateway.Cli.Demo;

/// <summary>TCP ports on loopback.</summary>
internal static class LoopbackPort
{
    /// <summary>Ports that the system has free now, all different.</summary>
    public static int[] Free(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToArray();
        try
        {
            return [.. listeners.Select(listener =>
            {
                listener.Start();
                return ((IPEndPoint)listener.LocalEndpoint).Port;
            })];
        }
        finally
        {
            foreach (var listener in listeners)
                listener.Dispose();
        }
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

        // A connection to a free port of the ephemeral range can, by chance, be its own other end.
        return !socket.LocalEndPoint!.Equals(socket.RemoteEndPoint);
    }
}
