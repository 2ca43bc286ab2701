using System.Collections.Concurrent;
using System.Net;
using Gateway.Client.Session;
using Gateway.Client.Wire;
using Microsoft.Extensions.Logging;
using NetMQ;

namespace Gateway.Client.Transport;

/// <summary>
/// The thin shell around a <see cref="ClientSession"/>: one thread with a poller owns the session and its socket. Other threads hand in
/// events through a queue, bounded by the gates that callers pass. One signal covers any number of queued events.
/// </summary>
internal sealed partial class ClientLoop : IClientLoop
{
    private const int EventsAtOnceMax = 1_000;
    private const int RepliesAtOnceMax = 1_000;

    private static readonly TimeSpan _tick = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan _goodbyeLinger = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// The time for one address to answer when the name has others. It grows with each round over the addresses, since a busy gateway needs
    /// longer.
    /// </summary>
    private static readonly TimeSpan _turn = TimeSpan.FromSeconds(2);

    private readonly string _address;
    private readonly GatewayAddresses _addresses;
    private readonly ClientSession _session;
    private readonly IReadOnlyList<AdmissionGate> _gates;
    private readonly IPeerNews _peerNews;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly long _origin;
    private readonly ConcurrentQueue<SessionEvent> _events = new();
    private readonly NetMQPoller _poller = new();
    private readonly PollerSignal _signal;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isOver;
    private GatewayException? _failure;
    private GatewaySocket? _socket;
    private int _socketConnection;

    /// <summary>The number of the connection for which a name lookup runs.</summary>
    private int _lookingFor;
    private TimeSpan _openedAt;
    private bool? _loggedConnected;

    public ClientLoop(IReadOnlyList<string> addresses, ClientSession session, IReadOnlyList<AdmissionGate> gates, IPeerNews peerNews,
        ILogger logger, TimeProvider time)
    {
        _address = string.Join(", ", addresses);
        _addresses = new GatewayAddresses(addresses, host => Dns.GetHostAddressesAsync(host));
        _session = session;
        _gates = gates;
        _peerNews = peerNews;
        _logger = logger;
        _time = time;
        _origin = time.GetTimestamp();
        var timer = new NetMQTimer(_tick);
        timer.Elapsed += (_, _) => OnTick();
        _poller.Add(timer);
        _signal = new PollerSignal(_poller, _tick, OnSignal);
        Post(new SessionEvent.Ticked());
        new Thread(Run) { IsBackground = true, Name = "gateway-client" }.Start();
    }

    /// <inheritdoc/>
    public int HeadersBytesMax => _session.HeadersBytesMax;

    /// <inheritdoc/>
    public TimeSpan Now => _time.GetElapsedTime(_origin);

    /// <inheritdoc/>
    public void Post(SessionEvent happened)
    {
        _events.Enqueue(happened);
        _signal.Raise();
        if (_isOver)
            RefuseEvents();
    }

    /// <summary>Says BYE, fails pending calls and ends the thread. May be called more than once.</summary>
    /// <exception cref="GatewayException">The loop had failed before.</exception>
    public async ValueTask DisposeAsync()
    {
        Post(new SessionEvent.Closed());
        await _ended.Task.ConfigureAwait(false);
    }

    private void Run()
    {
        try
        {
            RunUntilLeft();
            End(CallFailure.Disposed());
            _ended.SetResult();
        }
        catch (Exception e)
        {
            // The library must not end an application's process: the failure is rethrown to callers and on disposal.
            LogFailed(_logger, e);
            _failure = new GatewayException(GatewayError.Failed, $"The client failed: {e.Message}", null, e);
            _session.Handle(new SessionEvent.Closed(), Now);
            End(_failure);
            _ended.SetException(_failure);
        }
    }

    private void RunUntilLeft()
    {
        try
        {
            _poller.Run();
        }
        catch (PollerLeftException)
        {
            // The session is closed.
        }
    }

    private void End(GatewayException exception)
    {
        foreach (var gate in _gates)
            gate.Close(exception);
        _isOver = true;
        RefuseEvents();
        _socket?.Dispose(TimeSpan.Zero);
        PollerSignal.Close(_poller);
        _signal.Dispose();
    }

    private void RefuseEvents()
    {
        while (_events.TryDequeue(out var happened))
        {
            if (happened is SessionEvent.Submitted submitted)
                submitted.Call.Fail(_failure ?? CallFailure.Disposed());
            else if (happened is SessionEvent.Subscribed subscribed)
                subscribed.Subscription.End(_failure ?? CallFailure.Disposed());
        }
    }

    private void OnSignal()
    {
        for (var i = 0; i < EventsAtOnceMax; i++)
        {
            if (!_events.TryDequeue(out var happened))
            {
                Apply();
                return;
            }

            _session.Handle(happened, Now);
        }

        Apply();
        _signal.Raise();
    }

