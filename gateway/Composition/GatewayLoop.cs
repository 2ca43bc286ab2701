using Gateway.Client.Wire;
using Gateway.Links;
using Gateway.Links.Protocol;
using Gateway.Logging;
using Gateway.Management;
using Gateway.Store;
using Gateway.Telemetry;
using Gateway.Transport;
using Gateway.Transport.Accepting;
using Gateway.Transport.Dialing;
using Gateway.Transport.Plain;
using Gateway.Transport.Tls;
using Gateway.Transport.Zmtp;
using Microsoft.Extensions.Logging;

namespace Gateway.Composition;

/// <summary>
/// The gateway's loop: one thread that owns all state machines. It turns connection input, store results and timers into events, handled
/// one at a time.
/// </summary>
internal sealed partial class GatewayLoop : IDisposable
{
    /// <summary>The clock is read once per this many completed store commands; a group may have tens of thousands.</summary>
    private const int CompleteAtOnce = 16;

    private const int FrameOverheadBytes = 64 * 1024;

    /// <summary>A longer pause of the loop is logged.</summary>
    private static readonly TimeSpan _pauseTold = TimeSpan.FromSeconds(2);

    /// <summary>The time for the thread of the NetMQ sockets to close them, which takes no network.</summary>
    private static readonly TimeSpan _socketsMax = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan _heartbeat = TimeSpan.FromSeconds(2);

    /// <summary>Links have heartbeats of their own; this one is for connections that never say hello.</summary>
    private static readonly TimeSpan _peerHeartbeat = TimeSpan.FromSeconds(5);

    private static readonly string[] _socketTypes = ["DEALER"];

    private readonly TimeProvider _time;
    private readonly long _began;
    private readonly Endpoints _endpoints;
    private readonly GatewaySettings _settings;
    private readonly LoopClock _clock = new();
    private readonly TickPlan _plan;
    private readonly LoopTurns _turns;
    private readonly LoopQueue _queue = new();
    private readonly Thread _thread;
    private readonly ShellState _shell;
    private readonly GatewayCore _core;
    private readonly PeerConnections _connections;
    private readonly TargetDialer _targets;
    private readonly InletDoors _inletDoors;
    private IReadOnlyDictionary<string, PeerPlace> _places;
    private readonly List<AcceptedConnections> _accepted = [];
    private AcceptedConnections? _peers;
    private readonly List<FrontDoor> _doors = [];
    private readonly ConnectionRounds _rounds;
    private readonly FrontDoorCounters _counters = new();
    private readonly ConnectionMemory _memory;
    private readonly InnerDoor _innerDoor;
    private readonly LinkSockets _sockets;
    private readonly ILoggerFactory _loggers;
    private readonly ILogger _logger;
    private readonly TaskCompletionSource _opening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _ended = new();
    /// <summary>Commands executed by the store and not yet completed.</summary>
    private readonly Queue<StoreCommand> _executed = [];
    private bool _isMorePosted;
    private bool _isStopping;
    private volatile bool _isOver;
    private volatile string _unended = "";

    /// <summary>The time of the last event, counted from the loop's start.</summary>
    private TimeSpan _lastEvent;

    public GatewayLoop(
        GatewayIdentity self,
        GatewaySettings settings,
        Endpoints endpoints,
        IStoreInput store,
        TimeProvider time,
        Random random,
        ITelemetry telemetry,
        ILoggerFactory loggers)
    {
        _time = time;
        _began = time.GetTimestamp();
        _endpoints = endpoints;
        _settings = settings;
        // Log lines about a configured peer are written in full; all others could be caused by anyone and are limited.
        _loggers = new LimitedLoggers(loggers, time, unlimited: typeof(OutgoingLink).FullName);
        _logger = loggers.CreateLogger<GatewayLoop>();
        _plan = new TickPlan(_clock);
        _turns = new LoopTurns(time);
        _memory = ConnectionMemory.OfProcess(Math.Max(LinkFrameBytesMax, ClientLimits().MessageBytesMax));
        _innerDoor = new InnerDoor(_counters, time);
        _sockets = new LinkSockets(_innerDoor);
        _rounds = new ConnectionRounds(endpoints.Patience, time);
        _clock.Advance(time.GetUtcNow(), TimeSpan.Zero);
        _connections = new PeerConnections(endpoints, _queue, _sockets, _rounds, _counters, time);
        _places = endpoints.PeerAddresses.ToDictionary(
            peer => peer.Key, peer => new PeerPlace(peer.Value, endpoints.PeerFingerprints.GetValueOrDefault(peer.Key, "")));
        var connections = _places.ToDictionary(peer => peer.Key, peer => _connections.Add(peer.Key, peer.Value));

        _shell = new ShellState(_counters, endpoints.Tls, _turns);
        _targets = new TargetDialer(_queue, time);
        // Programs at inlets cannot take the memory that links and applications need.
        _inletDoors = new InletDoors(
            _queue, MemoryBudget.OfProcess(4 * settings.Intake.Limits.BodyBytesMax), time, new LimitedLoggers(loggers, time));
        _core = new GatewayCore(
            self, settings, _clock, store, connections, _connections, _targets, _inletDoors, _shell, random, telemetry, _loggers);
        Management = new ManagementDoor(_core.Management, _queue, store, _ended.Token);
        Pairing = new PairingDoor(self.Name, _core.Invitations, _core.Management, _clock, _shell, _queue, _ended.Token);
        endpoints.Tls?.Expect(_core.Invitations.Guests);
        // A background thread: one that does not end must not keep the process alive; its end is awaited in EndAsync.
        _thread = new Thread(RunToEnd) { Name = "loop", IsBackground = true };
    }

