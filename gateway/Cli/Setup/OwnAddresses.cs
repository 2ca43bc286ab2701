using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Gateway.Links.Pairing;
using Gateway.Transport;

namespace Gateway.Cli.Setup;

/// <summary>Where other hosts may reach this gateway, as <c>HOST:PORT</c>.</summary>
internal static class OwnAddresses
{
    private const string Wildcard = "*";
    private const string LocalName = "localhost";

    /// <summary>A colon and a port.</summary>
    private const int PortChars = 6;

    /// <summary>Of the host, beside its name: more would make the code longer than it is of use.</summary>
    private const int AddressesMax = 2;

    /// <summary>
    /// The given ones; otherwise the one on which it listens; if that is every address of the host, the host's name and its addresses.
    /// </summary>
    /// <param name="listen">As in the configuration: <c>tcp://IP:PORT</c>, or <c>tcp://*:PORT</c>.</param>
    /// <param name="given">As <c>HOST</c> or <c>HOST:PORT</c>.</param>
    /// <param name="ofHost">The names and addresses of this host, the likeliest first.</param>
    /// <returns>None if the port is not known.</returns>
    public static IReadOnlyList<string> Of(string listen, IReadOnlyList<string> given, Func<IEnumerable<string>> ofHost)
    {
        var uri = new Uri(listen.Replace("://*", "://0.0.0.0", StringComparison.Ordinal));
        if (given.Count > 0) return given.All(address => PortOf(address) > 0 || uri.Port > 0)
            ? [.. given.Select(address => PortOf(address) > 0 ? address : HostPort.Of(address.Trim('[', ']'), uri.Port))] : [];
        if (uri.Port <= 0) return [];
        var isWildcard = listen.Contains($"://{Wildcard}", StringComparison.Ordinal)
            || (IPAddress.TryParse(uri.DnsSafeHost, out var ip) && (ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any)));
        return isWildcard ? [.. ofHost().Distinct().Take(PairingCode.AddressesMax).Select(host => HostPort.Of(host, uri.Port))]
            : [HostPort.Of(uri.DnsSafeHost, uri.Port)];
    }

    /// <summary>This host's name, which stays when its addresses change, and then the addresses of its networks.</summary>
    public static IEnumerable<string> OfHost()
    {
        var networks = NetworkInterface.GetAllNetworkInterfaces()
            .Where(network => network.OperationalStatus == OperationalStatus.Up
                && network.NetworkInterfaceType != NetworkInterfaceType.Loopback)
            .Select(network => network.GetIPProperties())
            // A network with a way out is more likely to be that of the other host than one of containers.
            .OrderBy(network => network.GatewayAddresses.Count == 0);
        var addresses = networks.SelectMany(network => network.UnicastAddresses).Select(unicast => unicast.Address)
            .Where(address => !IPAddress.IsLoopback(address) && !IsOfLink(address))
            .OrderBy(address => address.AddressFamily != AddressFamily.InterNetwork).Take(AddressesMax)
            .Select(address => address.ToString()).ToList();
        var name = Dns.GetHostName();
        if (name.Length > 0 && !name.StartsWith(LocalName, StringComparison.OrdinalIgnoreCase)) yield return name;
        foreach (var address in addresses) yield return address;
        if (addresses.Count == 0) yield return IPAddress.Loopback.ToString();
    }

    /// <summary>It is a name or an address, with a port or without.</summary>
    public static bool IsAddress(string text) => text.Length <= PairingCode.AddressBytesMax - PortChars
        && (IPAddress.TryParse(text, out _) || (Uri.TryCreate($"tcp://{text}", UriKind.Absolute, out var uri)
            && uri is { Host.Length: > 0, PathAndQuery: "" or "/", UserInfo: "" } && !text.Contains('*')));

    /// <summary>An address without a meaning on other networks.</summary>
    private static bool IsOfLink(IPAddress address) =>
        address.IsIPv6LinkLocal || (address.AddressFamily == AddressFamily.InterNetwork && address.GetAddressBytes() is [169, 254, ..]);

    /// <summary>0 if there is none.</summary>
    private static int PortOf(string address) =>
        Uri.TryCreate($"tcp://{address}", UriKind.Absolute, out var uri) && uri.Port > 0 ? uri.Port : 0;
}
