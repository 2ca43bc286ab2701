using Gateway.Store.Records;

namespace Gateway.Tests.Simulation.Takeovers;

/// <summary>A process that waits for a store, as the store's thread does; in a world of one thread it asks again later.</summary>
internal sealed class SimulatedStandby : IStandby
{
    private bool _standsBy;

    public bool WasCutOff { get; private set; }

    public bool WaitFor(string holder, TimeSpan lease)
    {
        (WasCutOff, _standsBy) = (false, true);
        return false;
    }

    /// <summary>The database could not be reached.</summary>
    public void OnUnavailable() => WasCutOff = _standsBy;

    /// <summary>The process holds the store, or has ended.</summary>
    public void Reset() => (WasCutOff, _standsBy) = (false, false);
}
