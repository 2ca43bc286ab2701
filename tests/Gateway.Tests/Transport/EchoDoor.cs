using System.Collections.Concurrent;
using System.Net;
using Gateway.Links.Receiving;
using Gateway.Transport;
using Gateway.Transport.Accepting;
using Gateway.Transport.Zmtp;
using Microsoft.Extensions.Logging;

namespace Gateway.Tests.Transport;

/// <summary>
/// A real front door and a loop behind it, on a thread of its own, which sends back what it gets; and what has happened there.
/// </summary>
internal sealed class EchoDoor : IConversation, IAsyncDisposable
{
    public static readonly FrontDoorSettings Defaults = new(
        ConnectionsMax: 100,
        ConnectionsPerAddressMax: 100,
        HandshakeTimeout: TimeSpan.FromSeconds(20),
        new ConnectionPatience(TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(20)),
        new ZmtpLimits(["DEALER"], 1024 * 1024, 2 * 1024 * 1024, 10));

    private static readonly TimeSpan _idle = TimeSpan.FromMinutes(1);

    private readonly LoopTurns _turns = new(TimeProvider.System);
    private readonly LoopQueue _queue = new();
    private readonly Thread _thread;
    private readonly AcceptedConnections _accepted;
    private readonly FrontDoor _door;
    private readonly bool _isSilent;
    private readonly ConcurrentDictionary<string, AcceptedConnection> _connections = [];
    private volatile bool _isOver;

    private EchoDoor(FrontDoorSettings settings, bool isSilent, ConnectionMemory memory)
    {
        _isSilent = isSilent;
        _thread = new Thread(Run) { Name = "echo" };
        _accepted = new AcceptedConnections(this, memory, _turns, _queue);
        _door = new FrontDoor(
            "tcp://127.0.0.1:0", settings, _accepted, _queue, memory, Counters, TimeProvider.System,
                LoggerFactory.Create(logging => logging.AddProvider(Log)));
    }

    /// <summary>Whether a message makes its sender known.</summary>
    public Func<IReadOnlyList<byte[]>, bool> Knows { get; set; } = _ => true;

    /// <summary>Whether a message shows a token that is not known.</summary>
    public Func<IReadOnlyList<byte[]>, bool> Refuses { get; set; } = _ => false;

    public FrontDoorCounters Counters { get; } = new();

    public LogLines Log { get; } = new();

    public ConcurrentQueue<(string Connection, byte[][] Frames)> Received { get; } = [];

    /// <summary>For whom each connection may speak, in the order in which they first sent something.</summary>
    public ConcurrentQueue<AuthorisedNames?> Names { get; } = [];

    public ConcurrentQueue<string> Lost { get; } = [];

    /// <summary>How the lost ones ended.</summary>
    public ConcurrentDictionary<string, AcceptedEnd> Ends { get; } = [];

    public IPEndPoint EndPoint => IPEndPoint.Parse(_door.Address["tcp://".Length..]);

    public string Address => _door.Address;

    /// <param name="isSilent">Receives and answers nothing.</param>
    /// <param name="memory">The memory that all connections may hold.</param>
    public static async Task<EchoDoor> OpenAsync(FrontDoorSettings? settings = null, bool isSilent = false, ConnectionMemory? memory = null)
    {
        var echo = new EchoDoor(settings ?? Defaults, isSilent, memory ?? ConnectionMemory.OfProcess(messageBytesMax: 0));
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
    public void Send(string connection, byte[] frame) => _queue.Post(() => _connections[connection].Send([frame]));

    /// <summary>As the other, and returns when that is done.</summary>
    public Task SendAsync(string connection, byte[] frame)
    {
        var sent = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _queue.Post(() =>
        {
            _connections[connection].Send([frame]);
            sent.SetResult();
        });
        return sent.Task;
    }

    public bool OnMessage(AcceptedConnection connection, IReadOnlyList<byte[]> frames)
    {
        if (_connections.TryAdd(connection.Name, connection)) Names.Enqueue(connection.Names);
        Received.Enqueue((connection.Name, [.. frames]));
        if (!_isSilent) connection.Send([.. frames.Select(frame => (ReadOnlyMemory<byte>)frame)]);
        if (Refuses(frames)) connection.OnRefused();
        return Knows(frames);
    }

    public void OnLost(AcceptedConnection connection, AcceptedEnd end)
    {
        Ends[connection.Name] = end;
        Lost.Enqueue(connection.Name);
    }

    public async ValueTask DisposeAsync()
    {
        _door.BeginStop();
        _isOver = true;
        _queue.Post(() => { });
        _thread.Join();
        await _door.StopAsync();
        _door.Dispose();
    }

    private void Run()
    {
        while (!_isOver)
        {
            _queue.Wait(_idle);
            _queue.Drain(Handle, _turns);
        }
    }

    private void Handle(Action action)
    {
        action();
        _accepted.Flush();
    }
}
