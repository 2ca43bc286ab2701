using System.Globalization;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Simulation;

public sealed class SimulationTests(ITestOutputHelper output)
{
    private const int Cases = 8;

    /// <summary>More of them by GATEWAY_SIMULATION_SEEDS, as tests/soak.sh does.</summary>
    private static readonly int _seedsPerCase = int.Parse(Environment.GetEnvironmentVariable("GATEWAY_SIMULATION_SEEDS") ?? "2400", CultureInfo.InvariantCulture) / Cases;

    public static TheoryData<int> FirstSeeds => [.. Enumerable.Range(0, Cases).Select(part => part * _seedsPerCase)];

    /// <summary>A seed that fails is replayed alone by <see cref="OneSeed_KeepsThePromises"/>.</summary>
    [Theory]
    [MemberData(nameof(FirstSeeds))]
    public void ManySeeds_KeepThePromises(int first)
    {
        var occurrences = new Occurrences();
        var faults = Enumerable.Range(first, _seedsPerCase).Select(seed => Fault(seed, occurrences)).OfType<string>().ToList();

        output.WriteLine(occurrences.ToString());
        string.Join(Environment.NewLine, faults).ShouldBe("");
    }

    [Theory]
    [InlineData(1)]
    public void OneSeed_KeepsThePromises(int seed) => new SimulatedWorld(seed).Run();

    private static string? Fault(int seed, Occurrences occurrences)
    {
        try
        {
            new SimulatedWorld(seed, occurrences).Run();
            return null;
        }
        catch (Exception e) when (e is SimulationException or InvariantException or InvalidOperationException or KeyNotFoundException or NullReferenceException or ArgumentException)
        {
            return $"seed {seed}: {e.GetType().Name}: {e.Message} Replay: OneSeed_KeepsThePromises({seed}).";
        }
    }
}
