using Gateway.Transport.Zmtp;

namespace Gateway.Transport;

/// <summary>What one endpoint takes from those who connect to it.</summary>
/// <param name="ConnectionsMax">Open at once.</param>
/// <param name="ConnectionsPerAddressMax">Open at once from one address.</param>
/// <param name="HandshakeTimeout">For the ZMTP handshake.</param>
internal sealed record FrontDoorSettings(int ConnectionsMax, int ConnectionsPerAddressMax, TimeSpan HandshakeTimeout, SplicePatience Patience, ZmtpLimits Zmtp);
