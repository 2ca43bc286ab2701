using Gateway.Store.Holding;

namespace Gateway.Tests.Simulation.Takeovers;

/// <summary>The simulated database, or the way to it, refuses.</summary>
internal sealed class SimulatedDatabaseException(HoldFault fault, string message) : Exception(message)
{
    public HoldFault Fault => fault;
}
