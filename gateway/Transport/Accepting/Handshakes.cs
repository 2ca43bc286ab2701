using System.IO.Pipelines;
using Gateway.Transport.Tls;
using Gateway.Transport.Zmtp;
using Microsoft.AspNetCore.Connections;

namespace Gateway.Transport.Accepting;

/// <summary>
/// The handshakes of accepted connections: TLS first for connections from peers, then ZMTP as a ROUTER. Each reports the fault that ended
/// it; keeps nothing of a connection.
/// </summary>
/// <param name="stopping">The gateway stops: handshakes that are cut are no fault of the other side.</param>
internal sealed class Handshakes(CancellationToken stopping)
{
    private static readonly ZmtpReady _ready = new("ROUTER", []);

    /// <param name="limit">The time for all handshakes of the connection is over, or the gateway stops.</param>
    public async Task<TlsOutcome> SecureAsync(LinkTls tls, ConnectionContext context, CancellationToken limit)
    {
        try
        {
            // Nothing has been read from or written to the transport's pipes, so its stream is unused.
            return await tls.AcceptAsync(((StreamPipes)context.Transport).Stream, limit);
        }
        catch (OperationCanceledException)
        {
            return TlsOutcome.Failed(OnOver(limit), "the TLS handshake was not complete in time");
        }
    }

    /// <inheritdoc cref="SecureAsync"/>
    public async Task<ConnectionFault> ShakeHandsAsync(IDuplexPipe outside, ZmtpChecker checker, CancellationToken limit)
    {
        try
        {
            return await ZmtpHandshake.RunAsync(outside, checker, _ready, limit);
        }
        catch (OperationCanceledException)
        {
            return OnOver(limit);
        }
        catch (IOException)
        {
            return ConnectionFault.HandshakeCut;
        }
    }

    private ConnectionFault OnOver(CancellationToken limit) => limit.IsCancellationRequested && !stopping.IsCancellationRequested
        ? ConnectionFault.HandshakeTimeout : ConnectionFault.HandshakeCut;
}
