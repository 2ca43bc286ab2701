namespace Gateway.Tests.Simulation;

/// <summary>The faults of the network and of hosts, drawn at random.</summary>
internal sealed class SimulatedFaults(SimulationProfile profile, SimulatedNetwork network, Occurrences occurrences, Random random)
{
    /// <summary>The furthest that a clock is set at once.</summary>
    private const int ClockJumpMaxMs = 60_000;

    /// <summary>The sum of all settings of clocks, in either direction.</summary>
    public TimeSpan ClockJumps { get; private set; }

    /// <summary>Something happens to the paths or connections of the gateway, or of any.</summary>
    public void OfNetwork(IReadOnlyList<SimulatedGateway> gateways, SimulatedGateway gateway)
    {
        var other = gateways[random.Next(gateways.Count)];
        switch (random.Next(14))
        {
            case 12 or 13:
                network.Slow(gateway.Name, other.Name, random.Next(1_000, 10_000));
                occurrences.Count("fault: line slow");
                break;
            case 0 or 1 or 2:
                var path = (PathState)random.Next(4);
                network.SetPath(gateway.Name, other.Name, path);
                if (path != PathState.Open) occurrences.Count($"fault: path {path.ToString().ToLowerInvariant()}");
                break;
            case 3:
                network.Isolate(gateway.Name, (PathState)random.Next(1, 4));
                occurrences.Count("fault: partition");
                break;
            case 4:
                network.Delay(gateway.Name, other.Name, TimeSpan.FromMilliseconds(random.Next(1500)));
                occurrences.Count("fault: path slow");
                break;
            case 5 or 6:
                network.OpenAllPaths();
                break;
            case 7:
                network.HalfOpenOne();
                break;
            case 8 or 9 or 10 when profile.LosesFrames:
                network.LoseFrame();
                break;
            default:
                network.BreakOne();
                break;
        }
    }

    /// <summary>Something happens to the disk or the clock of the gateway's host.</summary>
    public void OfHost(SimulatedGateway gateway)
    {
        switch (random.Next(6))
        {
            case 0:
                gateway.SlowFlush(TimeSpan.FromMilliseconds(random.Next(3000)));
                occurrences.Count("fault: flush slow");
                break;
            case 1:
                occurrences.Count($"fault: {gateway.FillDisk()}");
                break;
            case 2:
                if (profile.HasLimits) gateway.Storage.LiftLimits();
                else gateway.Storage.FreeBytes = long.MaxValue;
                break;
            case 3 or 4 when profile.HasClockJumps:
                var by = TimeSpan.FromMilliseconds(random.Next(-ClockJumpMaxMs, ClockJumpMaxMs));
                gateway.JumpClock(by);
                ClockJumps += by.Duration();
                occurrences.Count(by > TimeSpan.Zero ? "fault: clock set forward" : "fault: clock set back");
                break;
            case 5 when profile.HasDisks:
                gateway.Storage.FailSoon();
                occurrences.Count("fault: disk error");
                break;
        }
    }
}
