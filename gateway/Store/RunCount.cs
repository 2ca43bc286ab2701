using Gateway.Store.Disk.Log;
using Gateway.Store.State;

namespace Gateway.Store;

/// <summary>
/// Records the runs of the gateway that owns a store, so that peers can distinguish a later run from an earlier one, and this history's
/// runs from those of a copy.
/// </summary>
internal static class RunCount
{
    /// <summary>
    /// Records a new run and returns its number. It is durable on return: no later run gets the same number. Called once in each run,
    /// before the run communicates with anyone.
    /// </summary>
    /// <exception cref="StoreFailedException">The store cannot record it; the process must stop.</exception>
    public static long Next(MessageStore store, Guid incarnation)
    {
        var runs = RunList.Parse(store.State.Marks.GetValueOrDefault(MarkNames.Runs));
        runs = runs.With(new StoreRun(runs.LastNumber + 1, incarnation, store.LastGroup + 1));
        store.Execute([new MarkCommand(MarkNames.Runs, runs.ToNote(), done: null)]);
        return runs.LastNumber;
    }
}
