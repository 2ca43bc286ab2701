using Gateway.Client.Wire;
using Gateway.Links;
using Gateway.Store;
using Microsoft.Extensions.Logging;
using NetMQ;

namespace Gateway.Transport;

/// <summary>Where a gateway listens and whom it dials.</summary>
/// <param name="IntakeAddress">For applications.</param>
/// <param name="LinksAddress">For peers; empty to listen for none.</param>
/// <param name="PeerAddresses">By the peer's name.</param>
/// <param name="ConnectTimeout">For a TCP connection to a peer.</param>
internal sealed record Endpoints(string IntakeAddress, string LinksAddress, IReadOnlyDictionary<string, string> PeerAddresses, TimeSpan ConnectTimeout);

/// <summary>
/// The gateway's loop: one thread that owns all sockets and all state machines. It turns what happens on sockets, in the store and in time into events, one
/// after the other.
/// </summary>
internal sealed class GatewayLoop : IDisposable
{
    private const int TickMs = 25;
    private const int FrameOverheadBytes = 64 * 1024;

    private readonly TimeProvider _time;
    private readonly Endpoints _endpoints;
    private readonly GatewaySettings _settings;
    private readonly LoopClock _clock = new();
    private readonly NetMQPoller _poller = [];
    private readonly NetMQTimer _timer = new(TickMs);
    private readonly LoopQueue _queue;
    private readonly Thread _thread;
    private readonly GatewayCore _core;
    private readonly List<PeerConnection> _connections = [];
    private readonly List<RouterEndpoint> _routers = [];
    private readonly TaskCompletionSource _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isStopping;

    public GatewayLoop(
        GatewayIdentity self,
        GatewaySettings settings,
        Endpoints endpoints,
        Action<StoreCommand> submit,
        TimeProvider time,
        Random random,
        ILoggerFactory loggers)
    {
        _time = time;
        _endpoints = endpoints;
        _settings = settings;
        _queue = new LoopQueue(Run);
        _clock.Advance(time.GetUtcNow());
        var connections = endpoints.PeerAddresses.ToDictionary(
            peer => peer.Key, peer => new PeerConnection(peer.Value, endpoints.ConnectTimeout, _queue, Run, _poller));
        _core = new GatewayCore(self, settings, _clock, submit, peer => connections[peer], random, loggers);
        foreach (var (peer, connection) in connections) connection.Link = _core.Outgoing[peer];
        _connections.AddRange(connections.Values);
        _timer.Elapsed += (_, _) => Run(_core.Tick);
        _thread = new Thread(_poller.Run) { Name = "loop" };
    }

    /// <summary>Starts the thread; done when applications and peers can connect.</summary>
    /// <exception cref="ListenFailedException">An address cannot be listened on.</exception>
    public Task StartAsync()
    {
        _poller.Add(_queue.Pollable);
        _poller.Add(_timer);
        _thread.Start();
        _queue.Post(() => _core.Start(Listen));
        return _listening.Task;
    }

    /// <summary>Any thread: commands that the store has executed.</summary>
    public void OnExecuted(IReadOnlyList<StoreCommand> commands) => _queue.Post(() => _core.OnExecuted(commands));

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
        _poller.Stop();
        _thread.Join();
        foreach (var connection in _connections) connection.Dispose();
        await Task.WhenAll(_connections.Select(connection => connection.Ended));
    }

    public void Dispose()
    {
        _poller.Dispose();
        foreach (var router in _routers) router.Dispose();
        _queue.Dispose();
    }

    /// <summary>One event: takes the time, lets the state machines work, then deals with the connections that turned out to be lost.</summary>
    private void Run(Action action)
    {
        _clock.Advance(_time.GetUtcNow());
        action();
        foreach (var router in _routers) router.ReportBroken();
        if (_isStopping && _core.IsDrained) _drained.TrySetResult();
    }

    private void Listen()
    {
        try
        {
            if (_endpoints.LinksAddress.Length > 0) ListenForPeers();
            ListenForApplications();
            _listening.SetResult();
        }
        catch (ListenFailedException e)
        {
            _listening.SetException(e);
        }
    }

    private void ListenForPeers()
    {
        RouterEndpoint router = null!;
        // The sender's batches may be larger than this gateway's own.
        var frameMax = LinkSettings.BatchBytesMax + _settings.Intake.Limits.BodyBytesMax + _settings.Intake.Limits.HeadersBytesMax + FrameOverheadBytes;
        router = new RouterEndpoint(
            _endpoints.LinksAddress,
            frameMax,
            (connection, frames) => Run(() => _core.OnPeerFrame(connection, frames[^1], frame => router.Send(connection, [LinkCodec.Encode(frame)]))),
            connection => Run(() => _core.OnPeerLost(connection, LinkCause.ClosedByPeer, "the connection ended")));
        Add(router);
    }

    private void ListenForApplications()
    {
        RouterEndpoint router = null!;
        router = new RouterEndpoint(
            _endpoints.IntakeAddress,
            _settings.Intake.Limits.BodyBytesMax + FrameOverheadBytes,
            (connection, frames) => Run(() => _core.OnClientFrames(connection, frames, reply => router.Send(connection, ReplyCodec.Encode(reply)))),
            connection => Run(() => _core.OnClientLost(connection)));
        Add(router);
    }

    private void Add(RouterEndpoint router)
    {
        _routers.Add(router);
        _poller.Add(router.Pollable);
    }
}
