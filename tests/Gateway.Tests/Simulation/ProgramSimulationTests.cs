using Xunit;

namespace Gateway.Tests.Simulation;

/// <summary>
/// Many worlds of programs with plain sockets: 1,600 with frames and as many with streams, or as many as GATEWAY_SIMULATION_PROGRAM_SEEDS
/// says.
/// </summary>
[Kind(Kind.Slow)]
public sealed class ProgramSimulationTests(ITestOutputHelper output)
{
    public static TheoryData<int> Parts => SimulationSeeds.Parts;

    [Theory]
    [MemberData(nameof(Parts))]
    public void ManySeeds_KeepThePromises(int part) => SimulationSeeds.Run(
        "GATEWAY_SIMULATION_PROGRAM_SEEDS", usual: 1600, part, "Programs", (seed, occurrences) =>
            new ProgramWorld(seed, occurrences).Run(), output);

    [Theory]
    [MemberData(nameof(Parts))]
    public void ManySeedsOfStreams_KeepThePromises(int part) => SimulationSeeds.Run(
        "GATEWAY_SIMULATION_PROGRAM_SEEDS", usual: 1600, part, "Streams", (seed, occurrences) =>
            new StreamWorld(seed, occurrences).Run(), output);
}
