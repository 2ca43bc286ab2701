namespace Gateway.Tests.Simulation;

/// <summary>
/// Gateways a and b with programs with plain sockets around them; the gateways and the network between them may fail at any time, and so
/// may the programs. One seed decides everything.
/// </summary>
internal abstract class TwoGatewayWorld
{
    private static readonly TimeSpan _tick = TimeSpan.FromMilliseconds(25);

    /// <summary>Conversations that share one connection have it in turn, each for a window at least.</summary>
    private static readonly TimeSpan _healLimit = TimeSpan.FromMinutes(15);

    private readonly SimulatedNetwork _network;
    private readonly int _faultEvery;
    private readonly int _steps;

    protected TwoGatewayWorld(int seed, Occurrences occurrences)
    {
        Random = new Random(seed);
        Occurrences = occurrences;
        _faultEvery = Random.Next(6) == 0 ? int.MaxValue : Random.Next(15, 150);
        _steps = Random.Next(500, 3000);
        var quiet = SimulationProfile.Quiet();
        var profile = quiet with
        {
            HasPrograms = true,
            // No frame is larger than the smaller one, and most pieces of streams are.
            Links = quiet.Links with { Limits = quiet.Links.Limits with { BodyBytesMax = Random.Next(4) == 0 ? 70 : 100_000 } },
            Delay = TimeSpan.FromMilliseconds(Random.Next(2) == 0 ? 0 : Random.Next(1, 80)),
        };
        var ledger = new Ledger(profile, occurrences);
        _network = new SimulatedNetwork(profile, Clock, occurrences, Random);
        Gateways = [.. profile.Gateways.Select(name => new SimulatedGateway(name, profile, Clock, _network, ledger, Random))];
        foreach (var gateway in Gateways) _network.Add(gateway);
    }

    protected Random Random { get; }

    protected Occurrences Occurrences { get; }

    protected SimulatedClock Clock { get; } = new();

    protected IReadOnlyList<SimulatedGateway> Gateways { get; }

    /// <summary>Something has failed, once at least.</summary>
    protected bool HadFault { get; private set; }

    /// <summary>What kind of world it is, for people.</summary>
    protected abstract string Mode { get; }

    /// <summary>The programs are done, and nothing of them is under way.</summary>
    protected abstract bool IsAtRest { get; }

    /// <summary>Time of trouble, then time of healing; then the promises are checked.</summary>
    public void Run()
    {
        Occurrences.Count($"worlds: {Mode}");
        foreach (var gateway in Gateways) gateway.Start();
        for (var i = 0; i < _steps; i++)
        {
            if (Random.Next(_faultEvery) == 0) Fault();
            Step();
        }

        Occurrences.Count("steps", _steps);
        foreach (var gateway in Gateways)
        {
            gateway.Thaw();
            if (!gateway.IsRunning) gateway.Start();
        }

        Heal();
        Check();
        foreach (var gateway in Gateways) gateway.CheckStore();
    }

    /// <summary>One thing happens to the programs or their connections.</summary>
    protected abstract void StepPrograms();

    /// <summary>Some time has passed: programs that have died may start again.</summary>
    protected abstract void PassTime();

    /// <summary>Something fails among the programs.</summary>
    protected abstract void FailPrograms();

    /// <summary>The programs go on as far as they can at once.</summary>
    protected abstract void RunPrograms();

    /// <summary>The gateway is killed or stopped now.</summary>
    protected virtual void OnEnding(SimulatedGateway gateway)
    {
    }

    /// <summary>Nothing fails any more; returns when everything is done.</summary>
    protected abstract void Heal();

    /// <summary>The promises are checked.</summary>
    protected abstract void Check();

    /// <summary>What is not done yet, for people.</summary>
    protected abstract IEnumerable<string> Waiting();

    /// <summary>Goes on without a fault until it is done.</summary>
    protected void GoOn(Func<bool> isDone)
    {
        for (var limit = Clock.Now + _healLimit; !isDone(); Round())
        {
            if (Clock.Now > limit) throw new SimulationException($"{Mode}: after {_healLimit} without a fault this waits: " + string.Join(
                "; ", Gateways.Select(gateway => $"{gateway.Label} {gateway.Describe()}").Concat(Waiting())));
        }
    }

    private void Round()
    {
        Clock.Advance(_tick);
        RunPrograms();
        _network.StepAll(4);
        foreach (var gateway in Gateways)
        {
            gateway.ExecuteSome(int.MaxValue);
            gateway.CompleteSome(int.MaxValue);
            gateway.Tick();
        }
    }

    private void Step()
    {
        var gateway = Gateways[Random.Next(Gateways.Count)];
        switch (Random.Next(20))
        {
            case < 3:
                gateway.ExecuteSome(Random.Next(1, 20));
                break;
            case < 6:
                gateway.CompleteSome(Random.Next(1, 20));
                break;
            case < 9:
                _network.Step();
                break;
            case < 18:
                StepPrograms();
                break;
            default:
                Clock.Advance(TimeSpan.FromMilliseconds(Random.Next(60)));
                foreach (var ended in Gateways.Where(ended => !ended.IsRunning && Random.Next(10) == 0)) ended.Start();
                PassTime();
                gateway.Tick();
                break;
        }
    }

    private void Fault()
    {
        HadFault = true;
        var gateway = Gateways[Random.Next(Gateways.Count)];
        switch (Random.Next(8))
        {
            case 0 when gateway.IsRunning:
                OnEnding(gateway);
                gateway.Crash(losesPower: Random.Next(2) == 0);
                Occurrences.Count($"fault: gateway {gateway.Label} killed");
                break;
            case 1 when gateway.IsListening:
                OnEnding(gateway);
                gateway.Stop();
                Occurrences.Count($"fault: gateway {gateway.Label} stopped");
                break;
            case 2:
                _network.BreakOne();
                break;
            case 3:
                gateway.Freeze(TimeSpan.FromMilliseconds(Random.Next(2500)));
                Occurrences.Count("fault: gateway frozen");
                break;
            default:
                FailPrograms();
                break;
        }
    }
}
