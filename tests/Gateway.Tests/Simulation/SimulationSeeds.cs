using System.Globalization;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Simulation;

/// <summary>
/// Runs many seeds in parts, and says of each that fails how to see it again. GATEWAY_SIMULATION_FIRST is the first seed (0);
/// tests/simulate.sh runs many.
/// </summary>
internal static class SimulationSeeds
{
    private const int PartsCount = 8;

    public static TheoryData<int> Parts => [.. Enumerable.Range(0, PartsCount)];

    public static void Run(string variable, int usual, int part, bool hasDisks, ITestOutputHelper output) => Run(
        variable, usual, part, hasDisks ? "OnDisks" : "InMemory", (seed, occurrences) =>
            new SimulatedWorld(seed, hasDisks, occurrences).Run(), output);

    /// <param name="replay">The test that replays one seed.</param>
    public static void Run(
        string variable, int usual, int part, string replay, Action<int, Occurrences> run, ITestOutputHelper output)
    {
        var count = FromEnvironment(variable, usual) / PartsCount;
        var first = FromEnvironment("GATEWAY_SIMULATION_FIRST", 0) + (part * count);
        var occurrences = new Occurrences();

        var faults = new List<string>();
        foreach (var seed in Enumerable.Range(first, count))
        {
            if (Fault(seed, replay, run, occurrences) is not { } fault) continue;
            faults.Add(fault);
            output.WriteLine(fault);
        }

        output.WriteLine(occurrences.ToString());
        string.Join(Environment.NewLine, faults).ShouldBe("");
    }

    /// <summary>The seed of the environment to replay alone; null if there is none.</summary>
    public static int? ToReplay => Environment.GetEnvironmentVariable("GATEWAY_SIMULATION_SEED") is
    { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;

    private static string? Fault(int seed, string replay, Action<int, Occurrences> run, Occurrences occurrences)
    {
        try
        {
            run(seed, occurrences);
            return null;
        }
        catch (Exception e) when (e is SimulationException
            or InvariantException or InvalidOperationException or KeyNotFoundException or NullReferenceException or ArgumentException)
        {
            return $"seed {seed}: {e.GetType().Name}: {e.Message} Replay: GATEWAY_SIMULATION_SEED={seed} dotnet test --project "
                + $"tests/Gateway.Tests -c Release --filter-method '*.SimulationReplayTests.{replay}'";
        }
    }

    private static int FromEnvironment(string name, int usual) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : usual;
}
