using System.Net;
using Gateway.Transport.Tls;
using Gateway.Transport.Zmtp;

namespace Gateway.Transport.Dialing;

/// <summary>The configuration of a dialer.</summary>
/// <param name="ConnectTimeout">The time for the TCP connection to each address, and for resolving the name.</param>
/// <param name="HandshakeTimeout">The time for the handshakes, TLS (if any) and ZMTP together.</param>
internal sealed record DialSettings(TimeSpan ConnectTimeout, TimeSpan HandshakeTimeout)
{
    /// <summary>Null for plain text.</summary>
    public LinkTls? Tls { get; init; }

    /// <summary>The peer's name, for which its certificate must be valid.</summary>
    public string Peer { get; init; } = "";

    /// <summary>Returns the addresses of a name.</summary>
    public Func<string, CancellationToken, Task<IPAddress[]>> Resolve { get; init; } = Dns.GetHostAddressesAsync;

    /// <summary>The largest frame of an accepting side: a welcome with a position for each queue.</summary>
    public const int FrameBytesMax = 16 * 1024 * 1024;

    /// <summary>In the protocol between gateways, each frame is a message of its own.</summary>
    public static ZmtpLimits Zmtp { get; } = new(["ROUTER"], FrameBytesMax, FrameBytesMax, PartsMax: 1);
}