    /// <summary>The operators' API; usable from any thread until the loop has ended.</summary>
    public IManagement Management { get; }

    /// <summary>Invites other gateways; likewise.</summary>
    public IPairing Pairing { get; }

    /// <summary>
    /// The address for applications, with the port that the system chose if the configuration left it open; valid once started.
    /// </summary>
    public string IntakeAddress => _doors[^1].Address;

    /// <summary>The address for peers; empty if there is none.</summary>
    public string LinksAddress => _doors.Count > 1 ? _doors[0].Address : "";

    /// <summary>The part for whose end the loop waits, in words; empty before, and when everything has ended. Any thread.</summary>
    public string Unended => _unended;

    /// <summary>Starts the thread; completes once applications and peers can connect.</summary>
    /// <exception cref="ListenFailedException">An address cannot be listened on.</exception>
    public async Task StartAsync()
    {
        _sockets.Start();
        _thread.Start();
        _queue.Post(() => _core.Start(Listen));
        await _opening.Task;
        // Peers first: once applications can connect, they expect the whole gateway to work.
        foreach (var door in _doors) await door.StartAsync();
        var connected = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _queue.Post(() =>
        {
            _core.Connect();
            connected.SetResult();
        });
        await connected.Task;
        if (_inletDoors.FirstFault is { } fault) throw fault;
    }

    /// <summary>Takes commands that the store has executed. Any thread.</summary>
    public void OnExecuted(IReadOnlyList<StoreCommand> commands) => _queue.Post(() =>
    {
        foreach (var command in commands) _executed.Enqueue(command);
        Complete();
    });

    /// <summary>
    /// Accepts nothing more and waits until everything deliverable is delivered, or the time is over; then says goodbye to applications and
    /// peers and ends as <see cref="EndAsync"/> does.
    /// </summary>
    public async Task StopAsync(TimeSpan drainLimit)
    {
        _queue.Post(() =>
        {
            _core.CloseIntake();
            _isStopping = true;
        });
        await Task.WhenAny(_drained.Task, Task.Delay(drainLimit, _time));

        _unended = "the thread of its loop";
        var hungUp = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _queue.Post(() =>
        {
            _core.SayGoodbye();
            foreach (var connection in _connections.All) connection.HangUpAfterSending();
            hungUp.SetResult();
        });
        await hungUp.Task;
        _unended = "a connection to a peer";
        await Task.WhenAll(_connections.All.Select(connection => connection.Ended));
        await EndAsync();
    }

    /// <summary>
    /// Applies the settings, in one event of the loop; see <see cref="Reconfiguration.Apply"/>. One call at a time. Any thread.
    /// </summary>
    /// <returns>False if the gateway stops, and nothing was applied.</returns>
    public Task<bool> ApplyAsync(LiveSettings next)
    {
        var applied = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        _queue.Post(() => _core.Live.Apply(next, PeerChanges.Between(_places, next.Peers), _connections, isApplied =>
        {
            if (isApplied) _places = next.Peers;
            applied.TrySetResult(isApplied);
        }));
        return applied.Task.WaitAsync(_ended.Token);
    }

    /// <summary>Shows operators how the files of the configuration stand. Any thread.</summary>
    public void Tell(ConfigurationStanding standing) => _queue.Post(() => _shell.Configuration = standing);

    /// <summary>
    /// Ends everything at once, without goodbyes. Blocks its thread, and has no limit of its own: the caller stops waiting, and then leaves
    /// what <see cref="Unended"/> says to the end of the process.
    /// </summary>
    public async Task EndAsync()
    {
        _unended = "the thread of its loop";
        await _ended.CancelAsync();
        foreach (var door in _doors) door.BeginStop();
        _isOver = true;
        _queue.Post(() => { });
        _thread.Join();
        _unended = "a connection to a peer, or of an outlet";
        foreach (var connection in _connections.All) connection.HangUp();
        await _inletDoors.EndAsync();
        await _targets.EndAsync();
        await Task.WhenAll([_connections.EndWaysBackAsync(), .. _connections.All.Select(connection => connection.Ended)]);
        _unended = "the thread of its NetMQ sockets";
        var isClosed = _sockets.Stop(_socketsMax);
        if (isClosed) _unended = "a listener";
        // The last frames leave while the doors close.
        await Task.WhenAll(_doors.Select(door => door.StopAsync()));
        if (isClosed) _unended = "";
    }

