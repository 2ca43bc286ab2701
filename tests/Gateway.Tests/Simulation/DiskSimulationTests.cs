using Shouldly;
using Xunit;

namespace Gateway.Tests.Simulation;

/// <summary>
/// Many worlds on LiteDB's files on simulated disks: as many as take about as long as those in memory, or as GATEWAY_SIMULATION_DISK_SEEDS
/// says.
/// </summary>
[Kind(Kind.Slow)]
public sealed class DiskSimulationTests(ITestOutputHelper output)
{
    public static TheoryData<int> Parts => SimulationSeeds.Parts;

    [Theory]
    [MemberData(nameof(Parts))]
    public void ManySeeds_KeepThePromises(int part) =>
        SimulationSeeds.Run("GATEWAY_SIMULATION_DISK_SEEDS", usual: 160, part, hasDisks: true, output);

    /// <summary>LiteDB has a thread of its own, which must not decide anything.</summary>
    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public void OneSeed_MakesOneWorld(int seed)
    {
        var (first, second) = (new Occurrences(), new Occurrences());

        new SimulatedWorld(seed, hasDisks: true, first).Run();
        new SimulatedWorld(seed, hasDisks: true, second).Run();

        second.Counts.ShouldBe(first.Counts);
    }
}
