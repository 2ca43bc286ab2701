using Gateway.Transport.Tls;
using Gateway.Transport.Zmtp;

namespace Gateway.Transport.Accepting;

/// <summary>The limits of one endpoint.</summary>
/// <param name="ConnectionsMax">Connections open at once.</param>
/// <param name="ConnectionsPerAddressMax">Connections open at once from one address.</param>
/// <param name="HandshakeTimeout">The time for the handshakes, TLS (if any) and ZMTP together.</param>
internal sealed record FrontDoorSettings(
    int ConnectionsMax, int ConnectionsPerAddressMax, TimeSpan HandshakeTimeout, ConnectionPatience Patience, ZmtpLimits Zmtp)
{
    /// <summary>Null for plain text.</summary>
    public LinkTls? Tls { get; init; }
}
