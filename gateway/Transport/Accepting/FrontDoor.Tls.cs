using Gateway.Transport.Tls;
using Microsoft.AspNetCore.Connections;

namespace Gateway.Transport.Accepting;

/// <summary>The TLS part of the front door, before ZMTP, for connections from peers.</summary>
internal sealed partial class FrontDoor
{
    private async Task<TlsOutcome> SecureAsync(LinkTls tls, ConnectionContext context, CancellationToken limit)
    {
        try
        {
            // Nothing has been read from or written to the transport's pipes, so its stream is unused.
            return await tls.AcceptAsync(((StreamPipes)context.Transport).Stream, limit);
        }
        catch (OperationCanceledException)
        {
            return TlsOutcome.Failed(OnHandshakeOver(limit), "the TLS handshake was not complete in time");
        }
    }
}
