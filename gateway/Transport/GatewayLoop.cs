using Gateway.Client.Wire;
using Gateway.Links;
using Gateway.Logging;
using Gateway.Management;
using Gateway.Store;
using Gateway.Transport.Tls;
using Gateway.Transport.Zmtp;
using Microsoft.Extensions.Logging;
using NetMQ;

namespace Gateway.Transport;

/// <summary>
/// The gateway's loop: one thread that owns all sockets and all state machines. It turns what happens on sockets, in the store and in time into events, one
/// after the other.
/// </summary>
internal sealed partial class GatewayLoop : IDisposable
{
    /// <summary>How exactly times are kept.</summary>
    private const int TickMs = 50;

    /// <summary>How long a loop to which nothing happens, and which has nothing to do, goes without looking whether that is still so.</summary>
    private const int RestMsMax = 1000;

    private const int RestBeforeStartMs = int.MaxValue;

    /// <summary>Commands of the store that are completed before the time is looked at; a group may have tens of thousands.</summary>
    private const int CompleteAtOnce = 16;

    private const int FrameOverheadBytes = 64 * 1024;

    /// <summary>When it stood still for longer, that is worth a line.</summary>
    private static readonly TimeSpan _pauseTold = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan _heartbeat = TimeSpan.FromSeconds(2);

    /// <summary>The protocol of links has heartbeats of its own; this one is for those who connect and never say hello.</summary>
    private static readonly TimeSpan _peerHeartbeat = TimeSpan.FromSeconds(5);

    private static readonly string[] _socketTypes = ["DEALER"];

    private readonly TimeProvider _time;
    private readonly long _began;
    private readonly Endpoints _endpoints;
    private readonly GatewaySettings _settings;
    private readonly LoopClock _clock = new();
    private readonly NetMQPoller _poller = [];
    private readonly NetMQTimer _timer = new(TickMs);
    private readonly LoopTurns _turns;
    private readonly LoopQueue _queue;
    private readonly Thread _thread;
    private readonly GatewayCore _core;
    private readonly List<PeerConnection> _connections = [];
    private readonly List<RouterEndpoint> _routers = [];
    private RouterEndpoint? _peers;
    private readonly List<FrontDoor> _doors = [];
    private readonly SpliceRounds _rounds;
    private readonly FrontDoorCounters _counters = new();
    private readonly ILoggerFactory _loggers;
    private readonly ILogger _logger;
    private readonly TaskCompletionSource _opening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _ended = new();
    /// <summary>What the store has executed, and has not been completed.</summary>
    private readonly Queue<StoreCommand> _executed = [];
    private bool _isMorePosted;
    private bool _isStopping;

    /// <summary>Within so many milliseconds the timer wakes the loop; before the first event nobody does.</summary>
    private int _rest = RestBeforeStartMs;

    public GatewayLoop(
        GatewayIdentity self,
        GatewaySettings settings,
        Endpoints endpoints,
        Action<StoreCommand> submit,
        TimeProvider time,
        Random random,
        ITelemetry telemetry,
        ILoggerFactory loggers)
    {
        _time = time;
        _began = time.GetTimestamp();
        _endpoints = endpoints;
        _settings = settings;
        // What a peer that the configuration names does is told in full; all else can be anybody's.
        _loggers = new LimitedLoggers(loggers, time, category => category == typeof(OutgoingLink).FullName);
        _logger = loggers.CreateLogger<GatewayLoop>();
        _turns = new LoopTurns(time);
        _queue = new LoopQueue(Run, _turns);
        _rounds = new SpliceRounds(endpoints.Patience, time);
        _clock.Advance(time.GetUtcNow(), TimeSpan.Zero);
        var connections = endpoints.PeerAddresses.ToDictionary(
            peer => peer.Key, peer => new PeerConnection(peer.Value, DialerTo(peer.Key, peer.Value), _queue, Run, _poller, time));
        _core = new GatewayCore(self, settings, _clock, submit, peer => connections[peer], random, telemetry, _loggers) { CountConnections = _counters.Read, ShowCertificate = endpoints.ShowCertificate, ReadTurns = () => (_turns.Longest, _turns.LongestOfLate) };
        Management = new ManagementDoor(_core.Management, _queue.Post, submit, _ended.Token);
        foreach (var (peer, connection) in connections) connection.Link = _core.Outgoing[peer];
        _connections.AddRange(connections.Values);
        _timer.Elapsed += (_, _) => Tick();
        _thread = new Thread(_poller.Run) { Name = "loop" };
    }

