using Xunit;

namespace Gateway.Tests.Simulation;

/// <summary>Many worlds on stores in memory: 2,400, or as many as GATEWAY_SIMULATION_SEEDS says.</summary>
[Kind(Kind.Slow)]
public sealed class SimulationTests(ITestOutputHelper output)
{
    public static TheoryData<int> Parts => SimulationSeeds.Parts;

    [Theory]
    [MemberData(nameof(Parts))]
    public void ManySeeds_KeepThePromises(int part) =>
        SimulationSeeds.Run("GATEWAY_SIMULATION_SEEDS", usual: 2400, part, hasDisks: false, output);
}
