using System.IO.Pipelines;

namespace Gateway.Transport.Zmtp;

/// <summary>
/// The ZMTP handshake, performed by the gateway itself on both sides of a splice: with the outside peer, and with its own NetMQ socket.
/// Nothing of the one handshake is ever visible in the other.
/// </summary>
internal static class ZmtpHandshake
{
    /// <summary>Sends a greeting and waits for the peer's greeting and READY.</summary>
    /// <param name="ready">This side's READY, sent once the peer's greeting is valid; null to send it later.</param>
    public static async Task<ConnectionFault> RunAsync(
        IDuplexPipe peer, ZmtpChecker checker, ZmtpReady? ready, CancellationToken cancellationToken)
    {
        await peer.Output.WriteAsync(ZmtpGreeting.Bytes, cancellationToken);
        var fault = await ReadPhaseAsync(peer.Input, checker, cancellationToken);
        if (fault != ConnectionFault.None) return fault;

        // Sent at once, not in answer to the peer's READY, which may wait for ours.
        if (ready is not null) await peer.Output.WriteAsync(ready.Encode(), cancellationToken);
        return await ReadPhaseAsync(peer.Input, checker, cancellationToken);
    }

    private static async Task<ConnectionFault> ReadPhaseAsync(PipeReader input, ZmtpChecker checker, CancellationToken cancellationToken)
    {
        var phase = checker.Phase;
        while (true)
        {
            var read = await input.ReadAsync(cancellationToken);
            var fault = checker.Check(read.Buffer, out var passes);
            var passed = read.Buffer.GetPosition(passes);
            var isDone = fault != ConnectionFault.None || checker.Phase != phase;
            input.AdvanceTo(passed, isDone ? passed : read.Buffer.End);
            if (isDone) return fault;
            if (read.IsCompleted) return ConnectionFault.HandshakeCut;
        }
    }
}
