using Gateway.Store.Disk;

namespace Gateway.Store;

/// <summary>
/// Enters the runs of the gateway that owns a store, so that peers can tell a later run from a former one, and the runs of this history
/// from those of a copy.
/// </summary>
internal static class RunCount
{
    /// <summary>
    /// Enters one run more and gives its number, which is durable then: no later run is given it again. Called once in each run, before
    /// anybody hears of it.
    /// </summary>
    /// <exception cref="StoreFailedException">The store cannot keep it; the process must stop.</exception>
    public static long Next(MessageStore store, Guid incarnation)
    {
        var runs = RunList.Parse(store.State.Marks.GetValueOrDefault(MarkNames.Runs));
        runs = runs.With(new StoreRun(runs.LastNumber + 1, incarnation, store.LastGroup + 1));
        store.Execute([new MarkCommand(MarkNames.Runs, runs.ToNote(), done: null)]);
        return runs.LastNumber;
    }
}
