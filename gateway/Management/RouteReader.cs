using Gateway.Intake;
using Gateway.Store;
using Gateway.Store.Commands;
using Gateway.Store.Messages;

namespace Gateway.Management;

/// <summary>Reads the routes in force: what waits for each destination, and whether it is up. Owned by the loop.</summary>
internal sealed class RouteReader(Destinations destinations, IStoreInput store)
{
    /// <summary>Answers with the routes by name.</summary>
    public void Read(Action<IReadOnlyList<RouteSummary>> answer)
    {
        var routes = destinations.Routes.OrderBy(route => route.Key, StringComparer.Ordinal).ToList();
        var queues = routes.SelectMany(route => destinations.QueuesOf(route.Value)).Distinct().ToList();
        var waiting = new Dictionary<QueueId, long>();
        if (queues.Count == 0) answer([]);
        foreach (var queue in queues)
        {
            store.Submit(new FindQueueCommand(queue, found =>
            {
                waiting[queue] = found.Queue?.Messages ?? 0;
                if (waiting.Count == queues.Count) answer([.. routes.Select(route => Summarise(route.Key, route.Value, waiting))]);
            }));
        }
    }

    private RouteSummary Summarise(string queue, Route route, Dictionary<QueueId, long> waiting) => new(
        queue,
        route.Mode,
        route.Mode == RouteMode.Partition ? route.KeyHeader : "",
        [.. route.Destinations.Zip(destinations.QueuesOf(route),
            (destination, target) => new RouteTarget(destination, target, destinations.IsUp(target), waiting[target]))]);
}
