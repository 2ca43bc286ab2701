using System.Collections.Concurrent;
using System.Net;
using Gateway.Links;
using Gateway.Transport;
using Gateway.Transport.Zmtp;
using Microsoft.Extensions.Logging;
using NetMQ;

namespace Gateway.Tests.Transport;

/// <summary>A real front door before a real ROUTER, on a thread of its own, which sends back what it gets; and what has happened there.</summary>
internal sealed class EchoDoor : IAsyncDisposable
{
    public static readonly FrontDoorSettings Defaults = new(
        ConnectionsMax: 100,
        ConnectionsPerAddressMax: 100,
        HandshakeTimeout: TimeSpan.FromSeconds(20),
        new SplicePatience(TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(20)),
        new ZmtpLimits(["DEALER"], 1024 * 1024, 2 * 1024 * 1024, 10));

    private readonly NetMQPoller _poller = [];
    private readonly LoopQueue _queue;
    private readonly Thread _thread;
    private readonly RouterEndpoint _router;
    private readonly FrontDoor _door;

    private EchoDoor(FrontDoorSettings settings, bool isSilent)
    {
        var turns = new LoopTurns(TimeProvider.System);
        _queue = new LoopQueue(action => Run(action), turns);
        _thread = new Thread(_poller.Run) { Name = "echo" };
        _router = new RouterEndpoint(
            Secret,
            settings.Zmtp,
            (connection, frames) => Run(() =>
            {
                Received.Enqueue((connection, [.. frames]));
                if (!isSilent) _router!.Send(connection, [.. frames.Select(frame => (ReadOnlyMemory<byte>)frame)]);
            }),
            (connection, end) =>
            {
                Ends[connection] = end;
                Lost.Enqueue(connection);
            },
            turns,
            _queue.Post);
        _door = new FrontDoor(
            "tcp://127.0.0.1:0",
            settings,
            Secret,
            (connection, door, flow, names) =>
            {
                Names.Enqueue(names);
                Flows.Enqueue(flow);
                OnInnerDoor?.Invoke(door);
                _queue.Post(() => _router.Connect(connection, door, flow, names));
            },
            (connection, end) => _queue.Post(() => _router.OnClosed(connection, end)),
            Counters,
            TimeProvider.System,
            LoggerFactory.Create(logging => logging.AddProvider(Log)));
        _poller.Add(_queue.Pollable);
        _poller.Add(_router.Pollable);
    }

    public byte[] Secret { get; } = InnerDoor.NewSecret();

    public FrontDoorCounters Counters { get; } = new();

    public LogLines Log { get; } = new();

    public ConcurrentQueue<(string Connection, byte[][] Frames)> Received { get; } = [];

    /// <summary>For whom each connection may speak, in the order in which they were let in.</summary>
    public ConcurrentQueue<AuthorisedNames?> Names { get; } = [];

    /// <summary>Of each connection, in the same order.</summary>
    public ConcurrentQueue<PackedFlow> Flows { get; } = [];

    public ConcurrentQueue<string> Lost { get; } = [];

    /// <summary>How the lost ones ended.</summary>
    public ConcurrentDictionary<string, AcceptedEnd> Ends { get; } = [];

    /// <summary>Called before the router is told of an inner door.</summary>
    public Action<InnerDoor>? OnInnerDoor { get; set; }

    public IPEndPoint EndPoint => IPEndPoint.Parse(_door.Address["tcp://".Length..]);

    public string Address => _door.Address;

    /// <param name="isSilent">Receives and answers nothing.</param>
    public static async Task<EchoDoor> OpenAsync(FrontDoorSettings? settings = null, bool isSilent = false)
    {
        var echo = new EchoDoor(settings ?? Defaults, isSilent);
        echo._thread.Start();
        await echo._door.StartAsync();
        return echo;
    }

    public long Count(ConnectionFault fault) => Counters.Read().GetValueOrDefault(fault.ToString());

    /// <summary>Lets the loop stand still until the gate opens; returns when it does.</summary>
    public Task BlockAsync(ManualResetEventSlim gate)
    {
        var standing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _queue.Post(() =>
        {
            standing.SetResult();
            gate.Wait();
        });
        return standing.Task;
    }

    /// <summary>Sends to a connection that has sent before.</summary>
    public void Send(string connection, byte[] frame) => _queue.Post(() => _router.Send(connection, [frame]));

    /// <summary>As the other, and returns when the router has taken it, or has found the connection lost.</summary>
    public Task SendAsync(string connection, byte[] frame)
    {
        var sent = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _queue.Post(() =>
        {
            _router.Send(connection, [frame]);
            sent.SetResult();
        });
        return sent.Task;
    }

    public async ValueTask DisposeAsync()
    {
        _door.BeginStop();
        _poller.Stop();
        _thread.Join();
        _poller.Dispose();
        _router.Dispose();
        await _door.StopAsync();
        _door.Dispose();
        _queue.Dispose();
    }

    private void Run(Action action)
    {
        action();
        _router.Flush();
    }
}