    /// <summary>What operators see and do; from any thread, until the loop has ended.</summary>
    public IManagement Management { get; }

    /// <summary>Where applications connect, with the port that the system chose if it was left to it; once started.</summary>
    public string IntakeAddress => _doors[^1].Address;

    /// <summary>Where peers connect; empty when nowhere.</summary>
    public string LinksAddress => _doors.Count > 1 ? _doors[0].Address : "";

    /// <summary>Starts the thread; done when applications and peers can connect.</summary>
    /// <exception cref="ListenFailedException">An address cannot be listened on.</exception>
    public async Task StartAsync()
    {
        _poller.Add(_queue.Pollable);
        _poller.Add(_timer);
        _thread.Start();
        _queue.Post(() => _core.Start(Listen));
        await _opening.Task;
        // Peers first: applications take it that the gateway is whole when they can connect.
        foreach (var door in _doors) await door.StartAsync();
        _queue.Post(_core.Connect);
    }

    /// <summary>Any thread: commands that the store has executed.</summary>
    public void OnExecuted(IReadOnlyList<StoreCommand> commands) => _queue.Post(() =>
    {
        foreach (var command in commands) _executed.Enqueue(command);
        Complete();
    });

    /// <summary>
    /// Takes nothing more in and waits until what can be delivered is, or the time is over; then says goodbye to applications and peers and ends the thread.
    /// </summary>
    public async Task StopAsync(TimeSpan drainLimit)
    {
        _queue.Post(() =>
        {
            _core.CloseIntake();
            _isStopping = true;
        });
        await Task.WhenAny(_drained.Task, Task.Delay(drainLimit, _time));

        var hungUp = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _queue.Post(() =>
        {
            _core.SayGoodbye();
            foreach (var connection in _connections) connection.HangUpAfterSending();
            hungUp.SetResult();
        });
        await hungUp.Task;
        await Task.WhenAll(_connections.Select(connection => connection.Ended));
        await EndAsync();
    }

    /// <summary>Ends the thread as it is, without a word.</summary>
    public async Task EndAsync()
    {
        await _ended.CancelAsync();
        foreach (var door in _doors) door.BeginStop();
        _poller.Stop();
        _thread.Join();
        foreach (var connection in _connections) connection.Dispose();
        await Task.WhenAll(_connections.Select(connection => connection.Ended));
        // The last frames pass through the doors while the routers linger.
        foreach (var router in _routers) router.Dispose();
        await Task.WhenAll(_doors.Select(door => door.StopAsync()));
    }

    public void Dispose()
    {
        _poller.Dispose();
        foreach (var door in _doors) door.Dispose();
        _rounds.Dispose();
        _queue.Dispose();
        _ended.Dispose();
    }

    /// <summary>One event: takes the time, lets the state machines work, then deals with the connections that turned out to be lost.</summary>
    private void Run(Action action)
    {
        if (_timer.Interval != TickMs) _timer.Interval = TickMs;
        Handle(action);
    }

    /// <summary>After an event there is a tick soon; when nothing has happened since the last one, there is none before the next time at which something is due.</summary>
    private void Tick()
    {
        Handle(() =>
        {
            // Before the links judge how long nothing came.
            foreach (var connection in _connections) connection.TellArrived();
            _peers?.TellArrived(_core.OnPeerBytes);
            _core.Tick();
        });
        _timer.Interval = _rest = (int)Math.Clamp((_core.NextTick - _clock.Uptime).TotalMilliseconds, TickMs, RestMsMax);
    }

    private void Handle(Action action)
    {
        _turns.Begin();
        var pause = _clock.Advance(_time.GetUtcNow(), _time.GetElapsedTime(_began), TimeSpan.FromMilliseconds(_rest));
        if (pause > _pauseTold) LogPaused(pause.TotalSeconds);
        _rest = TickMs;
        action();
        foreach (var router in _routers) router.Flush();
        if (_isStopping && _core.IsDrained) _drained.TrySetResult();
        _turns.End();
    }