    private void OnTick()
    {
        // Read arrived messages first; otherwise a delay of this thread would look like silence of the gateway.
        OnReceiveReady();
        _signal.Look();
        var now = Now;
        if (_session.Phase == SessionPhase.Greeting
            && _socket is not null && _addresses.HasOthers && now - _openedAt > (1 + _addresses.Rounds) * _turn)
            EndConnection("nothing was heard, and there are other addresses", now);
        _session.Handle(new SessionEvent.Ticked(), now);
        foreach (var gate in _gates)
            gate.Expire(now, CallFailure.NotSent(_session.Phase == SessionPhase.Live, _session.Refusal));
        Apply();
    }

    private void OnReceiveReady()
    {
        Receive(RepliesAtOnceMax);
        Apply();
    }

    private void Receive(int frames)
    {
        // A frame is processed to its end: the socket does not signal again for its remaining messages.
        for (var i = 0; _socket is not null && (i < frames || _socket.HasUnpacked) && _session.Connection == _socketConnection; i++)
        {
            if (!_socket.TryReceive(out var message))
                break;
            SessionEvent happened = ReplyCodec.TryDecode(message, out var reply, out var fault)
                ? new SessionEvent.Received(reply)
                : new SessionEvent.ConnectionEnded($"a reply was not understood: {fault.Text}");
            if (reply is Reply.Error { Code: WireCode.Standby }) _addresses.OnStandby();
            _session.Handle(happened, Now);
        }
    }

    private void OnConnectionEnded(int connection)
    {
        // The end is reported as soon as it is seen, ahead of messages that arrived before it and wait in the socket: the answers of a
        // gateway that answers, says goodbye and closes while this thread is busy.
        if (connection == _session.Connection)
            Receive(int.MaxValue);
        if (connection == _session.Connection)
            EndConnection("the connection was refused, or was closed or reset", Now);
        Apply();
    }

    private void EndConnection(string reason, TimeSpan now) =>
        _session.Handle(new SessionEvent.ConnectionEnded($"{_addresses.Tried}{reason}"), now);

    /// <summary>Opens or closes the socket as the session demands, and sends the contents of the outbox.</summary>
    private void Apply()
    {
        if (_session.Connection != _socketConnection)
            ReplaceSocket();
        if (_lookingFor != 0)
            OpenWhenFound();
        if (_session.Phase == SessionPhase.Live)
            _addresses.OnAnswered();
        while (_socket is not null && _session.Outbox.Count > 0)
        {
            if (!Send(_socket))
            {
                _session.Handle(new SessionEvent.ConnectionEnded("the socket takes nothing"), Now);
                ReplaceSocket();
            }
        }

        while (_session.PeerNews.TryDequeue(out var news))
            _peerNews.OnPeer(news);
        if (_session.Phase == SessionPhase.Closed)
            Leave();
        LogChange();
    }

    /// <summary>
    /// Sends from the outbox. Requests are packed only after WELCOME; HELLO is sent as it is, because the other side is not yet known.
    /// </summary>
    private bool Send(GatewaySocket socket) => _session.Phase == SessionPhase.Live ? socket.TrySend(
        _session.Outbox, _session.FrameBytesMax) : socket.TrySend(_session.Outbox.Dequeue());

    private void ReplaceSocket()
    {
        if (_socket is not null)
            _addresses.OnEnded();
        _socket?.Dispose(TimeSpan.Zero);
        _socket = null;
        _socketConnection = _lookingFor = _session.Connection;
        if (_lookingFor != 0)
            _addresses.Look().GetAwaiter().OnCompleted(_signal.Raise);
    }

    private void OpenWhenFound()
    {
        if (!_addresses.IsFound)
            return;
        var connection = _lookingFor;
        _lookingFor = 0;
        _openedAt = Now;
        if (_addresses.Take(out var failure) is { } address
            && GatewaySocket.TryOpen(_poller, address, (_, _) => OnReceiveReady(), (_, _) => OnConnectionEnded(connection),
                out _socket, out failure))
            return;
        _addresses.OnEnded();
        _session.Handle(new SessionEvent.ConnectionEnded(failure), Now);
        _socketConnection = _session.Connection;
    }

    private void Leave()
    {
        _socket?.Dispose(_goodbyeLinger);
        _socket = null;
        throw new PollerLeftException();
    }

    private void LogChange()
    {
        var connected = _session.Phase == SessionPhase.Live;
        var known = connected || (_session.Phase == SessionPhase.Waiting && _session.EndReason.Length > 0);
        if (!known || _loggedConnected == connected)
            return;
        _loggedConnected = connected;
        if (connected)
            LogConnected(_logger, _session.Gateway, _address);
        else
            LogNotConnected(_logger, _address, _session.EndReason);
    }
}
