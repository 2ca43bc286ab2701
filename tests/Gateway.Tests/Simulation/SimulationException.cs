namespace Gateway.Tests.Simulation;

/// <summary>The gateways broke a promise, or the simulation did not come to its end.</summary>
internal sealed class SimulationException(string what) : Exception(what);
