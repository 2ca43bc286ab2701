using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Gateway.Links.Pairing;
using Gateway.Links.Protocol;
using Gateway.Transport.Tls;
using Gateway.Transport.Zmtp;

namespace Gateway.Transport.Dialing;

/// <summary>
/// One call to an inviting gateway: connects, goes on only if its certificate is the one of the code, proves the code, and waits until the
/// gateway has proved that it made this one its peer.
/// </summary>
/// <param name="tls">Trusts the certificate of the code for its name, and no other.</param>
/// <param name="settings">The times to connect, and for the handshakes.</param>
internal sealed class JoinCall(PairingCode code, LinkTls tls, DialSettings settings, TimeProvider time)
{
    private const int ShortBytesMax = 255;

    /// <summary>The inviting side writes its configuration meanwhile, and may have to wait for another verb to end.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(75);

    /// <summary>It repeats itself while it waits: a connection that says nothing is given up.</summary>
    private static readonly TimeSpan _repeatEvery = TimeSpan.FromMilliseconds(500);

    private static readonly ZmtpReady _ready = new("DEALER", []);

    private readonly AddressRace _race = new(settings.Resolve, settings.ConnectTimeout, time);

    /// <param name="joinerOf">The joiner, given the own address of the connection.</param>
    public async Task<JoinOutcome> RunAsync(
        string host, int port, Func<IPAddress, Joiner> joinerOf, CancellationToken cancellationToken)
    {
        var name = HostPort.Of(host, port);
        try
        {
            var addresses = await _race.ResolveAsync(host, cancellationToken);
            var result = await _race.ConnectAsync(addresses, port, new HashSet<IPAddress>(), cancellationToken);
            if (result.Winner is not { } socket) return JoinOutcome.Failed(
                $"{name} does not answer: {RaceEvidence.Of(host, port, result.Failures, result.HasMore).Evidence}.");
            using var plain = new StreamPipes(socket);
            var joiner = joinerOf(HostPort.Plain((IPEndPoint)socket.LocalEndPoint!).Address);
            return await AskAsync(plain, name, joiner, cancellationToken);
        }
        catch (Exception e) when (e is SocketException or TimeoutException)
        {
            return JoinOutcome.Failed($"{name} does not answer: {e.Message}.");
        }
    }

    private async Task<JoinOutcome> AskAsync(StreamPipes plain, string name, Joiner joiner, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(settings.HandshakeTimeout, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            var secured = await tls.ConnectAsync(plain.Stream, code.Name, limit.Token);
            if (secured.Stream is not { } stream) return JoinOutcome.Failed(secured.Fault == ConnectionFault.CertificateRefused
                ? $"{name} does not show the certificate of the code, or one that is not valid now, so nothing was said to it: "
                    + $"{secured.Why}. Another gateway answers there, or someone in the middle; or the certificate was replaced since: "
                    + "then ask for a new code."
                : $"{name}: {secured.Why}.");
            using var pipes = new StreamPipes(stream);
            var checker = new ZmtpChecker(DialSettings.Zmtp);
            var fault = await ZmtpHandshake.RunAsync(pipes, checker, _ready, limit.Token);
            if (fault == ConnectionFault.HandshakeCut) return NotTaken(name);
            if (fault != ConnectionFault.None)
                return JoinOutcome.Failed($"The program at {name} does not speak as a gateway does ({fault}).");
            return await ProveAsync(pipes, new ZmtpReader(checker), name, joiner, cancellationToken);
        }
        catch (IOException)
        {
            return NotTaken(name);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return JoinOutcome.Failed(
                $"{name} accepted the connection, and did not answer within {Figures.Span(settings.HandshakeTimeout)}.");
        }
    }

