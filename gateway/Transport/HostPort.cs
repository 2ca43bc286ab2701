using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Gateway.Transport;

/// <summary>
/// A host and a port in the usual notation: an IPv6 literal is bracketed, and an IPv4 address is never shown as IPv4-mapped IPv6.
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

    /// <summary>The IPv4 address 10.0.0.5 for ::ffff:10.0.0.5, the form that dual-stack sockets use.</summary>
    public static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    public static IPEndPoint Plain(IPEndPoint end) =>
        end.Address.IsIPv4MappedToIPv6 ? new IPEndPoint(end.Address.MapToIPv4(), end.Port) : end;

    /// <summary>
    /// The end point to listen on for an address of the form scheme://IP:PORT; scheme://*:PORT means every address of this host, of both
    /// families if the system has both.
    /// </summary>
    public static IPEndPoint Listening(string address)
    {
        var uri = new Uri(address.Replace("://*", "://0.0.0.0", StringComparison.Ordinal));
        var isAny = address.Contains("://*", StringComparison.Ordinal);
        return new IPEndPoint(isAny && Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Parse(uri.DnsSafeHost), uri.Port);
    }

    /// <summary>Opens a listening socket; on all IPv6 addresses it also accepts IPv4.</summary>
    /// <exception cref="SocketException">The address cannot be listened on.</exception>
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
