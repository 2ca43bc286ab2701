using System.Net;
using System.Net.Sockets;
using Gateway.Client.Wire;
using Gateway.Links.Protocol;
using Gateway.Transport;
using Gateway.Transport.Dialing;
using Gateway.Transport.Zmtp;

namespace Gateway.Doctor.Probes;

/// <summary>
/// One probe: a connection to a peer's port for links that measures, and does not touch the link. Used by one task at a time; what fails or
/// is cancelled leaves it useless.
/// </summary>
internal sealed class ProbeLine : IDisposable
{
    private static readonly ZmtpReady _ready = new("DEALER", []);

    private readonly StreamPipes _pipes;
    private readonly ZmtpReader _reader;
    private readonly TimeProvider _time;
    private readonly Queue<ProbeFrame> _arrived = [];
    private long _lastToken;

    private ProbeLine(StreamPipes pipes, ZmtpChecker checker, TimeProvider time)
    {
        (_pipes, _reader, _time) = (pipes, new ZmtpReader(checker), time);
    }

    /// <summary>The peer's answer to the probe.</summary>
    public ProbeFrame.Probed Answer { get; private set; } = new("", "", 0, new ProbedLink(ProbedState.Down, LinkCause.None, 0, ""), false);

    /// <summary>Connects and goes through TLS, if any, and the handshake; then says the probe and awaits its answer.</summary>
    /// <exception cref="ProbeFailedException">The peer did not answer, or refused.</exception>
    public static async Task<ProbeLine> OpenAsync(
        IPEndPoint end, DialSettings settings, ProbeFrame.Probe probe, TimeProvider time, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(settings.ConnectTimeout + settings.HandshakeTimeout, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        ProbeLine? line = null;
        var isOpen = false;
        try
        {
            var checker = new ZmtpChecker(DialSettings.Zmtp);
            line = new ProbeLine(await ConnectAsync(end, settings, checker, limit.Token), checker, time);
            await line.SendAsync(probe, limit.Token);
            line.Answer = await line.ReceiveAsync<ProbeFrame.Probed>(limit.Token);
            isOpen = true;
            return line;
        }
        catch (Exception failure) when (failure is IOException or SocketException)
        {
            throw new ProbeFailedException(failure.Message.TrimEnd('.'), failure);
        }
        catch (OperationCanceledException failure) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ProbeFailedException("it did not answer a probe in time", failure);
        }
        finally
        {
            if (!isOpen) line?.Dispose();
        }
    }

    public async Task SendAsync(ProbeFrame frame, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte>[] frames = [ProbeCodec.Encode(frame)];
        var size = PackedMessages.SizeBytes(frames);
        PackedMessages.Write(frames, _pipes.Output.GetSpan(size));
        _pipes.Output.Advance(size);
        await _pipes.Output.FlushAsync(cancellationToken);
    }

    /// <summary>The next frame that is no answer to an earlier question.</summary>
    /// <exception cref="ProbeFailedException">The peer refused, ended the connection, or sent something else.</exception>
    public async Task<TFrame> ReceiveAsync<TFrame>(CancellationToken cancellationToken)
        where TFrame : ProbeFrame
    {
        while (_arrived.Count == 0) await ReadAsync(cancellationToken);
        return _arrived.Dequeue() switch
        {
            TFrame frame => frame,
            ProbeFrame.Refused refused => throw new ProbeFailedException(refused.Text) { Refusal = refused.Code },
            ProbeFrame.ProbeOver over => throw new ProbeFailedException(over.Text),
            var other => throw new ProbeFailedException($"it answered with a {other.GetType().Name}, which does not belong there"),
        };
    }

    /// <summary>Sends a frame of this size and awaits an answer of that size; returns the round trip.</summary>
    public async Task<TimeSpan> EchoAsync(int bytes, int answerBytes, CancellationToken cancellationToken)
    {
        var began = _time.GetTimestamp();
        var token = await AskAsync(bytes, answerBytes, cancellationToken);
        while ((await ReceiveAsync<ProbeFrame.Echoed>(cancellationToken)).Token != token)
        {
        }

        return _time.GetElapsedTime(began);
    }

    /// <summary>Sends a frame of this size that asks for an answer of that size, and does not wait for it.</summary>
    /// <returns>The token of the answer.</returns>
    public async Task<long> AskAsync(int bytes, int answerBytes, CancellationToken cancellationToken)
    {
        await SendAsync(new ProbeFrame.Echo(++_lastToken, Math.Max(0, answerBytes - ProbeCodec.EchoedHeadBytes),
            Math.Max(0, bytes - ProbeCodec.EchoHeadBytes)), cancellationToken);
        return _lastToken;
    }

    public void Dispose() => _pipes.Dispose();

    /// <summary>Connects and goes through the handshakes; the pipes are the caller's if that succeeds.</summary>
    private static async Task<StreamPipes> ConnectAsync(
        IPEndPoint end, DialSettings settings, ZmtpChecker checker, CancellationToken cancellationToken)
    {
        var pipes = await SecureAsync(end, settings, cancellationToken);
        var isGreeted = false;
        try
        {
            var fault = await ZmtpHandshake.RunAsync(pipes, checker, _ready, cancellationToken);
            isGreeted = fault == ConnectionFault.None;
            return isGreeted ? pipes : throw new ProbeFailedException($"it did not greet as a gateway does ({fault})");
        }
        finally
        {
            if (!isGreeted) pipes.Dispose();
        }
    }

    private static async Task<StreamPipes> SecureAsync(IPEndPoint end, DialSettings settings, CancellationToken cancellationToken)
    {
        // It ends by a reset: many probes, each keeping a port for a minute, would be the fault that another finding looks for.
        var socket = new Socket(end.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { LingerState = new LingerOption(true, 0) };
        StreamPipes? secured = null;
        try
        {
            if (await QuietConnect.ConnectAsync(socket, end, cancellationToken) is var error and not SocketError.Success)
                throw new ProbeFailedException(SocketCauses.Evidence(new SocketException((int)error), "TCP"));
            var plain = new StreamPipes(socket);
            if (settings.Tls is not { } tls) return secured = plain;
            var outcome = await tls.ConnectAsync(plain.Stream, settings.Peer, cancellationToken);
            return secured = new StreamPipes(outcome.Stream ?? throw new ProbeFailedException(outcome.Why.TrimEnd('.')));
        }
        finally
        {
            if (secured is null) socket.Dispose();
        }
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        var read = await _pipes.Input.ReadAsync(cancellationToken);
        var (messages, contexts) = (new List<List<byte[]>>(), new List<byte[]>());
        var fault = _reader.Read(read.Buffer, messages, contexts, out var taken);
        _pipes.Input.AdvanceTo(read.Buffer.GetPosition(taken), read.Buffer.End);
        foreach (var context in contexts) await _pipes.Output.WriteAsync(ZmtpCommand.Pong(context), cancellationToken);
        foreach (var bytes in messages.SelectMany(parts => parts))
        {
            if (!ProbeCodec.TryDecode(bytes, out var frame)) throw new ProbeFailedException("it sent a frame that belongs to no probe");
            _arrived.Enqueue(frame);
        }

        if (_arrived.Count > 0) return;
        if (fault != ConnectionFault.None) throw new ProbeFailedException($"it does not speak ZMTP as a gateway does ({fault})");
        if (read.IsCompleted) throw new ProbeFailedException("it closed the connection without an answer");
    }
}