    /// <summary>With TLS 1.3 a certificate is refused after the handshake of the side that presents it.</summary>
    private JoinOutcome NotTaken(string name) => JoinOutcome.Failed($"{name} is the gateway of the code, and does not take this one's "
        + "certificate, for no invitation is open there. The code is worthless: it was used or taken back, is too old (it ended at "
        + $"{Figures.Time(code.ExpiresUnixMs)} by its clock), or {code.Name} was started since. Ask for a new one.")
        with
    { IsFinal = true };

    private async Task<JoinOutcome> ProveAsync(
        StreamPipes pipes, ZmtpReader reader, string name, Joiner joiner, CancellationToken cancellationToken)
    {
        var join = FrameOf(new LinkFrame.Join(
            PairingProof.IdOf(code), joiner.Name, joiner.Address, PairingProof.OfJoiner(code, joiner)));
        using var late = new CancellationTokenSource(_patience, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        var isAsked = false;
        try
        {
            await pipes.Output.WriteAsync(join, limit.Token);
            isAsked = true;
            var answer = await ReadAsync(pipes, reader, join, limit.Token);
            return answer switch
            {
                LinkFrame.Joined joined when PairingProof.Same(joined.Proof.Span, PairingProof.OfInviter(code, joiner)) =>
                    JoinOutcome.Joined,
                LinkFrame.Joined => JoinOutcome.Failed($"{name} answered without knowing the code: it is not believed."),
                LinkFrame.Refused refused => JoinOutcome.Failed($"{code.Name} refused: {refused.Text}."),
                null => Unanswered("it ended the connection"),
                _ => JoinOutcome.Failed($"{name} answered with something else ({answer.GetType().Name})."),
            }
            with
            { IsFinal = true };
        }
        catch (IOException e)
        {
            return Unanswered(e.GetBaseException().Message.TrimEnd('.')) with { IsUnknown = isAsked };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Unanswered($"it did not answer within {Figures.Span(_patience)}");
        }
    }

    private JoinOutcome Unanswered(string why) => JoinOutcome.Failed($"{code.Name} was asked, and its answer is missing: {why}. It may "
        + "have made this gateway its peer.")
        with
    { IsUnknown = true, IsFinal = true };

    /// <returns>Null if the connection ended before it.</returns>
    private async Task<LinkFrame?> ReadAsync(
        StreamPipes pipes, ZmtpReader reader, byte[] repeated, CancellationToken cancellationToken)
    {
        var (messages, contexts) = (new List<List<byte[]>>(), new List<byte[]>());
        var reading = pipes.Input.ReadAsync(cancellationToken).AsTask();
        while (true)
        {
            using var quiet = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var first = await Task.WhenAny(reading, Task.Delay(_repeatEvery, time, quiet.Token));
            await quiet.CancelAsync();
            if (first != reading)
            {
                cancellationToken.ThrowIfCancellationRequested();
                await pipes.Output.WriteAsync(repeated, cancellationToken);
                continue;
            }

            var read = await reading;
            var fault = reader.Read(read.Buffer, messages, contexts, out var taken);
            pipes.Input.AdvanceTo(read.Buffer.GetPosition(taken), read.Buffer.End);
            if (messages is [[var bytes, ..], ..])
            {
                return LinkCodec.TryDecode(bytes, out var frame) ? frame : null;
            }

            if (fault != ConnectionFault.None || read.IsCompleted) return null;
            foreach (var context in contexts) await pipes.Output.WriteAsync(ZmtpCommand.Pong(context), cancellationToken);
            contexts.Clear();
            reading = pipes.Input.ReadAsync(cancellationToken).AsTask();
        }
    }

    /// <summary>The frame with its header, as one message.</summary>
    private static byte[] FrameOf(LinkFrame frame)
    {
        var body = LinkCodec.Encode(frame);
        if (body.Length <= ShortBytesMax) return [0, (byte)body.Length, .. body];
        var header = new byte[ZmtpFrameHeader.LongSize];
        header[0] = ZmtpFrameHeader.LongFlag;
        BinaryPrimitives.WriteUInt64BigEndian(header.AsSpan(1), (ulong)body.Length);
        return [.. header, .. body];
    }
}
