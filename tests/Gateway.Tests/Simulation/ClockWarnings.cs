using Gateway.Links.Causes;

namespace Gateway.Tests.Simulation;

/// <summary>At rest, each link that is up warns of a peer's clock that differs, and of no other.</summary>
internal static class ClockWarnings
{
    /// <summary>The difference without a warning from which one must be there: 30 s, and the time of an answer on its way.</summary>
    private static readonly TimeSpan _unwarnedMost = TimeSpan.FromSeconds(32);

    /// <summary>The difference below which a warning must have ended: 25 s, less the time of an answer on its way.</summary>
    private static readonly TimeSpan _warnedLeast = TimeSpan.FromSeconds(23);

    public static void Check(SimulatedGateway gateway, SimulatedNetwork network, Occurrences occurrences)
    {
        foreach (var (peer, link) in gateway.Outgoing.Where(link => link.Value.Status.State == LinkState.Up))
        {
            var ahead = network[peer].ClockIsAhead - gateway.ClockIsAhead;
            if (link.Warning.Length > 0) occurrences.Count("warning: ClockSkew");
            if (link.Warning.Length > 0 ? ahead.Duration() < _warnedLeast : ahead.Duration() > _unwarnedMost) throw new SimulationException(
                $"the clock of {peer} is {ahead} ahead of that of {gateway.Name}, whose link says '{link.Warning}'");
        }
    }
}
