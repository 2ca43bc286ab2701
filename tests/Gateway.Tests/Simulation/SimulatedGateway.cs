using Gateway.Client.Wire;
using Gateway.Composition;
using Gateway.Inbox;
using Gateway.Intake;
using Gateway.Links;
using Gateway.Links.Protocol;
using Gateway.Links.Sending;
using Gateway.Management;
using Gateway.Store;
using Gateway.Store.Disk.Log;
using Gateway.Store.State;
using Gateway.Tcp;
using Gateway.Telemetry;
using Gateway.Tests.Management;
using Gateway.Tests.Simulation.Takeovers;
using Gateway.Tests.Store;
using Gateway.Tests.Tcp.Inlets;
using Gateway.Tests.Tcp.Outlets;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Tests.Simulation;

/// <summary>
/// One gateway: the production core on the production store, on the simulated storage. Between a command's submission, its durability and
/// its completion lies as much as the scheduler likes, a crash included.
/// </summary>
internal sealed partial class SimulatedGateway(
    string label, SimulationProfile profile, SimulatedClock clock, SimulatedNetwork network, Ledger ledger, Random random,
    SimulatedPair? pair = null)
{
    /// <summary>A note in each group on a disk, which tells after a failure whether the group was stored.</summary>
    private const string GroupMark = "simulation/group";

    /// <summary>Beyond the groups of the original, whose note it begins with.</summary>
    private const int FirstGroupOfCopy = 1_000_000;

    /// <summary>The scheduler lets it tick rarer than a loop would, which is not to count as a pause.</summary>
    private static readonly TimeSpan _restMax = TimeSpan.FromSeconds(1);

    private readonly SubmittedCommands _submitted = new() { CanBeTakenOver = pair is not null };
    private readonly Queue<StoreCommand> _executed = [];

    /// <summary>The commands for which the disk has no room.</summary>
    private IReadOnlyList<StoreCommand> _held = [];
    private IReadOnlyDictionary<string, SimulatedDialer> _dialers = new Dictionary<string, SimulatedDialer>();
    private ExecutedGroup? _inDoubt;
    private MessageStore? _store;
    private GatewayCore? _core;
    private LoopClock? _loopClock;
    private DateTimeOffset _frozenUntil;
    private DateTimeOffset _flushesUntil;
    private DateTimeOffset _started;
    private TimeSpan _stoodStill;
    private bool _wasDiskFull;
    private TickPlan? _plan;

    /// <summary>The name under which it last ran, and until when.</summary>
    private (string Name, DateTimeOffset At)? _ended;

    /// <summary>When something is due, as the core says, and since when it says so, or has done what was due.</summary>
    private (TimeSpan At, TimeSpan Since) _due;
    private int _lastGroup = label == SimulationProfile.CopyName || pair is { Processes.Count: > 0 } ? FirstGroupOfCopy : 0;

    /// <summary>By which the ledger knows it.</summary>
    public string Label { get; } = label;

    /// <summary>By which it is known to others.</summary>
    public string Name { get; private set; } = label;

    /// <summary>The programs with plain sockets around it; set before it starts, null for none.</summary>
    public ISimulatedPrograms? Programs { get; set; }

    public SimulatedStorage Storage { get; } = new(profile.HasDisks, profile.HasLimits, random);

    public bool IsRunning => _core is not null;

    /// <summary>How often it was started.</summary>
    public int Runs { get; private set; }

    /// <summary>Applications and peers can connect.</summary>
    public bool IsListening { get; private set; }

    /// <summary>It stops in an orderly way.</summary>
    public bool IsStopping { get; private set; }

    /// <summary>The process does nothing, although its host goes on.</summary>
    public bool IsFrozen => clock.Now < _frozenUntil;

    /// <summary>Its disk had no room, once at least.</summary>
    public bool WasDiskShort => _wasDiskFull;

    /// <summary>It may say that it has no room.</summary>
    public bool CanBeFull => _wasDiskFull || profile.HasSmallQueues || profile.HasFewQueues;

    /// <summary>Nothing waits for the store, and the store holds no message.</summary>
    public bool IsEmpty => IsRunning && !IsBusy && _submitted.Count == 0
        && _held.Count == 0 && _executed.Count == 0 && State.Queues.All(queue => queue.Messages == 0 || IsOriginals(queue.Id));

    public StoreState State => _store?.State ?? throw new SimulationException($"{Label} is not running");

    /// <summary>Something waits for the store.</summary>
    public bool HasSubmitted => _submitted.Count > 0;

    /// <summary>The loop waits for something from the store.</summary>
    public bool WaitsForStore => HasSubmitted || _executed.Count > 0 || _held.Count > 0 || IsBusy;

    /// <summary>Its inlets and outlets, while it runs.</summary>
    public ITcpStatus Tcp => _core!.Tcp;

    public bool IsDrained => _core is { IsDrained: true };

    public IReadOnlyList<AuditEntry> Audit => _core!.Management.Audit;

    /// <summary>
    /// It stays down when its disk fails; at a limit it opens, or waits for a right or for files to be as large as they are.
    /// </summary>
    public void Start()
    {
        if (pair is not null && (IsRunning || IsBusy)) return;
        long run;
        var incarnation = NewGuid();
        try
        {
            if (TryOpen(incarnation) is not { } opened) return;
            run = opened;
        }
        catch (StoreFailedException failed) when (pair is null)
        {
            if (Storage.Limit is not (DiskLimit.Folder or DiskLimit.FileBytes)) RequireFault(failed);
            Crash(losesPower: random.Next(2) == 0);
            return;
        }

        Runs = pair is null ? Runs + 1 : ++pair.Runs;
        _started = clock.Now;
        _stoodStill = default;
        _loopClock = new LoopClock();
        (_plan, _due) = (new TickPlan(_loopClock), (TimeSpan.MaxValue, default));
        AdvanceClock();
        _dialers = Peers.ToDictionary(peer => peer, peer => new SimulatedDialer(this, network, peer, clock));
        _core = new GatewayCore(
            new GatewayIdentity(Name, _store!.StoreId, incarnation, _loopClock.NowUnixMs, run),
            new GatewaySettings(new IntakeSettings { Limits = new WireLimits() }, profile.Links, profile.Inbox,
                Peers, SimulatedRoutes.For(profile, _members))
            { Tcp = Programs?.Settings ?? TcpSettings.None },
            _loopClock,
            _submitted,
            _dialers.ToDictionary(peer => peer.Key, ILinkConnection (peer) => peer.Value),
            new NoWayBack(),
            Programs?.Targets ?? new NoTargets(),
            Programs?.Doors ?? new NoDoors(),
            new QuietShell(),
            random,
            NoTelemetry.Instance,
            NullLoggerFactory.Instance);
        foreach (var (peer, dialer) in _dialers) dialer.Link = _core.Outgoing[peer];
        _core.Start(() =>
        {
            _core.Connect();
            IsListening = true;
        });
    }

    /// <summary>
    /// Everything in memory is gone; what is durable stays, and what was written without being flushed as well, unless the host has lost
    /// its power.
    /// </summary>
    public void Crash(bool losesPower)
    {
        if (IsRunning) _ended = (Name, clock.Now);
        _core = null;
        _store = null;
        ledger.Killed(Label);
        _paused.OnEnded();
        IsListening = IsStopping = false;
        _submitted.Clear();
        _executed.Clear();
        _held = [];
        _applications.Clear();
        _lostWhileFrozen.Clear();
        _peerConnections.Clear();
        Thaw();
        Programs?.OnGatewayEnded();
        _holding?.Abandon();
        Storage.OnEnded(losesPower);
        network.OnEnded(this);
    }

    /// <summary>Says goodbye and stops; the store takes what waits.</summary>
    public void Stop()
    {
        IsStopping = true;
        Event(() =>
        {
            _core!.CloseIntake();
            _core.SayGoodbye();
        });
        Thaw();
        ExecuteSome(int.MaxValue);
        if (IsRunning && !TryDisk(() => _store!.Close())) return;
        Crash(losesPower: false);
    }

    /// <summary>The process is not scheduled for a while, as on a host that swaps or is being moved.</summary>
    public void Freeze(TimeSpan time)
    {
        WasFrozen = true;
        _frozenUntil = clock.Now + time;
    }

    /// <summary>Once, at least; or the chance that chooses the next step has left it out for so long.</summary>
    public bool WasFrozen { get; private set; }

    /// <summary>The disk takes so long for the next flush: nothing becomes durable meanwhile.</summary>
    public void SlowFlush(TimeSpan time) => _flushesUntil = clock.Now + time;

    public void Thaw() => _frozenUntil = _flushesUntil = default;

    /// <summary>Somebody sets the wall clock of the host.</summary>
    public void JumpClock(TimeSpan by) => ClockIsAhead += by;

    /// <summary>The time by which its wall clock is ahead of the true one.</summary>
    public TimeSpan ClockIsAhead { get; private set; }

    public IReadOnlyDictionary<string, OutgoingLink> Outgoing => _core!.Outgoing;

    /// <summary>Its disk has no room any more, in one way or another; says which.</summary>
    public string FillDisk(bool letsDrain = false)
    {
        _wasDiskFull = true;
        if (profile.HasLimits) return $"disk at its limit of {Storage.Reach(letsDrain).ToString().ToLowerInvariant()}";
        Storage.FreeBytes = 0;
        return "disk full";
    }

    /// <summary>Runs an action as the loop would: with the time taken before, and a look at what is due after it.</summary>
    public void Event(Action action)
    {
        if (!TryRun(action)) return;
        _plan!.OnEvent();
        if (_plan.MayLook) _plan.OnLook(_core!.NextTick);
    }

    /// <summary>As in the loop, there is no tick before it is planned.</summary>
    public void Tick()
    {
        if (_core is null || IsFrozen) return;
        LearnWhatIsLost();
        if (Uptime < _plan!.Next) RequireNothingDue();
        else if (TryRun(Look)) _plan.OnTick(NoteDue());
    }

    public void OnClientFrames(string connection, Request request, IReplies replies)
    {
        _applications.Add(connection);
        Event(() => _core!.OnClientFrames(connection, RequestCodec.Encode(request).Select(frame => frame.ToArray()).ToList(), replies));
    }

    public void OnPeerFrame(string connection, byte[] frame, IProbeOutput output)
    {
        _peerConnections.Add(connection);
        Event(() => _core!.OnPeerFrame(connection, frame, null, output));
    }

    public void OnPeerLost(string connection, LinkCause cause, string evidence)
    {
        _peerConnections.Remove(connection);
        Event(() => _core!.OnPeerLost(connection, cause, evidence));
    }

    /// <summary>The store commits some of what waits as one group.</summary>
    public void ExecuteSome(int max)
    {
        if (_store is null || IsBusy || IsFrozen || clock.Now < _flushesUntil) return;
        var commands = new List<StoreCommand>(_held);
        while (commands.Count < max && _submitted.TryDequeue(out var command)) commands.Add(command);
        if (commands.Count == 0)
        {
            TryDisk(() => _store.Maintain());
            return;
        }

        var group = new ExecutedGroup($"{++_lastGroup}", commands, ExecutedGroup.LettersOf(commands, State));
        var answersPeers = pair is not null && group.AnswersPeers;
        if (!answersPeers && (Storage.HasDisk || pair is not null)) commands.Add(new MarkCommand(GroupMark, group.Mark, done: null));
        if (!answersPeers) Begin(group);
        if (!TryDisk(() => _held = _store.ExecuteWhatCan(commands))) return;
        var isNew = answersPeers || TryEnd(group);
        if (Storage.HasDisk) Storage.CheckBarrier();
        if (_held.Count > 0) group = group with { Commands = group.Commands.Except(_held).ToList() };
        if (isNew) group.Enter(ledger, Label, State, profile);
        foreach (var command in group.Commands) _executed.Enqueue(command);
        TryDisk(() => _store.Maintain());
    }

    /// <summary>The loop learns of some of what the store has done.</summary>
    public void CompleteSome(int max)
    {
        if (IsFrozen) return;
        var done = new List<StoreCommand>();
        while (done.Count < max && _executed.TryDequeue(out var command)) done.Add(command);
        if (done.Count > 0) Event(() => _core!.OnExecuted(done));
    }

    /// <summary>Everything that the store keeps agrees with everything else.</summary>
    public void CheckStore()
    {
        if (_store!.Check() is [var fault, ..]) throw new SimulationException($"the store of {Label}: {fault}");
    }

    /// <summary>The messages that still wait here, in words.</summary>
    public string Describe() => !IsRunning ? "is down" : string.Join(
        ", ",
        State.Queues.Where(queue => queue.Messages > 0).Select(
            queue => $"{queue.Messages} in {queue.Id}").Concat(_core!.Outgoing.Values.Select(
            link => $"link to {link.PeerName} {link.Status.State} ({link.Status.Cause}: {link.Status.Evidence})")));

    private HashSet<string> Peers => [.. Others.Where(other => other != Name && other != Label)];

    private IEnumerable<string> Others => profile.HasCopies ? profile.Gateways.Append(SimulationProfile.CopyName) : profile.Gateways;

    private TimeSpan Uptime => clock.Now - _started - _stoodStill;

    private void Look()
    {
        network.TellMoved(this, connection => _core!.OnPeerBytes(connection.Id), connection => connection.Dialer.Link!.OnBytes(1));
        _core!.Tick();
    }

    /// <returns>It still runs.</returns>
    private bool TryRun(Action action)
    {
        if (_core is null) return false;
        AdvanceClock();
        action();
        foreach (var dialer in _dialers.Values) dialer.CheckCause();
        if (_core is null) return false;
        if (_core.NextTick != _due.At) NoteDue();
        return true;
    }

    private TimeSpan NoteDue()
    {
        _due = (_core!.NextTick, _loopClock!.Uptime);
        return _due.At;
    }

    /// <summary>Requires that due acts are done in time, whatever happens meanwhile.</summary>
    private void RequireNothingDue()
    {
        var since = _due.At > _due.Since ? _due.At : _due.Since;
        if (Uptime - since > TickPlan.Precision)
            throw new SimulationException($"{Name} has had something to do for {Uptime - since}, and does not tick");
    }

    private void AdvanceClock()
    {
        var pause = _loopClock!.Advance(clock.Now + ClockIsAhead, clock.Now - _started, _restMax);
        _stoodStill += pause;
        WasFrozen |= pause > TimeSpan.Zero;
    }

    private Guid NewGuid()
    {
        Span<byte> bytes = stackalloc byte[16];
        random.NextBytes(bytes);
        return new Guid(bytes);
    }
}
