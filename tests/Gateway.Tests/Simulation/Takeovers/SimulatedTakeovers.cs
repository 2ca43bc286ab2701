namespace Gateway.Tests.Simulation.Takeovers;

/// <summary>The events that let a standby take over, rightly or not, drawn at random.</summary>
internal sealed class SimulatedTakeovers(
    SimulationProfile profile, SimulatedDatabase database, Occurrences occurrences, Random random)
{
    /// <summary>A process makes about so many steps with the database between two faults.</summary>
    private const int StepsMax = 8;

    private static readonly HoldTrouble[] _troubles = Enum.GetValues<HoldTrouble>();

    /// <summary>The processes of a gateway that has a standby; null if it has none.</summary>
    public SimulatedPair? PairOf(string name) => profile.Standbys.Contains(name) ? new SimulatedPair(name, database) : null;

    /// <summary>Something happens to the gateway's process, or to the database.</summary>
    public void Fault(SimulatedGateway gateway)
    {
        switch (random.Next(10))
        {
            case 0:
                var most = random.Next(5) == 0 ? 2 * profile.OutageMax : profile.OutageMax / 4;
                database.Restart(random.NextDouble() * most);
                occurrences.Count("fault: database restarted");
                break;
            case 1 or 2:
                database.RowOf(gateway.Label).LoseLock();
                occurrences.Count("fault: lock lost");
                break;
            case 3 when gateway is { IsRunning: true, IsBusy: false }:
                gateway.Freeze(random.NextDouble() * 3 * profile.HoldLease);
                occurrences.Count("fault: gateway frozen");
                break;
            default:
                gateway.Arm(_troubles[random.Next(1, _troubles.Length)], random.Next(StepsMax));
                break;
        }
    }

    public void Heal() => database.Heal();
}
