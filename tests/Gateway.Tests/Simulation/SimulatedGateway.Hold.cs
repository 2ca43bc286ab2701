using Gateway.Store;
using Gateway.Store.Disk.Files;
using Gateway.Store.Disk.Log;
using Gateway.Store.Holding;
using Gateway.Store.Records;
using Gateway.Tests.Simulation.Takeovers;

namespace Gateway.Tests.Simulation;

/// <summary>
/// The store as it is opened, in a database as well: one of two processes holds it, may stand still at any of its steps, and learns that
/// it was displaced.
/// </summary>
internal sealed partial class SimulatedGateway : ISimulatedThread
{
    private readonly SimulatedStandby _standby = new();
    private readonly List<string> _lostWhileFrozen = [];
    private SimulatedHoldServer? _holding;
    private HoldTrouble _trouble;
    private int _troubleIn;

    /// <summary>The thread of its store is at work, while the rest of the world goes on.</summary>
    public bool IsBusy { get; private set; }

    /// <summary>There is another process of the gateway.</summary>
    public bool HasTwin => pair is not null;

    /// <summary>Another process has opened the store since.</summary>
    public bool IsDisplaced => _holding is { IsDisplaced: true };

    /// <summary>Of the processes of the gateway it has opened the store last.</summary>
    public bool IsActive => pair is null || pair.Active == this;

    /// <summary>The process to which somebody connects who knows the addresses of all.</summary>
    public SimulatedGateway ToConnect() => network.AnyOf(this);

    /// <summary>Something befalls the thread of the store, after so many steps with the database.</summary>
    public void Arm(HoldTrouble trouble, int steps) => (_trouble, _troubleIn) = (trouble, steps);

    public void Disarm() => _trouble = HoldTrouble.None;

    public void OnClientLost(string connection)
    {
        _applications.Remove(connection);
        if (HasTwin && IsFrozen) _lostWhileFrozen.Add(connection);
        else Event(() => _core!.OnClientLost(connection));
    }

    HoldTrouble ISimulatedThread.NextTrouble()
    {
        if (_trouble == HoldTrouble.None || _troubleIn-- > 0) return HoldTrouble.None;
        var now = _trouble;
        Disarm();
        network.Occurrences.Count($"at the database: {now}");
        return now;
    }

    void ISimulatedThread.StandStill()
    {
        var time = random.NextDouble() * 2.5 * profile.HoldLease;
        var wasDisplaced = IsDisplaced;
        Freeze(time);
        pair!.Database.Meanwhile(time);
        Thaw();
        if (IsDisplaced && !wasDisplaced) network.Occurrences.Count("displaced while it stood still at a step");
    }

    /// <returns>The number of the run; null if another process holds the store, or the database is away.</returns>
    private long? TryOpen(Guid incarnation)
    {
        if (pair is null)
        {
            _store = OpenStore();
            return RunCount.Next(_store, incarnation);
        }

        IsBusy = true;
        try
        {
            _store = OpenStore();
            return RunCount.Next(_store, incarnation);
        }
        catch (StoreInUseException)
        {
            // It asks again later.
        }
        catch (StoreUnavailableException)
        {
            _standby.OnUnavailable();
        }
        catch (StoreFailedException failed)
        {
            RequireEnd(failed);
            _standby.Reset();
            Crash(losesPower: false);
        }
        finally
        {
            IsBusy = false;
        }

        return null;
    }

    private MessageStore OpenHeld(SimulatedPair shared)
    {
        var former = shared.Row.Opener;
        _holding = new SimulatedHoldServer(shared.Database, shared.Row, new HoldSettings(Label, profile.HoldLease, profile.OutageMax)
        { Self = $"process {shared.Processes.IndexOf(this) + 1}" }, this);
        var blocks = HeldMemoryBlocks.Open(_holding, _standby);
        _standby.Reset();
        ledger.TakenOver(Label);
        if (former is not null && shared.Active != this) network.Occurrences.Count("takeovers");
        if (shared.Processes.Any(other => other != this && other.IsRunning))
            network.Occurrences.Count("takeovers from a process that lives");
        var store = MessageStore.Open(blocks, profile.Store, NewGuid());
        shared.Settle(
            store.State.Marks.GetValueOrDefault(GroupMark), store.State, (group, state) => group.Enter(ledger, Label, state, profile));
        return store;
    }

    private void Begin(ExecutedGroup group)
    {
        if (pair is null) _inDoubt = group;
        else pair.Begin(this, group);
    }

    /// <returns>False if whoever took over has found the group already.</returns>
    private bool TryEnd(ExecutedGroup group)
    {
        _inDoubt = null;
        return pair is null || pair.TryEnd(this, group);
    }

    /// <summary>A process whose disk or database fails must not go on.</summary>
    private bool TryDisk(Action action)
    {
        IsBusy = HasTwin;
        try
        {
            action();
            return true;
        }
        catch (StoreFailedException failed) when (Storage.HasDisk || HasTwin)
        {
            if (HasTwin) RequireEnd(failed);
            else RequireFault(failed);
            Crash(losesPower: !HasTwin && random.Next(2) == 0);
            return false;
        }
        finally
        {
            IsBusy = false;
        }
    }

    /// <summary>A store ends when its disk fails, and not because it has no room.</summary>
    private void RequireFault(StoreFailedException failed)
    {
        if (profile.HasLimits && !Storage.Fails) throw new SimulationException(
            $"the store of {Label} ended although its disk did not fail, at its limit of {Storage.Limit}: {failed.Message}");
    }

    /// <summary>A process ends when another one has its store, or when the database was away for long; and says which.</summary>
    private void RequireEnd(StoreFailedException failed)
    {
        var holding = _holding!;
        if (holding.IsDisplaced && failed.Message.Contains("was taken over by another gateway", StringComparison.Ordinal))
        {
            network.Occurrences.Count("ended: displaced");
            return;
        }

        if (clock.Now - holding.LastAnswer < profile.OutageMax || !failed.Message.Contains("has been away for", StringComparison.Ordinal))
            throw new SimulationException($"{Name} ended, although nobody else has its store: {failed.Message}");
        network.Occurrences.Count("ended: database away");
    }

    /// <summary>What happened to its connections while it stood still.</summary>
    private void LearnWhatIsLost()
    {
        foreach (var connection in _lostWhileFrozen) Event(() => _core!.OnClientLost(connection));
        _lostWhileFrozen.Clear();
    }
}
