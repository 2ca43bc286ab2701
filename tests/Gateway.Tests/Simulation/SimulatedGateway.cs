using Gateway.Client.Wire;
using Gateway.Intake;
using Gateway.Links;
using Gateway.Management;
using Gateway.Store;
using Gateway.Store.Commands;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Tests.Simulation;

/// <summary>
/// One gateway: the production core on the production store, on blocks in memory. Between a command's submission, its durability and its completion lies as much as the
/// scheduler likes, a crash included.
/// </summary>
internal sealed class SimulatedGateway(string name, SimulationProfile profile, SimulatedClock clock, SimulatedNetwork network, Ledger ledger, Random random)
{
    private readonly MemoryBlockStore _blocks = new();
    private readonly Queue<StoreCommand> _submitted = [];
    private readonly Queue<StoreCommand> _executed = [];
    private MessageStore? _store;
    private GatewayCore? _core;
    private LoopClock? _loopClock;

    public string Name => name;

    public bool IsRunning => _core is not null;

    /// <summary>Applications and peers can connect.</summary>
    public bool IsListening { get; private set; }

    /// <summary>Nothing waits for the store, and the store holds no message.</summary>
    public bool IsEmpty => _submitted.Count == 0 && _executed.Count == 0 && State.Queues.All(queue => queue.Messages == 0);

    public StoreState State => _store?.State ?? throw new SimulationException($"{name} is not running");

    public bool IsDrained => _core is { IsDrained: true };

    public IReadOnlyList<AuditEntry> Audit => _core!.Management.Audit;

    /// <summary>An operator does something.</summary>
    public void Manage(Action<ManagementCore> act) => Event(() => act(_core!.Management));

    public void Start()
    {
        _store = MessageStore.Open(_blocks, new StoreSettings { SnapshotGroups = profile.SnapshotGroups }, NewGuid());
        _loopClock = new LoopClock();
        _loopClock.Advance(clock.Now);
        var dialers = Peers.ToDictionary(peer => peer, peer => new SimulatedDialer(this, network, peer));
        _core = new GatewayCore(
            new GatewayIdentity(name, _store.StoreId, NewGuid(), clock.Now.ToUnixTimeMilliseconds()),
            new GatewaySettings(new IntakeSettings { Limits = new WireLimits() }, profile.Links, profile.Inbox, Peers, SimulatedRoutes.For(profile)),
            _loopClock,
            _submitted.Enqueue,
            peer => dialers[peer],
            random,
            NoTelemetry.Instance,
            NullLoggerFactory.Instance);
        foreach (var (peer, dialer) in dialers) dialer.Link = _core.Outgoing[peer];
        _core.Start(() => IsListening = true);
    }

    /// <summary>Everything in memory is gone; what was committed stays.</summary>
    public void Crash()
    {
        _core = null;
        _store = null;
        IsListening = false;
        _submitted.Clear();
        _executed.Clear();
        network.OnCrashed(this);
    }

    /// <summary>Says goodbye and stops; the store takes what waits.</summary>
    public void Stop()
    {
        Event(() =>
        {
            _core!.CloseIntake();
            _core.SayGoodbye();
        });
        ExecuteSome(int.MaxValue);
        _store!.Close();
        Crash();
    }

    /// <summary>Runs an action as the loop would: with the time taken before.</summary>
    public void Event(Action action)
    {
        if (_core is null) return;
        _loopClock!.Advance(clock.Now);
        action();
    }

    public void Tick() => Event(() => _core!.Tick());

    public void OnClientFrames(string connection, Request request, Action<Reply> send) =>
        Event(() => _core!.OnClientFrames(connection, RequestCodec.Encode(request).Select(frame => frame.ToArray()).ToList(), send));

    public void OnClientLost(string connection) => Event(() => _core!.OnClientLost(connection));

    public void OnPeerFrame(string connection, byte[] frame, Action<LinkFrame> send) => Event(() => _core!.OnPeerFrame(connection, frame, null, send));

    public void OnPeerLost(string connection, LinkCause cause, string evidence) => Event(() => _core!.OnPeerLost(connection, cause, evidence));

    /// <summary>The store commits some of what waits as one group.</summary>
    public void ExecuteSome(int max)
    {
        var group = new List<StoreCommand>();
        while (group.Count < max && _submitted.TryDequeue(out var command)) group.Add(command);
        if (group.Count == 0 || _store is null) return;
        var letters = group.OfType<OperatorCommand>().Where(command => command.Queue is null).Any() ? State.DeadLetters.ToDictionary(letter => letter.Number) : [];
        _store.Execute(group);
        _store.Maintain();
        foreach (var command in group)
        {
            _executed.Enqueue(command);
            if (command is OperatorCommand act) Enter(act, letters);
            var placed = command is EnqueueCommand enqueue ? enqueue.Placed : command is StoreInboundCommand inbound ? inbound.Placed : [];
            foreach (var one in placed) ledger.Placed(name, one);
        }
    }

    private void Enter(OperatorCommand act, Dictionary<long, DeadLetter> letters)
    {
        for (var i = 0; i < act.Changed.Count; i++)
        {
            var (queue, number) = act.Queue is { } id ? (id, act.Changed[i]) : (letters[act.Changed[i]].Queue, letters[act.Changed[i]].MessageNumber);
            if (act is PurgeCommand) ledger.Removed(name, queue, number);
            else if (act is RedirectCommand && act.Placed[i].Queue == queue) ledger.Returned(name, queue, number, act.Placed[i]);
            else if (act is RedirectCommand) ledger.Redirected(name, queue, number, act.Placed[i]);
        }
    }

    /// <summary>The loop learns of some of what the store has done.</summary>
    public void CompleteSome(int max)
    {
        var done = new List<StoreCommand>();
        while (done.Count < max && _executed.TryDequeue(out var command)) done.Add(command);
        if (done.Count > 0) Event(() => _core!.OnExecuted(done));
    }

    /// <summary>What still waits here, for people.</summary>
    public string Describe() => string.Join(
        ", ",
        State.Queues.Where(queue => queue.Messages > 0).Select(queue => $"{queue.Messages} in {queue.Id}").Concat(_core!.Outgoing.Values.Select(link => $"link to {link.PeerName} {link.Status.State} ({link.Status.Cause}: {link.Status.Evidence})")));

    private HashSet<string> Peers => profile.Gateways.Where(other => other != name).ToHashSet();

    private Guid NewGuid()
    {
        Span<byte> bytes = stackalloc byte[16];
        random.NextBytes(bytes);
        return new Guid(bytes);
    }
}
