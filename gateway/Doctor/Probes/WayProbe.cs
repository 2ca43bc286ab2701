using System.Net;
using System.Net.Sockets;
using Gateway.Links.Protocol;
using Gateway.Transport;
using Gateway.Transport.Dialing;
using Gateway.Transport.Tls;
using Gateway.Transport.Zmtp;

namespace Gateway.Doctor.Probes;

/// <summary>
/// Goes the way to a peer as far as it can be gone without disturbing the link: it says no hello, since the peer would take a second one
/// in this gateway's name for a new connection of the link, and end the first.
/// </summary>
internal sealed class WayProbe(DialSettings settings, TimeProvider time)
{
    private const int AddressesMax = 8;

    /// <summary>
    /// TCP_INFO of Linux (tcp(7)); the next constants are the places of the path's MTU, in bytes, and of the round trip, in µs.
    /// </summary>
    private const int InfoOption = 11;
    private const int PacketOffset = 60;
    private const int TripOffset = 68;
    private const int InfoBytes = 72;

    private static readonly ZmtpReady _ready = new("DEALER", []);

    public async Task<WayFacts> GoAsync(string host, int port, CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(host, out var literal))
        {
            return new WayFacts(
                host, port, IsName: false, [], [await TryAsync(new IPEndPoint(literal, port), cancellationToken)]);
        }

        var names = new[]
        {
            await ResolveAsync(host, AddressFamily.InterNetwork, cancellationToken),
            await ResolveAsync(host, AddressFamily.InterNetworkV6, cancellationToken),
        };
        var addresses = new List<AddressFacts>();
        foreach (var address in names.SelectMany(answer => answer.Addresses).Distinct().Take(AddressesMax))
            addresses.Add(await TryAsync(new IPEndPoint(address, port), cancellationToken));
        return new WayFacts(host, port, IsName: true, names, addresses);
    }

    private async Task<NameAnswer> ResolveAsync(string host, AddressFamily family, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        try
        {
            var found = await AddressRace.Of(family, settings.ConnectTimeout, time).ResolveAsync(host, cancellationToken);
            return new NameAnswer(family, found, time.GetElapsedTime(began));
        }
        catch (Exception e) when (e is SocketException or TimeoutException)
        {
            return new NameAnswer(family, [], time.GetElapsedTime(began), e.Message);
        }
    }

    private async Task<AddressFacts> TryAsync(IPEndPoint end, CancellationToken cancellationToken)
    {
        var (name, began) = (HostPort.Of(end), time.GetTimestamp());
        using var late = new CancellationTokenSource(settings.ConnectTimeout, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            using var socket = new Socket(end.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            var error = await QuietConnect.ConnectAsync(socket, end, limit.Token);
            var after = time.GetElapsedTime(began);
            return error == SocketError.Success ? await ServeAsync(socket, new AddressFacts(name, after), cancellationToken)
                : Failed(name, new SocketException((int)error), after);
        }
        catch (SocketException e)
        {
            return Failed(name, e, time.GetElapsedTime(began));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new AddressFacts(name, null, LinkCause.ConnectTimeout, $"no answer within {Figures.Span(settings.ConnectTimeout)}");
        }
    }

    private static AddressFacts Failed(string name, SocketException error, TimeSpan after) =>
        new(name, null, SocketCauses.OfConnect(error), $"{SocketCauses.Evidence(error, "TCP")} after {Figures.Span(after)}");

    private async Task<AddressFacts> ServeAsync(Socket socket, AddressFacts facts, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(settings.HandshakeTimeout, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        using var plain = new StreamPipes(socket);
        // The path is looked at while the socket is open, and after bytes have gone both ways.
        if (settings.Tls is null)
            return facts with { Greeting = await GreetAsync(plain, limit.Token, cancellationToken), Path = PathOf(socket) };
        var began = time.GetTimestamp();
        var secured = await SecureAsync(settings.Tls, plain, limit.Token, cancellationToken);
        var tls = new TlsFacts(time.GetElapsedTime(began), secured.Names?.ToString() ?? "", secured.Why);
        if (secured.Stream is not { } stream) return facts with { Tls = tls };
        using var inner = new StreamPipes(stream);
        return facts with { Tls = tls, Greeting = await GreetAsync(inner, limit.Token, cancellationToken), Path = PathOf(socket) };
    }

    private async Task<TlsOutcome> SecureAsync(LinkTls tls, StreamPipes plain, CancellationToken limit, CancellationToken cancellationToken)
    {
        try
        {
            return await tls.ConnectAsync(plain.Stream, settings.Peer, limit);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return TlsOutcome.Failed(
                ConnectionFault.HandshakeTimeout, $"no answer to TLS within {Figures.Span(settings.HandshakeTimeout)}");
        }
    }

    private async Task<GreetingFacts> GreetAsync(StreamPipes remote, CancellationToken limit, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        try
        {
            var fault = await ZmtpHandshake.RunAsync(remote, new ZmtpChecker(DialSettings.Zmtp), _ready, limit);
            var (cause, text) = Describe(fault, remote);
            return new GreetingFacts(time.GetElapsedTime(began), cause, text);
        }
        catch (IOException e)
        {
            var (cause, evidence) = SocketCauses.OfLoss(e, "TCP");
            return new GreetingFacts(time.GetElapsedTime(began), cause, evidence);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new GreetingFacts(time.GetElapsedTime(began), LinkCause.PeerSilent,
                $"it took the connection, and did not answer within {Figures.Span(settings.HandshakeTimeout)}");
        }
    }

    private (LinkCause Cause, string Text) Describe(ConnectionFault fault, StreamPipes remote) => fault switch
    {
        ConnectionFault.None => (LinkCause.None, ""),
        ConnectionFault.NotZmtp when settings.Tls is null && FirstByteStream.IsTls(remote.Input) =>
            (LinkCause.TlsFailed, "it requires TLS, and this gateway is not configured for it (Links:Tls)"),
        ConnectionFault.HandshakeCut when settings.Tls is not null => (LinkCause.TlsFailed, "it closed the connection just after the TLS "
            + "handshake, which suggests that it rejected this gateway's certificate; its log says why"),
        ConnectionFault.HandshakeCut => (LinkCause.ClosedByPeer, "it closed the connection before the end of the ZMTP handshake"),
        _ => (LinkCause.WrongService, $"it does not speak ZMTP as a gateway does ({fault})"),
    };

    /// <summary>As the system has measured it on the connection.</summary>
    private static (int PacketBytes, TimeSpan RoundTrip)? PathOf(Socket socket)
    {
        if (!OperatingSystem.IsLinux()) return null;
        var info = new byte[InfoBytes];
        return socket.GetRawSocketOption((int)SocketOptionLevel.Tcp, InfoOption, info) < InfoBytes ? null
            : (BitConverter.ToInt32(info, PacketOffset), TimeSpan.FromMicroseconds(BitConverter.ToInt32(info, TripOffset)));
    }
}