    /// <summary>Called only when everything has ended.</summary>
    public void Dispose()
    {
        foreach (var door in _doors) door.Dispose();
        _sockets.Dispose();
        _innerDoor.Dispose();
        _rounds.Dispose();
        _ended.Dispose();
    }

    private void RunToEnd()
    {
        Action<Action> run = Run;
        while (!_isOver)
        {
            if (_queue.IsEmpty && _plan.MayLook) _plan.OnLook(_core.NextTick);
            _queue.Wait(NextTick - Elapsed);
            if (Elapsed >= NextTick) Tick();
            _queue.Drain(run, _turns);
        }
    }

    /// <summary>The time at which the loop wakes by itself, counted from its start.</summary>
    private TimeSpan NextTick => _lastEvent + _plan.Rest;

    private TimeSpan Elapsed => _time.GetElapsedTime(_began);

    /// <summary>
    /// Handles one event: reads the clock, runs the state machines, then handles the connections found to be lost.
    /// </summary>
    private void Run(Action action)
    {
        Handle(action);
        _plan.OnEvent();
    }

    private void Tick()
    {
        _turns.Begin();
        Handle(() =>
        {
            // Called before the links judge a silence.
            foreach (var connection in _connections.All) connection.TellArrived();
            foreach (var heard in _peers?.TakeHeard() ?? []) _core.OnPeerBytes(heard);
            _core.Tick();
        });
        _turns.End();
        _plan.OnTick(_core.NextTick);
    }

    private void Handle(Action action)
    {
        _lastEvent = Elapsed;
        var pause = _clock.Advance(_time.GetUtcNow(), _lastEvent, _plan.Rest);
        if (pause > _pauseTold) LogPaused(pause.TotalSeconds);
        action();
        foreach (var accepted in _accepted) accepted.Flush();
        if (_isStopping && _core.IsDrained) _drained.TrySetResult();
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

    /// <summary>The commands executed by the store, in order, until the turn is over.</summary>
    private IEnumerable<StoreCommand> TakeExecuted()
    {
        for (var count = 1; _executed.TryDequeue(out var command); count++)
        {
            yield return command;
            if (count % CompleteAtOnce == 0 && _turns.IsOver) break;
        }
    }

    private void Listen()
    {
        if (_endpoints.LinksAddress.Length > 0) ListenForPeers();
        ListenForApplications();
        _opening.SetResult();
    }

    private void ListenForPeers()
    {
        var zmtp = new ZmtpLimits(_socketTypes, LinkFrameBytesMax, LinkFrameBytesMax, PartsMax: 1);
        _peers = Listen(new PeerConversation(_core), _endpoints.LinksAddress, _endpoints.Links, zmtp, _peerHeartbeat, _endpoints.Tls);
    }

    private void ListenForApplications() =>
        Listen(new ClientConversation(_core), _endpoints.IntakeAddress, _endpoints.Intake, ClientLimits(), _heartbeat, tls: null);

    /// <summary>The sender's batches may be larger than this gateway's own.</summary>
    private long LinkFrameBytesMax =>
        LinkSettings.BatchBytesMax + _settings.Intake.Limits.BodyBytesMax + _settings.Intake.Limits.HeadersBytesMax + FrameOverheadBytes;

    /// <summary>Messages slightly over the limits of a batch pass here, so that they are rejected with a reason.</summary>
    private ZmtpLimits ClientLimits()
    {
        var limits = _settings.Intake.Limits;
        var frameMax = limits.BodyBytesMax + FrameOverheadBytes;
        return new ZmtpLimits(_socketTypes, frameMax, (2L * limits.BatchBytesMax)
            + frameMax, 2 * RequestCodec.FramesMax(limits.BatchMessagesMax));
    }

    private AcceptedConnections Listen(IConversation conversation, string address, EndpointLimits limits, ZmtpLimits zmtp,
        TimeSpan heartbeat, LinkTls? tls)
    {
        var patience = _endpoints.Patience with { Heartbeat = heartbeat };
        var connectionsMax = ConnectionsMax(address, limits.ConnectionsMax);
        var settings = new FrontDoorSettings(connectionsMax, limits.ConnectionsPerAddressMax, _endpoints.HandshakeTimeout, patience, zmtp)
        {
            Tls = tls,
        };
        var accepted = new AcceptedConnections(conversation, _memory, _turns, _queue);
        _accepted.Add(accepted);
        _doors.Add(new FrontDoor(address, settings, accepted, _queue, _memory, _counters, _time, _loggers));
        return accepted;
    }

    private int ConnectionsMax(string address, int configured)
    {
        var max = HandleLimit.ConnectionsOf(endpoints: 2, _connections.Count, HandleLimit.Read());
        if (max >= configured) return configured;
        LogFewHandles(address, max, configured);
        return max;
    }
}
