using Gateway.Store.State;

namespace Gateway.Tests.Simulation.Takeovers;

/// <summary>The processes that share the store of one gateway, of which one at a time holds it.</summary>
internal sealed class SimulatedPair(string store, SimulatedDatabase database)
{
    private readonly Dictionary<SimulatedGateway, ExecutedGroup> _inDoubt = [];
    private readonly HashSet<string> _found = [];

    public SimulatedDatabase Database => database;

    public SimulatedRow Row { get; } = database.RowOf(store);

    public List<SimulatedGateway> Processes { get; } = [];

    /// <summary>How often either of them was started.</summary>
    public int Runs { get; set; }

    /// <summary>The one that has opened the store last.</summary>
    public SimulatedGateway Active => Processes.MaxBy(process => process.Runs)!;

    /// <summary>A process commits these commands, and does not know yet whether that is done.</summary>
    public void Begin(SimulatedGateway process, ExecutedGroup group) => _inDoubt[process] = group;

    /// <summary>The process knows now that its group is durable.</summary>
    /// <returns>False if the one that has taken over since has found it.</returns>
    public bool TryEnd(SimulatedGateway process, ExecutedGroup group)
    {
        if (_inDoubt.Remove(process)) return true;
        return _found.Contains(group.Mark) ? false : throw new SimulationException(
            $"{process.Name} is told that a group is durable, and whoever has taken over from it has not found that");
    }

    /// <summary>A process has opened the store. What nobody knew is decided: only the last group can be one in doubt.</summary>
    /// <param name="mark">The last group that the store has.</param>
    public void Settle(string? mark, StoreState state, Action<ExecutedGroup, StoreState> enter)
    {
        foreach (var group in _inDoubt.Values.Where(group => group.Mark == mark))
        {
            _found.Add(group.Mark);
            enter(group, state);
        }

        _inDoubt.Clear();
    }
}
