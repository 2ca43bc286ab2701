using System.Net;
using System.Net.Sockets;
using Gateway.Links.Protocol;
using Gateway.Links.Sending;
using Gateway.Transport.Tls;
using Gateway.Transport.Zmtp;

namespace Gateway.Transport.Dialing;

/// <summary>
/// Makes one TCP connection to a peer and splices it to a NetMQ socket of this process over loopback, passing on only checked bytes.
/// Because the gateway owns the outer connection, the name is resolved afresh, each failure keeps its error code, and an orderly end is
/// distinguished from a reset.
/// </summary>
/// <param name="rounds">The rounds in which its splice is checked.</param>
internal sealed class Dialer(string host, int port, DialSettings settings, ConnectionRounds rounds, FrontDoorCounters counters,
    TimeProvider time)
{
    private static readonly ZmtpReady _ready = new("DEALER", []);

    private readonly AddressRace _race = new(settings.Resolve, settings.ConnectTimeout, time);
    private readonly string _name = HostPort.Of(host, port);

    /// <summary>
    /// Addresses that accepted a connection but were no gateway since the last success; the others are tried before them. Used by one
    /// attempt at a time.
    /// </summary>
    private readonly HashSet<IPAddress> _misled = [];

    /// <summary>The address of the connection, for evidence.</summary>
    private string _remote = HostPort.Of(host, port);

    /// <summary>Connects, performs the handshake, opens the NetMQ socket, and carries bytes until one side ends.</summary>
    /// <param name="own">The NetMQ socket.</param>
    /// <param name="drill">The fault that an operator may inject into the connection.</param>
    /// <param name="dialed">Receives the progress of the attempt.</param>
    /// <returns>The reason for the end; <see cref="LinkCause.None"/> if this side ended it. Throws no exception.</returns>
    public async Task<(LinkCause Cause, string Evidence)> RunAsync(
        IInnerSocket own, ConnectionDrill drill, IDialed dialed, CancellationToken cancellationToken)
    {
        var isConnected = false;
        try
        {
            var (connection, failure) = await ConnectAsync(dialed, cancellationToken);
            if (connection is null) return failure;
            isConnected = true;

            using var socket = connection;
            var wire = new WireBytes { Socket = socket };
            using var plain = new StreamPipes(socket, wire);
            return await ServeAsync(socket, plain, wire, own, drill, dialed, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return (LinkCause.None, "hung up");
        }
        catch (SocketException e)
        {
            return isConnected ? Lost(e) : await LocalPorts.AddToAsync((SocketCauses.OfConnect(e), SocketCauses.Evidence(e, _name)));
        }
        catch (IOException e)
        {
            return Lost(e);
        }
    }

    /// <summary>Returns a connection, or the reason for its absence.</summary>
    private async Task<(Socket? Connection, (LinkCause Cause, string Evidence) Failure)> ConnectAsync(
        IDialed dialed, CancellationToken cancellationToken)
    {
        IPAddress[]? addresses = null;
        IPAddress? connected = null;
        try
        {
            addresses = await _race.ResolveAsync(host, cancellationToken);
            if (addresses.Length == 0) return (null, (LinkCause.NameNotResolved, $"there is no address for {host}"));
            var result = await _race.ConnectAsync(addresses, port, _misled, cancellationToken);
            if (result.Winner is null)
                return (null, await LocalPorts.AddToAsync(RaceEvidence.Of(host, port, result.Failures, result.HasMore)));
            var remote = (IPEndPoint)result.Winner.RemoteEndPoint!;
            connected = remote.Address;
            _remote = HostPort.Of(remote) == _name ? _name : $"{_name} ({HostPort.Of(remote)})";
            // Misleading until it has shown to be a gateway; when all addresses have misled, start afresh.
            _misled.IntersectWith(addresses);
            _misled.Add(connected);
            if (_misled.Count == addresses.Length) _misled.Clear();
            return (result.Winner, default);
        }
        catch (TimeoutException e)
        {
            return (null, (LinkCause.NameNotResolved, e.Message));
        }
        finally
        {
            // Called once, at the end of the attempt, together with its outcome, so that the loop wakes once.
            if (addresses is not null)
                dialed.OnFound(new PeerAddress([.. addresses.Select(NameOf)], connected is null ? null : NameOf(connected)));
        }
    }

    private async Task<(LinkCause Cause, string Evidence)> ServeAsync(
        Socket socket, StreamPipes plain, WireBytes wire, IInnerSocket own, ConnectionDrill drill, IDialed dialed,
            CancellationToken cancellationToken)
    {
        var checker = new ZmtpChecker(DialSettings.Zmtp);
        using var timeout = new CancellationTokenSource(settings.HandshakeTimeout, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            var secured = settings.Tls is { } tls ? await tls.ConnectAsync(plain.Stream, settings.Peer, limit.Token) : null;
            if (secured is { Stream: null }) return Insecure(secured.Fault, secured.Why);
            using var pipes = secured?.Stream is { } stream ? new StreamPipes(stream) : null;
            var remote = pipes ?? plain;

            var (fault, error) = await ShakeHandsAsync(remote, checker, limit.Token);
            if (pipes is not null && checker.Phase == ZmtpPhase.Greeting && (error is not null || fault == ConnectionFault.HandshakeCut))
                return Insecure(ConnectionFault.TlsFailed, NotTaken(error));
            if (error is not null) return Lost(error);
            if (fault == ConnectionFault.NotZmtp && FirstByteStream.IsTls(remote.Input)) return Insecure(
                ConnectionFault.TlsFailed, "the remote end requires TLS, and this gateway is not configured for it (Links:Tls)");
            if (fault == ConnectionFault.HandshakeCut)
                return (LinkCause.ClosedByPeer, $"{_remote} closed the connection before the end of the ZMTP handshake");
            if (fault != ConnectionFault.None) return Faulty(fault);

            _misled.Clear();
            using var inside = await OpenAsync(own, limit.Token);
            if (inside is null) return (LinkCause.PortsExhausted,
                "no socket is available for the connection: the process, or the system, has no handle left");
            await inside.Output.WriteAsync(new ZmtpReady(checker.Ready!.SocketType, []).Encode(), limit.Token);
            dialed.OnConnected(wire);
            var end = await new Splice(remote, inside, checker, rounds, wire, drill, own).RunAsync(cancellationToken);
            if (drill.Resets) socket.Close(timeout: 0);
            return end.Fault == ConnectionFault.OwnLoopback && !cancellationToken.IsCancellationRequested
                ? CutHere(own.Flow) : Ended(end, cancellationToken);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            counters.Count(ConnectionFault.HandshakeTimeout);
            return (LinkCause.PeerSilent, $"{_remote} accepted the connection, but did not complete the "
                + $"{(settings.Tls is null ? "" : "TLS and ")}ZMTP handshake within {Figures.Span(settings.HandshakeTimeout)}; "
                + (wire.Arrived == 0 ? "not one byte came" : $"only {Figures.Counted(wire.Arrived, "byte")} came"));
        }
    }

    private static async Task<StreamPipes?> OpenAsync(IInnerSocket own, CancellationToken limit)
    {
        try
        {
            return await own.OpenAsync(limit);
        }
        catch (SocketException)
        {
            return null;
        }
    }

    private static async Task<(ConnectionFault Fault, IOException? Error)> ShakeHandsAsync(
        StreamPipes remote, ZmtpChecker checker, CancellationToken limit)
    {
        try
        {
            return (await ZmtpHandshake.RunAsync(remote, checker, _ready, limit), null);
        }
        catch (IOException e)
        {
            return (ConnectionFault.HandshakeCut, e);
        }
    }

    /// <summary>
    /// The evidence for a rejected own certificate. In TLS 1.3 the dialing side completes its handshake before the other has seen its
    /// certificate; a gateway that accepts greets at once.
    /// </summary>
    private string NotTaken(IOException? error) =>
        $"the peer ended the connection just after the TLS handshake, before its greeting, which suggests that it rejected this "
            + $"gateway's certificate {settings.Tls!.OwnCertificate} ({error?.GetBaseException().Message ?? "closed"}); see its log";

    private (LinkCause Cause, string Evidence) Insecure(ConnectionFault fault, string why)
    {
        counters.Count(fault);
        return (LinkCause.TlsFailed, $"{_remote}: {why}");
    }

    private (LinkCause Cause, string Evidence) Ended(ConnectionEnd end, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested) return (LinkCause.None, "hung up");
        if (end.Fault == ConnectionFault.SlowReader) return Stuck(end.Fault);
        if (end.Fault != ConnectionFault.None) return Faulty(end.Fault);
        if (end.IsOurs) return (LinkCause.WrongService, $"this gateway's own socket gave up the connection to {_remote}");
        if (end.Error is null) return (LinkCause.ClosedByPeer, $"{_remote} closed the connection in an orderly way, without a goodbye");
        return Lost(end.Error);
    }

    private (LinkCause Cause, string Evidence) Faulty(ConnectionFault fault)
    {
        counters.Count(fault);
        return (LinkCause.WrongService, $"the program at {_remote} does not speak ZMTP as a gateway does ({fault})");
    }

    private (LinkCause Cause, string Evidence) Stuck(ConnectionFault fault)
    {
        counters.Count(fault);
        return (LinkCause.HalfOpen, $"{_remote} took nothing for {Figures.Span(rounds.Patience.Write)}, though bytes waited "
            + $"for it ({fault})");
    }

    private (LinkCause Cause, string Evidence) CutHere(InnerFlow flow)
    {
        counters.Count(ConnectionFault.OwnLoopback);
        return (LinkCause.AbortedHere, $"inside this gateway's process, where frames pass over loopback, none moved for "
            + $"{Figures.Span(InnerFlow.Patience)}: {Figures.Counted(flow.LeftInward, "frame")} of the peer and "
            + $"{Figures.Counted(flow.LeftOutward, "frame")} for it are lost there, and are sent again. Until then the connection "
            + $"to {_remote} had not ended");
    }

    private (LinkCause Cause, string Evidence) Lost(Exception error) => SocketCauses.OfLoss(error, _remote);

    private static string NameOf(IPAddress address) => HostPort.Plain(address).ToString();
}
