using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Gateway.Transport;

/// <summary>
/// A host and a port as people write them: a literal of IPv6 stands in brackets, and an address of IPv4 is never in the clothes of IPv6.
/// </summary>
internal static class HostPort
{
    public static string Of(string host, int port) =>
        string.Create(CultureInfo.InvariantCulture, $"{(host.Contains(':') ? $"[{host}]" : host)}:{port}");

    public static string Of(EndPoint? end) => end switch
    {
        null => "an unknown address",
        IPEndPoint ip => Plain(ip).ToString(),
        _ => end.ToString() ?? "",
    };

    /// <summary>What a socket of both families calls ::ffff:10.0.0.5 is 10.0.0.5.</summary>
    public static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    public static IPEndPoint Plain(IPEndPoint end) =>
        end.Address.IsIPv4MappedToIPv6 ? new IPEndPoint(end.Address.MapToIPv4(), end.Port) : end;

    /// <summary>
    /// Where to listen for an address of the form scheme://IP:PORT, or scheme://*:PORT for every address of this host, of both families
    /// where the system has both.
    /// </summary>
    public static IPEndPoint Listening(string address)
    {
        var uri = new Uri(address.Replace("://*", "://0.0.0.0", StringComparison.Ordinal));
        var isAny = address.Contains("://*", StringComparison.Ordinal);
        return new IPEndPoint(isAny && Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Parse(uri.DnsSafeHost), uri.Port);
    }

    /// <summary>A socket that listens there; on all addresses of IPv6, it takes IPv4, too.</summary>
    /// <exception cref="SocketException">It cannot.</exception>
    public static Socket Listen(EndPoint end, int backlog)
    {
        var socket = new Socket(end.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (end is IPEndPoint ip && ip.Address.Equals(IPAddress.IPv6Any)) socket.DualMode = true;
            PortClaim.Take(socket);
            socket.Bind(end);
            socket.Listen(backlog);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
