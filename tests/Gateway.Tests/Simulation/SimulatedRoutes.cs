namespace Gateway.Tests.Simulation;

/// <summary>The one route of every simulated gateway: a copy to each gateway of the world.</summary>
internal static class SimulatedRoutes
{
    public const string Everywhere = "everywhere";

    public static IReadOnlyDictionary<string, IReadOnlyList<string>> For(SimulationProfile profile) =>
        new Dictionary<string, IReadOnlyList<string>>
        {
            [Everywhere] = profile.Gateways.Select(gateway => $"copies@{gateway}").ToList(),
        };

    /// <summary>Where the copies of a message go.</summary>
    public static IReadOnlyList<Destination> Targets(SimulationProfile profile, string destination) =>
        destination == Everywhere
            ? profile.Gateways.Select(gateway => new Destination("copies", gateway)).ToList()
            : [new Destination(destination[..destination.IndexOf('@')], destination[(destination.IndexOf('@') + 1)..])];

    /// <summary>The destinations of producers at every gateway; on a copy none that would be another's by its name.</summary>
    public static IReadOnlyList<string> Destinations(SimulationProfile profile, bool isCopy) => isCopy
        ? [.. profile.Gateways.Where(gateway => gateway != profile.CopyOf).SelectMany(Queues)]
        : [.. profile.Gateways.SelectMany(Queues), Everywhere];

    private static string[] Queues(string gateway) => [$"orders@{gateway}", $"bills@{gateway}"];
}
