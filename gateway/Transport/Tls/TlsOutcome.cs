using System.Net.Security;
using Gateway.Links;

namespace Gateway.Transport.Tls;

/// <summary>How a TLS handshake ended.</summary>
/// <param name="Stream">The connection from now on; null after a fault.</param>
/// <param name="Names">For whom the other side may speak; set with the stream.</param>
/// <param name="Why">A sentence for people, after a fault.</param>
internal sealed record TlsOutcome(SslStream? Stream, AuthorisedNames? Names, ConnectionFault Fault, string Why)
{
    public static TlsOutcome Failed(ConnectionFault fault, string why) => new(null, null, fault, why);
}
