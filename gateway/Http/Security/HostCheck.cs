using System.Net;

namespace Gateway.Http.Security;

/// <summary>
/// The host names by which this gateway may be called. A foreign page can make its own name resolve to this host (DNS rebinding) and so
/// share an origin with the gateway, but it cannot change the host name that its browser sends. Pure.
/// </summary>
internal sealed class HostCheck(IEnumerable<string> configured)
{
    private readonly HashSet<string> _configured = configured.Select(Bare).ToHashSet(StringComparer.OrdinalIgnoreCase);

    /// <param name="host">The host name in the header Host, without the port.</param>
    /// <param name="local">The address of the connection on this side.</param>
    public bool Allows(string host, IPAddress? local)
    {
        var name = Bare(host);
        if (name.Length == 0) return false;
        if (_configured.Contains(name)) return true;
        if (local is { IsIPv4MappedToIPv6: true }) local = local.MapToIPv4();
        if (IPAddress.TryParse(name, out var address)) return address.Equals(local);
        return name.Equals("localhost", StringComparison.OrdinalIgnoreCase) && local is not null && IPAddress.IsLoopback(local);
    }

    /// <summary>Removes the brackets of IPv6 and the final dot of a full name.</summary>
    private static string Bare(string host) => host.Trim('[', ']').TrimEnd('.');
}
