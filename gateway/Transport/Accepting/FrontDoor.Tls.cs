using Gateway.Transport.Tls;
using Microsoft.AspNetCore.Connections;

namespace Gateway.Transport.Accepting;

/// <summary>The part of the front door that comes before ZMTP, where peers connect.</summary>
internal sealed partial class FrontDoor
{
    private async Task<TlsOutcome> SecureAsync(LinkTls tls, ConnectionContext context, CancellationToken limit)
    {
        try
        {
            // Nothing has been read from the transport's pipes, nor written into them: its stream is as fresh as the connection.
            return await tls.AcceptAsync(((StreamPipes)context.Transport).Stream, limit);
        }
        catch (OperationCanceledException)
        {
            return TlsOutcome.Failed(OnHandshakeOver(limit), "the TLS handshake was not complete in time");
        }
    }
}
