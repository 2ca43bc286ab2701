using Gateway.Client.Testing.Memory;
using Microsoft.Extensions.Logging;

namespace Gateway.Client.Testing;

/// <summary>
/// A gateway in memory, for the tests of an application. Its clients are the library itself, with its retries, leases, prefetch and
/// reconnections; only the gateway behind them is a stand-in, without disk and network. It keeps the contract of the real one, as far as
/// clients see it. Thread-safe.
/// </summary>
/// <remarks>
/// Time is that of the given <see cref="TimeProvider"/>. With one that the test moves, leases run out, delays end and calls time out when
/// the test says so; the time is then lived through in steps of at least 25 ms, in which clients renew their leases. A client that has
/// lost its connection, or was told to try again, waits for up to a second of that time.
/// </remarks>
public sealed class InMemoryGateway : IDisposable
{
    private readonly Dictionary<string, PeerInfo> _links;
    private readonly Queue<EnqueueFault> _faults = new();
    private readonly MemoryStore _store;
    private readonly MemoryWorld _world;
    private readonly TimeProvider _time;

    /// <summary>Makes a gateway that runs.</summary>
    /// <param name="options">The configuration; null for the defaults.</param>
    /// <param name="time">The clock; null for that of the system.</param>
    /// <exception cref="ArgumentException">The options are invalid; the message lists every fault.</exception>
    public InMemoryGateway(InMemoryGatewayOptions? options = null, TimeProvider? time = null)
    {
        var configuration = options ?? new InMemoryGatewayOptions();
        string[] faults = [.. configuration.Faults()];
        if (faults.Length > 0)
            throw new ArgumentException(string.Join(" ", faults), nameof(options));
        _time = time ?? TimeProvider.System;
        _links = configuration.Peers.ToDictionary(name => name, name => new PeerInfo(name, true, "", ""), StringComparer.Ordinal);
        _store = new MemoryStore(configuration);
        _world = new MemoryWorld(() => new MemoryRun(configuration, _store, _links, _faults), _time);
    }

    /// <summary>
    /// Why the gateway accepts no messages, for people: while it is not empty, Enqueue fails with <see cref="GatewayError.StoreFull"/>, and
    /// <see cref="GatewayClient.GetGatewayAsync"/> tells it. Default: empty.
    /// </summary>
    public string Obstacle
    {
        get => _world.Do(_ => _store.Obstacle);
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            _world.Do(_ => { _store.Obstacle = value; });
        }
    }

    /// <summary>The messages that the gateway has accepted so far, each once, in order, whatever became of them.</summary>
    public IReadOnlyList<EnqueuedMessage> Enqueued => _world.Do(_ => _store.Enqueued.ToArray());

    /// <summary>The dead letters of all queues, in order.</summary>
    public IReadOnlyList<DeadLetter> DeadLetters => _world.Do(_ => _store.DeadLetters.ToArray());

    /// <summary>
    /// Creates a client of this gateway, connected and with its clock. Dispose of it as of any other; with the gateway all its clients are
    /// disposed.
    /// </summary>
    /// <param name="options">The client's options, whose addresses are not used; null for the defaults.</param>
    /// <param name="logger">The client's logger; null for none.</param>
    public GatewayClient CreateClient(GatewayClientOptions? options = null, ILogger<GatewayClient>? logger = null) =>
        new(options ?? new GatewayClientOptions(), logger, _time, _world);

    /// <summary>The messages in a queue, in order, those with consumers included; empty for a queue that never had one.</summary>
    /// <param name="queue">A local queue, or <c>queue@peer</c>.</param>
    public IReadOnlyList<BrowsedMessage> MessagesIn(string queue)
    {
        ArgumentNullException.ThrowIfNull(queue);
        return _world.Do(_ => _store.Find(queue)?.Messages.Select(stored => stored.ToBrowsed()).ToArray() ?? []);
    }

    /// <summary>Waits until a queue is empty: each message is completed or a dead letter.</summary>
    /// <param name="queue">A local queue.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task WhenEmptyAsync(string queue, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(queue);
        var emptied = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        _world.Do(_ => _store.TellWhenEmpty(queue, emptied));
        using (cancellationToken.Register(() => emptied.TrySetCanceled(cancellationToken)))
            await emptied.Task.ConfigureAwait(false);
    }

    /// <summary>Does something else with the next Enqueues; after those of earlier calls of this method.</summary>
    /// <param name="fault">What it does.</param>
    /// <param name="times">The number of Enqueues, repetitions by the client included.</param>
    public void FailNextEnqueue(EnqueueFault fault, int times = 1)
    {
        if (!Enum.IsDefined(typeof(EnqueueFault), fault))
            throw new ArgumentOutOfRangeException(nameof(fault), fault, "There is no such fault.");
        ArgumentOutOfRangeException.ThrowIfLessThan(times, 1);
        _world.Do(_ =>
        {
            for (var i = 0; i < times; i++)
                _faults.Enqueue(fault);
        });
    }

    /// <summary>Sets the state of the link to a peer, at first up, and tells it the clients that have sent something there.</summary>
    /// <param name="link">The peer, one of the options, and its state.</param>
    public void SetLink(PeerInfo link)
    {
        ArgumentNullException.ThrowIfNull(link);
        _world.Do(_ =>
        {
            if (!_links.ContainsKey(link.Name))
                throw new ArgumentException($"'{link.Name}' is not among the peers of the options.", nameof(link));
            _links[link.Name] = link;
            _world.Act(run => run.OnLinkChanged(link));
        });
    }

    /// <summary>
    /// Breaks all connections. What consumers held is available again; clients connect again by themselves, and repeat unanswered calls.
    /// </summary>
    public void BreakConnections() => _world.Do(_ => _world.Act(run => run.BreakAll()));

    /// <summary>Stops and starts: connections break, leases end, and messages stay.</summary>
    public void Restart()
    {
        Stop();
        Start();
    }

    /// <summary>
    /// Ends it as a kill does, with everything that it keeps. Until <see cref="Start"/> nobody can connect, and calls wait. Does nothing if
    /// it does not run.
    /// </summary>
    public void Stop() => _world.Stop();

    /// <summary>Starts it again, with everything that it kept. Does nothing if it runs.</summary>
    public void Start() => _world.Start();

    /// <summary>It answers nothing more until <see cref="Thaw"/>, as a process that is suspended.</summary>
    public void Freeze() => _world.Freeze();

    /// <summary>It goes on, with what reached it meanwhile.</summary>
    public void Thaw() => _world.Thaw();

    /// <summary>Disposes of all its clients, and of what it keeps.</summary>
    public void Dispose() => _world.Dispose();
}
