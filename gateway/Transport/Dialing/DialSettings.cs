using System.Net;
using Gateway.Transport.Tls;
using Gateway.Transport.Zmtp;

namespace Gateway.Transport.Dialing;

/// <summary>What a dialer is told by the configuration.</summary>
/// <param name="ConnectTimeout">For the TCP connection, to each of the addresses of a name; and for the name itself.</param>
/// <param name="HandshakeTimeout">For the handshakes, of TLS if there is one and of ZMTP, together.</param>
internal sealed record DialSettings(TimeSpan ConnectTimeout, TimeSpan HandshakeTimeout)
{
    /// <summary>Null for plain text.</summary>
    public LinkTls? Tls { get; init; }

    /// <summary>Who is meant, and has to show a certificate for this name.</summary>
    public string Peer { get; init; } = "";

    /// <summary>Gives the addresses of a name.</summary>
    public Func<string, CancellationToken, Task<IPAddress[]>> Resolve { get; init; } = Dns.GetHostAddressesAsync;

    /// <summary>The largest frame of an accepting side is a welcome with a position for each queue.</summary>
    public const int FrameBytesMax = 16 * 1024 * 1024;

    /// <summary>A frame of the protocol between gateways is a message of its own.</summary>
    public static ZmtpLimits Zmtp { get; } = new(["ROUTER"], FrameBytesMax, FrameBytesMax, PartsMax: 1);
}
