using Xunit;

namespace Gateway.Tests.Simulation;

/// <summary>Many worlds of standbys that take over: 1,600, or as many as GATEWAY_SIMULATION_TAKEOVER_SEEDS says.</summary>
[Kind(Kind.Slow)]
public sealed class TakeoverSimulationTests(ITestOutputHelper output)
{
    public static TheoryData<int> Parts => SimulationSeeds.Parts;

    [Theory]
    [MemberData(nameof(Parts))]
    public void ManySeeds_KeepThePromises(int part) => SimulationSeeds.Run(
        "GATEWAY_SIMULATION_TAKEOVER_SEEDS", usual: 1600, part, "Takeovers", (seed, occurrences) =>
            SimulatedWorld.OfTakeovers(seed, occurrences).Run(), output);
}
