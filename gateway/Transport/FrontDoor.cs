using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Gateway.Links;
using Gateway.Transport.Zmtp;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace Gateway.Transport;

/// <summary>
/// Stands between those who connect to the gateway and one ROUTER socket. It accepts, counts, makes the handshake, has the router connect to it over loopback under
/// the connection's own id, and carries only bytes that it has checked. A peer's own identity is not passed on, so none can claim another's.
/// </summary>
internal sealed partial class FrontDoor : IDisposable
{
    private static readonly ZmtpReady _ready = new("ROUTER", []);

    /// <summary>How long what was sent last may take to leave, when the gateway stops.</summary>
    private static readonly TimeSpan _linger = TimeSpan.FromSeconds(2);

    private static long _lastConnection;

    private readonly FrontDoorSettings _settings;
    private readonly byte[] _secret;
    private readonly Action<string, InnerDoor, PackedFlow, AuthorisedNames?> _connect;
    private readonly Action<string, AcceptedEnd?> _ended;
    private readonly InnerPorts _ports = new();
    private readonly ConnectionCensus _census;
    private readonly FrontDoorCounters _counters;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly SpliceRounds _rounds;
    private readonly KestrelDoor _kestrel;
    private readonly CancellationTokenSource _stopping = new();

    /// <param name="secret">The identity of the router.</param>
    /// <param name="connect">Has the router connect to the inner door, for the connection of this id, and tells for whom that may speak (null without TLS). Called from any thread.</param>
    /// <param name="ended">The connection has ended; called once for each that <paramref name="connect"/> was called for, with how, or null if the router never had its READY; from any thread.</param>
    public FrontDoor(
        string address,
        FrontDoorSettings settings,
        byte[] secret,
        Action<string, InnerDoor, PackedFlow, AuthorisedNames?> connect,
        Action<string, AcceptedEnd?> ended,
        FrontDoorCounters counters,
        TimeProvider time,
        ILoggerFactory loggers)
    {
        _settings = settings;
        _secret = secret;
        _connect = connect;
        _ended = ended;
        _census = new ConnectionCensus(settings.ConnectionsMax, settings.ConnectionsPerAddressMax);
        _counters = counters;
        _time = time;
        _logger = loggers.CreateLogger<FrontDoor>();
        _rounds = new SpliceRounds(settings.Patience, time);
        _kestrel = new KestrelDoor(address, ServeAsync, loggers);
    }

    /// <summary>Where it listens; once started.</summary>
    public string Address => _kestrel.Address;

    /// <exception cref="ListenFailedException">The address cannot be listened on.</exception>
    public Task StartAsync() => _kestrel.StartAsync();

    /// <summary>From here on it is no fault that the gateway closes connections, and none is begun any more.</summary>
    public void BeginStop() => _stopping.Cancel();

    /// <summary>Closes the door and waits for the connections to end, for as long as the last bytes may take.</summary>
    public async Task StopAsync()
    {
        using var limit = new CancellationTokenSource(_linger, _time);
        await _kestrel.StopAsync(limit.Token);
    }

    public void Dispose()
    {
        _kestrel.Dispose();
        _rounds.Dispose();
        _stopping.Dispose();
    }

    private async Task ServeAsync(ConnectionContext context)
    {
        var address = (context.RemoteEndPoint as IPEndPoint)?.Address ?? IPAddress.None;
        var id = Interlocked.Increment(ref _lastConnection);
        var fault = _census.Enter(address);
        if (fault != ConnectionFault.None)
        {
            Cut(context, NameOf(id), fault);
            return;
        }

        _counters.CountAccepted();
        try
        {
            await ServeCountedAsync(context, NameOf(id));
        }
        finally
        {
            _census.Leave(address);
        }
    }

