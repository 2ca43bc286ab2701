using Gateway.Links;
using Gateway.Transport;
using Gateway.Transport.Tls;

namespace Gateway.Composition;

/// <summary>Where a gateway listens and whom it dials.</summary>
/// <param name="IntakeAddress">For applications.</param>
/// <param name="LinksAddress">For peers; empty to listen for none.</param>
/// <param name="PeerAddresses">By the peer's name.</param>
/// <param name="ConnectTimeout">For a TCP connection to a peer.</param>
internal sealed record Endpoints(string IntakeAddress, string LinksAddress, IReadOnlyDictionary<string, string> PeerAddresses,
    TimeSpan ConnectTimeout)
{
    /// <summary>What is taken from applications.</summary>
    public required EndpointLimits Intake { get; init; }

    /// <summary>What is taken from peers.</summary>
    public required EndpointLimits Links { get; init; }

    /// <summary>The ZMTP handshake, on connections that are accepted and on those that are dialed.</summary>
    public required TimeSpan HandshakeTimeout { get; init; }

    public required ConnectionPatience Patience { get; init; }

    /// <summary>On all links, in both directions; null for plain text.</summary>
    public LinkTls? Tls { get; init; }

    /// <summary>The certificate that peers are shown; null without TLS.</summary>
    public Func<OwnCertificate?> ShowCertificate { get; init; } = () => null;
}

/// <summary>How much one endpoint takes.</summary>
/// <param name="ConnectionsMax">Open at once.</param>
/// <param name="ConnectionsPerAddressMax">Open at once from one address.</param>
internal sealed record EndpointLimits(int ConnectionsMax, int ConnectionsPerAddressMax);
