using Gateway.Tests.Simulation.Takeovers;

namespace Gateway.Tests.Simulation;

/// <summary>The world of standbys: while the thread of one store is blocked, everything else goes on.</summary>
internal sealed partial class SimulatedWorld
{
    /// <summary>More would be seen as one pause, by a world that waits for them.</summary>
    private const int BlockedMax = 3;

    private readonly SimulatedTakeovers? _takeovers;

    /// <summary>So many threads are blocked, and wait for the rest of the world.</summary>
    private int _blocked;
    private bool _isHealed;

    /// <summary>A world of standbys that take over.</summary>
    public static SimulatedWorld OfTakeovers(int seed, Occurrences occurrences)
    {
        var random = new Random(seed);
        return new SimulatedWorld(random, SimulationProfile.DrawTakeovers(random), occurrences);
    }

    /// <summary>A thread is blocked for so long, and everything else goes on.</summary>
    private void Meanwhile(TimeSpan time)
    {
        if (_blocked == BlockedMax)
        {
            _clock.Advance(time);
            return;
        }

        _blocked++;
        for (var end = _clock.Now + time; _clock.Now < end;)
        {
            if (!_isHealed && _random.Next(_profile.FaultEvery) == 0) Fault();
            Step();
            NoticeEnded();
        }

        _blocked--;
    }
}
