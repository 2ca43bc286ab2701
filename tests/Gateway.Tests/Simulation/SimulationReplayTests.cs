using Xunit;

namespace Gateway.Tests.Simulation;

/// <summary>One world, in which a debugger may look around: that of GATEWAY_SIMULATION_SEED, or any.</summary>
public sealed class SimulationReplayTests
{
    [Fact]
    public void InMemory() => new SimulatedWorld(SimulationSeeds.ToReplay ?? 1, hasDisks: false, new Occurrences()).Run();

    [Fact]
    public void OnDisks() => new SimulatedWorld(SimulationSeeds.ToReplay ?? 1, hasDisks: true, new Occurrences()).Run();

    [Fact]
    public void Takeovers() => SimulatedWorld.OfTakeovers(SimulationSeeds.ToReplay ?? 1, new Occurrences()).Run();

    [Fact]
    public void Programs() => new ProgramWorld(SimulationSeeds.ToReplay ?? 1, new Occurrences()).Run();

    [Fact]
    public void Streams() => new StreamWorld(SimulationSeeds.ToReplay ?? 1, new Occurrences()).Run();
}
