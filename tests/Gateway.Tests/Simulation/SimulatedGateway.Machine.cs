using Gateway.Composition;
using Gateway.Links.Protocol;
using Gateway.Store;
using Gateway.Tests.Store;

namespace Gateway.Tests.Simulation;

/// <summary>
/// The events of a gateway's host as a whole, as a virtual machine: a snapshot of its memory and its disk takes their place, and the
/// process goes on from there, in the same run, as if nothing had happened. It does not know that its connections are gone.
/// </summary>
internal sealed partial class SimulatedGateway
{
    private readonly HashSet<string> _applications = [];
    private readonly HashSet<string> _peerConnections = [];
    private static readonly TimeSpan _lately = TimeSpan.FromSeconds(10);
    private DateTimeOffset _setBackAt = DateTimeOffset.MinValue;
    private int _timesSetBack;

    /// <summary>How often its memory began anew, or was put back.</summary>
    public int Lives => Runs + _timesSetBack;

    /// <summary>Frames that it sent before, and has forgotten since, may still be on their way.</summary>
    public bool WasSetBackLately => clock.Now - _setBackAt < _lately;

    /// <summary>Null when there is nothing to come back to, or its disk fails.</summary>
    public MachineSnapshot? TakeSnapshot()
    {
        if (!IsListening || IsStopping) return null;
        var disk = Storage.TakeSnapshot();
        if (Storage.HasDisk && disk is null) return null;
        var copy = new MemoryCopy(type => type.Namespace?.StartsWith("Gateway.Tests", StringComparison.Ordinal) == true
            && type != typeof(MachineMemory) && type != typeof(MemoryBlockStore));
        if (disk is not null) copy.Replace(disk.Blocks, disk.BlocksThen);
        var memory = new MachineMemory(
            _core!, _store!, _loopClock!, _plan!, Storage.Memory, [.. _submitted], [.. _executed], [.. _held]);
        return new MachineSnapshot(
            copy.Of(memory), disk,
            ledger.Copy(Label), network.LivesOfAll(), clock.Now, _started, _stoodStill, Runs, _dialers,
            _dialers.ToDictionary(dialer => dialer.Key, dialer => dialer.Value.PeersRun), [.. _applications], [.. _peerConnections]);
    }

    /// <summary>The machine goes on from the snapshot, which is used up by that.</summary>
    public void SetBack(MachineSnapshot snapshot)
    {
        network.OnEnded(this);
        Thaw();
        IsStopping = false;
        var memory = snapshot.Memory;
        (_core, _store, _loopClock, _plan, _dialers) = (memory.Core, memory.Store, memory.Clock, memory.Plan, snapshot.Dialers);
        Storage.GoBack(memory.Blocks, snapshot.Disk);
        Refill(_submitted, memory.Submitted);
        Refill(_executed, memory.Executed);
        _held = memory.Held;
        (_started, _stoodStill) = (snapshot.Started + (clock.Now - snapshot.Taken), snapshot.StoodStill);
        _due = (TimeSpan.MaxValue, default);
        // Others see an incarnation that they have seen before, after another one.
        if (Runs != snapshot.Runs) Runs++;
        _timesSetBack++;
        _setBackAt = clock.Now;
        Histories++;
        HasTwoHistories = true;
        ledger.PutBack(Label, snapshot.Ledger, sender => IsStillInRun(sender, snapshot.Lives[sender]), isWithinRun: true);
        foreach (var (peer, dialer) in _dialers) dialer.GoOnWith(_core.Outgoing[peer], snapshot.PeersRuns[peer]);
        _applications.Clear();
        foreach (var connection in snapshot.Applications) Event(() => _core?.OnClientLost(connection));
        _peerConnections.Clear();
        foreach (var connection in snapshot.PeerConnections)
            Event(() => _core?.OnPeerLost(connection, LinkCause.ResetByPeer, "reset"));
    }

    private static void Refill(Queue<StoreCommand> queue, IReadOnlyList<StoreCommand> commands)
    {
        queue.Clear();
        foreach (var command in commands) queue.Enqueue(command);
    }
}

/// <summary>The memory of a process, and its disk.</summary>
internal sealed record MachineMemory(
    GatewayCore Core,
    MessageStore Store,
    LoopClock Clock,
    TickPlan Plan,
    MemoryBlockStore Blocks,
    StoreCommand[] Submitted,
    StoreCommand[] Executed,
    StoreCommand[] Held);

/// <summary>A machine as it was, with what the world around it knew of it then.</summary>
/// <param name="Lives">Of each gateway.</param>
/// <param name="PeersRuns">The run of each peer with which its links had last been up.</param>
/// <param name="Applications">Their connections.</param>
internal sealed record MachineSnapshot(
    MachineMemory Memory,
    DiskSnapshot? Disk,
    LedgerCopy Ledger,
    IReadOnlyDictionary<string, int> Lives,
    DateTimeOffset Taken,
    DateTimeOffset Started,
    TimeSpan StoodStill,
    int Runs,
    IReadOnlyDictionary<string, SimulatedDialer> Dialers,
    IReadOnlyDictionary<string, int> PeersRuns,
    IReadOnlyList<string> Applications,
    IReadOnlyList<string> PeerConnections);
