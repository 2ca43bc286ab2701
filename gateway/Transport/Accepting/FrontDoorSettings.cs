using Gateway.Transport.Tls;
using Gateway.Transport.Zmtp;

namespace Gateway.Transport.Accepting;

/// <summary>What one endpoint takes from those who connect to it.</summary>
/// <param name="ConnectionsMax">Open at once.</param>
/// <param name="ConnectionsPerAddressMax">Open at once from one address.</param>
/// <param name="HandshakeTimeout">For the handshakes, of TLS if there is one and of ZMTP, together.</param>
internal sealed record FrontDoorSettings(
    int ConnectionsMax, int ConnectionsPerAddressMax, TimeSpan HandshakeTimeout, ConnectionPatience Patience, ZmtpLimits Zmtp)
{
    /// <summary>Null for plain text.</summary>
    public LinkTls? Tls { get; init; }
}
