using System.Net.Security;
using Gateway.Links.Receiving;

namespace Gateway.Transport.Tls;

/// <summary>The result of a TLS handshake.</summary>
/// <param name="Stream">The secured connection; null after a fault.</param>
/// <param name="Names">The peers the other side may speak for; set together with the stream.</param>
/// <param name="Why">A sentence for people, after a fault.</param>
internal sealed record TlsOutcome(SslStream? Stream, AuthorisedNames? Names, ConnectionFault Fault, string Why)
{
    public static TlsOutcome Failed(ConnectionFault fault, string why) => new(null, null, fault, why);
}
