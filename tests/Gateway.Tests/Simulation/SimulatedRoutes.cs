using Gateway.Intake;
using Gateway.Store.Messages;

namespace Gateway.Tests.Simulation;

/// <summary>
/// The routes of every simulated gateway: a copy to each gateway of the world; and in worlds that spread, each message to one of those that
/// the list of the moment names, and each key.
/// </summary>
internal static class SimulatedRoutes
{
    public const string Everywhere = "everywhere";
    public const string Shared = "shared";
    public const string Parted = "parted";

    private static readonly string[] _spreadQueues = ["shares", "parts"];

    /// <param name="members">The gateways in the lists of those that spread.</param>
    public static IReadOnlyDictionary<string, Route> For(SimulationProfile profile, IReadOnlyList<string> members)
    {
        var routes = new Dictionary<string, Route> { [Everywhere] = new(At("copies", profile.Gateways)) };
        if (!profile.HasSpread) return routes;
        routes[Shared] = new Route(At("shares", members)) { Mode = RouteMode.Share };
        routes[Parted] = new Route(At("parts", members)) { Mode = RouteMode.Partition };
        foreach (var gateway in profile.Gateways)
        {
            var moved = SimulatedOperator.MovedFrom("parts", gateway);
            routes[moved] = new Route(At(moved, members)) { Mode = RouteMode.Partition };
        }

        return routes;
    }

    /// <summary>The queue at every gateway to which a route leads that spreads; null for other destinations.</summary>
    public static string? SpreadQueueOf(string destination) =>
        destination switch { Shared => "shares", Parted => "parts", _ => null };

    /// <summary>The queues of consumers, beside those of every world.</summary>
    public static IReadOnlyList<string> SpreadQueues(SimulationProfile profile) => profile.HasSpread ? _spreadQueues : [];

    /// <summary>Where the copies of a message go.</summary>
    public static IReadOnlyList<Destination> Targets(SimulationProfile profile, string destination) =>
        destination == Everywhere
            ? profile.Gateways.Select(gateway => new Destination("copies", gateway)).ToList()
            : [new Destination(destination[..destination.IndexOf('@')], destination[(destination.IndexOf('@') + 1)..])];

    /// <summary>The destinations of producers at every gateway; on a copy none that would be another's by its name.</summary>
    public static IReadOnlyList<string> Destinations(SimulationProfile profile, bool isCopy) => isCopy
        ? [.. profile.Gateways.Where(gateway => gateway != profile.CopyOf).SelectMany(Queues)]
        : [.. profile.Gateways.SelectMany(Queues), Everywhere, .. profile.HasSpread ? (string[])[Shared, Parted, Parted] : []];

    private static string[] Queues(string gateway) => [$"orders@{gateway}", $"bills@{gateway}"];

    private static List<string> At(string queue, IReadOnlyList<string> gateways) => [.. gateways.Select(gateway => $"{queue}@{gateway}")];
}
