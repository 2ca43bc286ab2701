using System.Net;

namespace Gateway.Http.Security;

/// <summary>
/// By which names this gateway may be called. A page of a stranger can have its own name lead to this host (DNS rebinding), and would then
/// be of one origin with the gateway; but it cannot change the name that its browser sends. Pure.
/// </summary>
internal sealed class HostCheck(IEnumerable<string> configured)
{
    private readonly HashSet<string> _configured = configured.Select(Bare).ToHashSet(StringComparer.OrdinalIgnoreCase);

    /// <param name="host">Of the header Host, without the port.</param>
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

    /// <summary>Without the brackets of IPv6, and without the dot that ends a full name.</summary>
    private static string Bare(string host) => host.Trim('[', ']').TrimEnd('.');
}
