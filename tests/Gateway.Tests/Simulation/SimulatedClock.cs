namespace Gateway.Tests.Simulation;

/// <summary>
/// The one true time of a simulation, which the gateways' wall clocks follow or not. It moves when the scheduler says so.
/// </summary>
internal sealed class SimulatedClock
{
    public DateTimeOffset Now { get; private set; } = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public void Advance(TimeSpan by) => Now += by;
}
