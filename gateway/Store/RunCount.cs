using System.Globalization;
using Gateway.Store.Commands;

namespace Gateway.Store;

/// <summary>Counts the runs of the gateway that owns a store, so that peers can tell a later run from a former one. Clocks cannot: they are set back.</summary>
internal static class RunCount
{
    /// <summary>Counts one run more and gives its number, which is durable then: no later run is given it again. Called once in each run, before anybody hears of it.</summary>
    /// <exception cref="StoreFailedException">The store cannot keep it; the process must stop.</exception>
    public static long Next(MessageStore store)
    {
        _ = long.TryParse(store.State.Marks.GetValueOrDefault(MarkNames.Runs), CultureInfo.InvariantCulture, out var last);
        store.Execute([new MarkCommand(MarkNames.Runs, (last + 1).ToString(CultureInfo.InvariantCulture), done: null)]);
        return last + 1;
    }
}
