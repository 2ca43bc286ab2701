using System.Net;
using System.Net.Sockets;

namespace Gateway.Transport;

/// <summary>
/// The address under which the connections and requests of one party are counted, at every door: an IPv4 address, also where a dual-stack
/// socket shows it in IPv6 form; of IPv6 the network (/64), since its owner has all its addresses.
/// </summary>
internal static class CountedAddress
{
    private const int NetworkBytes = 8;

    public static IPAddress Of(IPAddress? address) => address switch
    {
        null => IPAddress.None,
        _ when HostPort.Plain(address) is { AddressFamily: AddressFamily.InterNetwork } plain => plain,
        _ => new IPAddress([.. address.GetAddressBytes().AsSpan(0, NetworkBytes), .. new byte[NetworkBytes]]),
    };
}
