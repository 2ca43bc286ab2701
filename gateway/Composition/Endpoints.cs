using Gateway.Transport;
using Gateway.Transport.Tls;

namespace Gateway.Composition;

/// <summary>The addresses a gateway listens on, and those it dials.</summary>
/// <param name="IntakeAddress">The address for applications.</param>
/// <param name="LinksAddress">The address for peers; empty to listen for none.</param>
/// <param name="PeerAddresses">The addresses to dial, by peer name.</param>
/// <param name="ConnectTimeout">The time for a TCP connection to a peer.</param>
internal sealed record Endpoints(string IntakeAddress, string LinksAddress, IReadOnlyDictionary<string, string> PeerAddresses,
    TimeSpan ConnectTimeout)
{
    /// <summary>The limits for applications.</summary>
    public required EndpointLimits Intake { get; init; }

    /// <summary>The limits for peers.</summary>
    public required EndpointLimits Links { get; init; }

    /// <summary>The time for the ZMTP handshake, on accepted and on dialed connections.</summary>
    public required TimeSpan HandshakeTimeout { get; init; }

    public required ConnectionPatience Patience { get; init; }

    /// <summary>The fingerprints of the only accepted certificates, by peer name; none for peers whose certificates a CA signs.</summary>
    public IReadOnlyDictionary<string, string> PeerFingerprints { get; init; } = new Dictionary<string, string>();

    /// <summary>TLS on all links, in both directions; null for plain text.</summary>
    public LinkTls? Tls { get; init; }
}

/// <summary>The connection limits of one endpoint.</summary>
/// <param name="ConnectionsMax">Connections open at once.</param>
/// <param name="ConnectionsPerAddressMax">Connections open at once from one address.</param>
internal sealed record EndpointLimits(int ConnectionsMax, int ConnectionsPerAddressMax);
