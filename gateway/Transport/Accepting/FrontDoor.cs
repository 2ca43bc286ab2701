using System.Globalization;
using System.Net;
using Gateway.Links.Receiving;
using Gateway.Transport.Zmtp;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace Gateway.Transport.Accepting;

/// <summary>
/// The door for applications or peers: it accepts and counts connections, performs the handshakes as a ROUTER, and runs each connection
/// until it ends. The identity that a peer declares is ignored, so no peer can claim another's.
/// </summary>
internal sealed partial class FrontDoor : IDisposable
{
    /// <summary>The time allowed for sending the last bytes when the gateway stops.</summary>
    private static readonly TimeSpan _linger = TimeSpan.FromSeconds(2);

    private static long _lastConnection;

    private readonly FrontDoorSettings _settings;
    private readonly AcceptedConnections _accepted;
    private readonly LoopQueue _queue;
    private readonly ConnectionMemory _memory;
    private readonly ConnectionCensus _census;
    private readonly FrontDoorCounters _counters;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ConnectionRounds _rounds;
    private readonly KestrelDoor _kestrel;
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _ending = new();
    private readonly CancellationTokenSource _lingering = new();
    private readonly Handshakes _handshakes;

    /// <param name="accepted">Receives the connections, in the loop.</param>
    /// <param name="queue">The loop's queue.</param>
    /// <param name="memory">The memory limits of all connections together.</param>
    public FrontDoor(
        string address,
        FrontDoorSettings settings,
        AcceptedConnections accepted,
        LoopQueue queue,
        ConnectionMemory memory,
        FrontDoorCounters counters,
        TimeProvider time,
        ILoggerFactory loggers)
    {
        _settings = settings;
        _accepted = accepted;
        _queue = queue;
        _memory = memory;
        _census = new ConnectionCensus(settings.ConnectionsMax, settings.ConnectionsPerAddressMax);
        _counters = counters;
        _time = time;
        _logger = loggers.CreateLogger<FrontDoor>();
        _rounds = new ConnectionRounds(settings.Patience, time);
        _handshakes = new Handshakes(_stopping.Token);
        _kestrel = new KestrelDoor(address, ServeAsync, loggers);
    }

    /// <summary>The address listened on; valid once started.</summary>
    public string Address => _kestrel.Address;

    /// <exception cref="ListenFailedException">The address cannot be listened on.</exception>
    public Task StartAsync() => _kestrel.StartAsync();

    /// <summary>From now on closed connections are no fault, and no new handshake is begun.</summary>
    public void BeginStop() => _stopping.Cancel();

    /// <summary>Closes the door and ends the connections once the waiting bytes are sent, or the time for it is over.</summary>
    public async Task StopAsync()
    {
        await _ending.CancelAsync();
        using var limit = new CancellationTokenSource(_linger, _time);
        await using var lingered = limit.Token.UnsafeRegister(_ => _lingering.Cancel(), null);
        await _kestrel.StopAsync(limit.Token);
    }

    public void Dispose()
    {
        _kestrel.Dispose();
        _rounds.Dispose();
        _stopping.Dispose();
        _ending.Dispose();
        _lingering.Dispose();
    }

    private async Task ServeAsync(ConnectionContext context)
    {
        var name = Interlocked.Increment(ref _lastConnection).ToString("X", CultureInfo.InvariantCulture);
        var place = new ConnectionPlace(_census, (context.RemoteEndPoint as IPEndPoint)?.Address, new Stranger(this, context, name));
        var (fault, leaving) = _census.Enter(place);
        leaving?.Connection.MakeRoom();
        if (fault != ConnectionFault.None)
        {
            Cut(context, name, fault);
            return;
        }

        _counters.CountAccepted();
        try
        {
            await ServeCountedAsync(context, name, place);
        }
        finally
        {
            _census.Leave(place);
        }
    }

    private async Task ServeCountedAsync(ConnectionContext context, string connection, ConnectionPlace place)
    {
        var checker = new ZmtpChecker(_settings.Zmtp);
        using var timeout = new CancellationTokenSource(_settings.HandshakeTimeout, _time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, _stopping.Token);
        var secured = _settings.Tls is { } tls ? await _handshakes.SecureAsync(tls, context, limit.Token) : null;
        using var inner = secured?.Stream is { } stream ? new StreamPipes(stream) : null;
        var pipes = inner ?? (StreamPipes)context.Transport;
        var fault = secured is { Stream: null } ? secured.Fault : await _handshakes.ShakeHandsAsync(pipes, checker, limit.Token);
        if (fault == ConnectionFault.None) fault = await ConverseAsync(context, pipes, secured?.Names, connection, checker, place);
        // One that has made room is cut already, and not at fault.
        if (fault != ConnectionFault.None && !place.HasMadeRoom) Cut(context, connection, fault, secured?.Why);
    }

    private async Task<ConnectionFault> ConverseAsync(
        ConnectionContext context, StreamPipes pipes, AuthorisedNames? names, string name, ZmtpChecker checker, ConnectionPlace place)
    {
        var connection = new AcceptedConnection(
            name, names, pipes, ((SocketConnection)context).Wire, checker, place, _accepted, _settings, _rounds, _memory);
        _queue.Post(() => _accepted.Open(connection));
        LogOpen(name, RemoteOf(context), Address);
        var end = await connection.RunAsync(new Arrivals(this, connection), _ending.Token, _lingering.Token);
        _queue.Post(() => _accepted.OnEnded(connection, AcceptedEnd.Of(end, RemoteOf(context))));
        if (end.Fault != ConnectionFault.None) return end.Fault;
        LogEnded(name, RemoteOf(context), Address, end.IsOurs ? "the gateway stops" : end.Error?.Message ?? "the peer closed it");
        return ConnectionFault.None;
    }

    private void Cut(ConnectionContext context, string connection, ConnectionFault fault, string? why = null)
    {
        _counters.Count(fault);
        // Port checks connect and close all the time; there is no connection left to cut.
        if (fault == ConnectionFault.HandshakeCut)
            LogEnded(connection, RemoteOf(context), Address, "it was closed before the end of the handshake");
        else if (!string.IsNullOrEmpty(why)) LogRefused(connection, RemoteOf(context), Address, fault, why);
        else LogCut(connection, RemoteOf(context), Address, fault);
        context.Abort(new ConnectionAbortedException(fault.ToString()));
    }

    private static string RemoteOf(ConnectionContext context) => HostPort.Of(context.RemoteEndPoint);

    private sealed class Arrivals(FrontDoor door, AcceptedConnection connection) : IArrivals
    {
        public void OnArrived(ArrivedMessages arrived) => door._queue.Post(() => door._accepted.OnArrived(connection, arrived));
    }

    /// <summary>A connection that has not identified itself; only such a one makes room here.</summary>
    private sealed class Stranger(FrontDoor door, ConnectionContext context, string name) : ICountedConnection
    {
        public void MakeRoom() => door.Cut(context, name, ConnectionFault.MadeRoom);
    }
}
