using Xunit;

namespace Gateway.Tests.Simulation;

/// <summary>Many worlds of programs with plain sockets: 1,600, or as many as GATEWAY_SIMULATION_PROGRAM_SEEDS says.</summary>
[Kind(Kind.Slow)]
public sealed class ProgramSimulationTests(ITestOutputHelper output)
{
    public static TheoryData<int> Parts => SimulationSeeds.Parts;

    [Theory]
    [MemberData(nameof(Parts))]
    public void ManySeeds_KeepThePromises(int part) => SimulationSeeds.Run(
        "GATEWAY_SIMULATION_PROGRAM_SEEDS", usual: 1600, part, "Programs", (seed, occurrences) =>
            new ProgramWorld(seed, occurrences).Run(), output);
}
