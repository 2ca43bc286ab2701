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

    /// <summary>
    /// The time for the last answers after a violation of the protocol, including the delay of a refusal; and again the time in which the
    /// other side must read them and close the connection, which then has the lowest standing: it makes room for any other.
    /// </summary>
    private static readonly TimeSpan _farewell = TimeSpan.FromSeconds(2);

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
        var stranger = new Stranger(this, context, name);
        var place = new ConnectionPlace(_census, (context.RemoteEndPoint as IPEndPoint)?.Address, stranger);
        var (fault, leaving) = _census.Enter(place);
        leaving?.Connection.MakeRoom();
        if (fault != ConnectionFault.None)
        {
            Tell(context, name, fault);
            Cut(context, fault);
            return;
        }

        _counters.CountAccepted();
        try
        {
            await ServeCountedAsync(context, name, place, stranger);
        }
        finally
        {
            _census.Leave(place);
        }
    }

    private async Task ServeCountedAsync(ConnectionContext context, string connection, ConnectionPlace place, Stranger stranger)
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
        if (fault == ConnectionFault.None || place.HasMadeRoom) return;
        stranger.Tell(fault, secured?.Why);
        place.Stand(ConnectionStanding.Refused);
        if (!IsViolation(fault) || !await TryFinishAsync(context)) Cut(context, fault);
    }

    private async Task<ConnectionFault> ConverseAsync(
        ConnectionContext context, StreamPipes pipes, AuthorisedNames? names, string name, ZmtpChecker checker, ConnectionPlace place)
    {
        var connection = new AcceptedConnection(
            name, names, pipes, ((SocketConnection)context).Wire, checker, place, _accepted, _settings, _rounds, _memory);
        _queue.Post(() => _accepted.Open(connection));
        LogOpen(name, RemoteOf(context), Address);
        var end = await connection.RunAsync(new Arrivals(this, connection), _ending.Token);
        var isAnswered = IsViolation(end.Fault);
        if (!isAnswered) await connection.CloseAsync(end.IsOurs ? _lingering.Token : new CancellationToken(canceled: true));
        var ended = AcceptedEnd.Of(end, RemoteOf(context));
        _queue.Post(() => _accepted.OnEnded(connection, ended, isAnswered));
        if (isAnswered) await CloseAnsweredAsync(connection, ended);
        if (end.Fault != ConnectionFault.None) return end.Fault;
        LogEnded(name, RemoteOf(context), Address, end.IsOurs ? "the gateway stops" : end.Error?.Message ?? "the peer closed it");
        return ConnectionFault.None;
    }

    /// <summary>Answers the messages before the violation, so that the other side learns, for example, that its token is unknown.</summary>
    private async Task CloseAnsweredAsync(AcceptedConnection connection, AcceptedEnd end)
    {
        using var time = new CancellationTokenSource(_farewell, _time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(time.Token, _ending.Token);
        await connection.AwaitAnswersAsync(limit.Token);
        _queue.Post(() => _accepted.OnEnded(connection, end));
        await connection.CloseAsync(limit.Token);
    }

    private async Task<bool> TryFinishAsync(ConnectionContext context)
    {
        using var time = new CancellationTokenSource(_farewell, _time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(time.Token, _lingering.Token);
        return await ((SocketConnection)context).TryFinishAsync(_settings.Zmtp.MessageBytesMax, limit.Token);
    }

    private void Tell(ConnectionContext context, string connection, ConnectionFault fault, string? why = null)
    {
        _counters.Count(fault);
        // Port checks connect and close all the time; there is no connection left to cut.
        if (fault == ConnectionFault.HandshakeCut)
            LogEnded(connection, RemoteOf(context), Address, "it was closed before the end of the handshake");
        else if (!string.IsNullOrEmpty(why)) LogRefused(connection, RemoteOf(context), Address, fault, why);
        else LogCut(connection, RemoteOf(context), Address, fault);
    }

    private static void Cut(ConnectionContext context, ConnectionFault fault) =>
        context.Abort(new ConnectionAbortedException(fault.ToString()));

    /// <summary>
    /// The other side has sent bytes that violate the protocol: it may wait for answers to earlier ones. All other faults are those of a
    /// side that does not read, does not speak, floods, or has no place.
    /// </summary>
    private static bool IsViolation(ConnectionFault fault) => fault
        is (>= ConnectionFault.NotZmtp and <= ConnectionFault.TooManyParts)
        or (>= ConnectionFault.NotTls and <= ConnectionFault.CertificateRefused);

    private static string RemoteOf(ConnectionContext context) => HostPort.Of(context.RemoteEndPoint);

    private sealed class Arrivals(FrontDoor door, AcceptedConnection connection) : IArrivals
    {
        public void OnArrived(ArrivedMessages arrived) => door._queue.Post(() => door._accepted.OnArrived(connection, arrived));
    }

    /// <summary>An accepted connection, which is told as cut at most once. Only one that has not identified itself makes room.</summary>
    private sealed class Stranger(FrontDoor door, ConnectionContext context, string name) : ICountedConnection
    {
        private int _isTold;

        public void MakeRoom()
        {
            Tell(ConnectionFault.MadeRoom);
            Cut(context, ConnectionFault.MadeRoom);
        }

        public void Tell(ConnectionFault fault, string? why = null)
        {
            if (Interlocked.Exchange(ref _isTold, 1) == 0) door.Tell(context, name, fault, why);
        }
    }
}