    private void Complete()
    {
        _core.OnExecuted(TakeExecuted());
        if (_executed.Count == 0 || _isMorePosted) return;
        _isMorePosted = true;
        _queue.Post(() =>
        {
            _isMorePosted = false;
            Complete();
        });
    }

    /// <summary>What the store has executed, in order, until the turn is over.</summary>
    private IEnumerable<StoreCommand> TakeExecuted()
    {
        for (var count = 1; _executed.TryDequeue(out var command); count++)
        {
            yield return command;
            if (count % CompleteAtOnce == 0 && _turns.IsOver) break;
        }
    }

    private Dialer DialerTo(string peer, string address)
    {
        var target = new Uri(address);
        var settings = new DialSettings(_endpoints.ConnectTimeout, _endpoints.HandshakeTimeout) { Tls = _endpoints.Tls, Peer = peer };
        return new Dialer(target.DnsSafeHost, target.Port, settings, _rounds, _counters, _time);
    }

    private void Listen()
    {
        if (_endpoints.LinksAddress.Length > 0) ListenForPeers();
        ListenForApplications();
        _opening.SetResult();
    }

    private void ListenForPeers()
    {
        RouterEndpoint router = null!;
        // The sender's batches may be larger than this gateway's own.
        var frameMax = LinkSettings.BatchBytesMax + _settings.Intake.Limits.BodyBytesMax + _settings.Intake.Limits.HeadersBytesMax + FrameOverheadBytes;
        var secret = InnerDoor.NewSecret();
        var zmtp = new ZmtpLimits(_socketTypes, frameMax, frameMax, PartsMax: 1);
        router = new RouterEndpoint(
            secret,
            zmtp,
            (connection, frames) => Run(() => _core.OnPeerFrame(connection, frames[^1], router.NamesOf(connection), frame => router.Send(connection, [LinkCodec.Encode(frame)]))),
            (connection, end) => Run(() => _core.OnPeerLost(connection, end.Cause, end.Evidence)),
            _turns,
            _queue.Post);
        _peers = router;
        Add(router, secret, _endpoints.LinksAddress, _endpoints.Links, zmtp, _peerHeartbeat, _endpoints.Tls);
    }

    private void ListenForApplications()
    {
        RouterEndpoint router = null!;
        var limits = _settings.Intake.Limits;
        var frameMax = limits.BodyBytesMax + FrameOverheadBytes;
        var secret = InnerDoor.NewSecret();
        // What is not far over the limits of a batch passes, to be refused with a reason.
        var zmtp = new ZmtpLimits(_socketTypes, frameMax, (2L * limits.BatchBytesMax) + frameMax, 2 * RequestCodec.FramesMax(limits.BatchMessagesMax));
        router = new RouterEndpoint(
            secret,
            zmtp,
            (connection, frames) => Run(() => _core.OnClientFrames(connection, frames, reply => router.Send(connection, ReplyCodec.Encode(reply)))),
            (connection, _) => Run(() => _core.OnClientLost(connection)),
            _turns,
            _queue.Post);
        Add(router, secret, _endpoints.IntakeAddress, _endpoints.Intake, zmtp, _heartbeat, tls: null);
    }

    private void Add(RouterEndpoint router, byte[] secret, string address, EndpointLimits limits, ZmtpLimits zmtp, TimeSpan heartbeat, LinkTls? tls)
    {
        _routers.Add(router);
        _poller.Add(router.Pollable);
        _doors.Add(new FrontDoor(
            address,
            new FrontDoorSettings(ConnectionsMax(address, limits.ConnectionsMax), limits.ConnectionsPerAddressMax, _endpoints.HandshakeTimeout, _endpoints.Patience with { Heartbeat = heartbeat }, zmtp) { Tls = tls },
            secret,
            (connection, door, flow, names) => _queue.Post(() => router.Connect(connection, door, flow, names)),
            (connection, end) => _queue.Post(() => router.OnClosed(connection, end)),
            _counters,
            _time,
            _loggers));
    }

    private int ConnectionsMax(string address, int configured)
    {
        var max = HandleLimit.ConnectionsOf(endpoints: 2, HandleLimit.Read());
        if (max >= configured) return configured;
        LogFewHandles(address, max, configured);
        return max;
    }
}