    private async Task ServeCountedAsync(ConnectionContext context, string connection)
    {
        try
        {
            var checker = new ZmtpChecker(_settings.Zmtp);
            using var timeout = new CancellationTokenSource(_settings.HandshakeTimeout, _time);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, _stopping.Token);
            var secured = _settings.Tls is { } tls ? await SecureAsync(tls, context, limit.Token) : null;
            using var pipes = secured?.Stream is { } stream ? new StreamPipes(stream) : null;
            var outside = pipes ?? context.Transport;
            // Outside first: nothing is spent on a connection that has not shown that it speaks ZMTP.
            var fault = secured is { Stream: null } ? secured.Fault : await ShakeHandsAsync(outside, checker, limit.Token);
            if (fault == ConnectionFault.None) fault = await SpliceAsync(context, outside, secured?.Names, connection, checker, limit.Token);
            if (fault != ConnectionFault.None) Cut(context, connection, fault, secured?.Why);
        }
        catch (SocketException e)
        {
            // No socket could be had for the inner connection.
            LogFailed(connection, RemoteOf(context), Address, e.Message);
            context.Abort();
        }
    }

    private async Task<ConnectionFault> ShakeHandsAsync(IDuplexPipe outside, ZmtpChecker checker, CancellationToken limit)
    {
        try
        {
            return await ZmtpHandshake.RunAsync(outside, checker, _ready, limit);
        }
        catch (OperationCanceledException)
        {
            return OnHandshakeOver(limit);
        }
        catch (IOException)
        {
            return ConnectionFault.HandshakeCut;
        }
    }

    private ConnectionFault OnHandshakeOver(CancellationToken limit) =>
        limit.IsCancellationRequested && !_stopping.IsCancellationRequested ? ConnectionFault.HandshakeTimeout : ConnectionFault.HandshakeCut;

    private async Task<ConnectionFault> SpliceAsync(
        ConnectionContext context, IDuplexPipe outside, AuthorisedNames? names, string connection, ZmtpChecker checker, CancellationToken limit)
    {
        using var door = InnerDoor.Open(_secret, _ports, OnImpostor);
        AcceptedEnd? ended = null;
        var flow = new PackedFlow(_settings.Zmtp.MessageBytesMax) { Wire = (context as SocketConnection)?.Wire ?? new WireBytes() };
        _connect(connection, door, flow, names);
        try
        {
            using var inside = await door.AcceptAsync(limit);
            await inside.Output.WriteAsync(new ZmtpReady(checker.Ready!.SocketType, Convert.FromHexString(connection)).Encode(), limit);
            ended = AcceptedEnd.Unknown;
            LogOpen(connection, RemoteOf(context), Address);
            var end = await new Splice(outside, inside, checker, _rounds, flow.Wire, flow).RunAsync(CancellationToken.None);
            ended = AcceptedEnd.Of(end, RemoteOf(context));
            return OnEnd(context, connection, end);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            return _stopping.IsCancellationRequested ? ConnectionFault.HandshakeCut : ConnectionFault.GivenUp;
        }
        finally
        {
            _ended(connection, ended);
        }
    }

    private ConnectionFault OnEnd(ConnectionContext context, string connection, SpliceEnd end)
    {
        if (end.Fault != ConnectionFault.None) return end.Fault;
        if (end.IsInside && !_stopping.IsCancellationRequested) return ConnectionFault.GivenUp;
        LogEnded(connection, RemoteOf(context), Address, end.IsInside ? "the gateway stops" : end.Error?.Message ?? "the peer closed it");
        return ConnectionFault.None;
    }

    private void Cut(ConnectionContext context, string connection, ConnectionFault fault, string? why = null)
    {
        _counters.Count(fault);
        // Whoever looks whether the port is open does this all the time; there was nothing left to cut.
        if (fault == ConnectionFault.HandshakeCut) LogEnded(connection, RemoteOf(context), Address, "it was closed before the end of the handshake");
        else if (!string.IsNullOrEmpty(why)) LogRefused(connection, RemoteOf(context), Address, fault, why);
        else LogCut(connection, RemoteOf(context), Address, fault);
        context.Abort(new ConnectionAbortedException(fault.ToString()));
    }

    private void OnImpostor()
    {
        _counters.Count(ConnectionFault.Impostor);
        LogImpostor();
    }

    /// <summary>The id as the router names it: the hexadecimal form of its routing id, which must not begin with zero.</summary>
    private static string NameOf(long id)
    {
        Span<byte> bytes = stackalloc byte[1 + sizeof(long)];
        bytes[0] = 1;
        BinaryPrimitives.WriteInt64BigEndian(bytes[1..], id);
        return Convert.ToHexString(bytes);
    }

    private static string RemoteOf(ConnectionContext context) => HostPort.Of(context.RemoteEndPoint);
}
