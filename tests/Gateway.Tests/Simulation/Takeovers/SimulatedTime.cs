namespace Gateway.Tests.Simulation.Takeovers;

/// <summary>The time of the simulation, for production code.</summary>
internal sealed class SimulatedTime(SimulatedClock clock) : TimeProvider
{
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => clock.Now.UtcTicks;

    public override DateTimeOffset GetUtcNow() => clock.Now;
}
