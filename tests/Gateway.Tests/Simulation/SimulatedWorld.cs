namespace Gateway.Tests.Simulation;

/// <summary>
/// Gateways, network, producers and consumers, and the scheduler that lets one small thing happen after the other. One seed decides everything; there are no threads and
/// no clocks but its own.
/// </summary>
internal sealed class SimulatedWorld
{
    /// <summary>Enough to settle within a lease what a credit brings.</summary>
    private const int ConsumerStepsPerRound = 20;

    private static readonly TimeSpan _drainLimit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan _tick = TimeSpan.FromMilliseconds(25);

    private readonly Random _random;
    private readonly SimulationProfile _profile;
    private readonly SimulatedClock _clock = new();
    private readonly Ledger _ledger;
    private readonly Occurrences _occurrences;
    private readonly SimulatedNetwork _network;
    private readonly List<SimulatedGateway> _gateways = [];
    private readonly List<SimulatedProducer> _producers = [];
    private readonly List<SimulatedConsumer> _consumers = [];
    private readonly List<SimulatedOperator> _operators = [];
    private readonly Dictionary<SimulatedGateway, DateTimeOffset> _comesBack = [];

    public SimulatedWorld(int seed, Occurrences? occurrences = null)
    {
        _occurrences = occurrences ?? new Occurrences();
        _ledger = new Ledger(_occurrences);
        _random = new Random(seed);
        _profile = SimulationProfile.Draw(_random);
        _network = new SimulatedNetwork(_clock, _random);
        foreach (var name in _profile.Gateways) Add(name);
    }

    /// <summary>Time of trouble, then time of healing; then the promises are checked.</summary>
    public void Run()
    {
        foreach (var gateway in _gateways) gateway.Start();
        _occurrences.Count("worlds");
        _occurrences.Count("steps", _profile.Steps);
        for (var i = 0; i < _profile.Steps; i++)
        {
            if (_random.Next(_profile.FaultEvery) == 0) Fault();
            Step();
        }

        Heal();
        Drain();
        Checker.Check(_gateways, _ledger);
        _occurrences.Count("messages", _ledger.Entries.Count);
    }

    private void Add(string name)
    {
        var gateway = new SimulatedGateway(name, _profile, _clock, _network, _ledger, _random);
        _gateways.Add(gateway);
        _network.Add(gateway);
        _producers.Add(new SimulatedProducer($"producer of {name}", gateway, _profile, _clock, _ledger, _random));
        if (_profile.HasOperators) _operators.Add(new SimulatedOperator(gateway, _profile, _occurrences, _random));
        foreach (var queue in new[] { "orders", "orders", "bills", "copies" }.Concat(_profile.HasOperators ? SimulatedOperator.Targets(_profile) : []))
        {
            _consumers.Add(new SimulatedConsumer($"consumer {_consumers.Count}", gateway, new Destination(queue, name), _profile, _clock, _ledger, _random));
        }
    }

    private void Step()
    {
        var gateway = _gateways[_random.Next(_gateways.Count)];
        switch (_random.Next(20))
        {
            case < 4:
                if (gateway.Name == _profile.SlowStore && _random.Next(20) > 0) break;
                gateway.ExecuteSome(_random.Next(1, 20));
                break;
            case < 8:
                gateway.CompleteSome(_random.Next(1, 20));
                break;
            case < 13:
                _network.Step();
                break;
            case < 15:
                _producers[_random.Next(_producers.Count)].Step();
                break;
            case < 18 when _operators.Count > 0 && _random.Next(12) == 0:
                _operators[_random.Next(_operators.Count)].Act();
                break;
            case < 18:
                _consumers[_random.Next(_consumers.Count)].Step();
                break;
            default:
                Advance(TimeSpan.FromMilliseconds(_random.Next(60)));
                gateway.Tick();
                break;
        }
    }

    private void Fault()
    {
        var gateway = _gateways[_random.Next(_gateways.Count)];
        var other = _gateways[_random.Next(_gateways.Count)];
        switch (_random.Next(10))
        {
            case 0 when gateway.IsRunning:
                // What the sender has heard is done before the receiver forgets, so that a promise given too early is found out.
                foreach (var survivor in _gateways.Where(survivor => survivor != gateway && survivor.IsRunning)) survivor.ExecuteSome(_random.Next(100));
                Down(gateway, gateway.Crash);
                _occurrences.Count("fault: gateway killed");
                break;
            case 1 when gateway.IsListening:
                Down(gateway, gateway.Stop);
                _occurrences.Count("fault: gateway stopped");
                break;
            case 2 or 3:
                var path = (PathState)_random.Next(3);
                _network.SetPath(gateway.Name, other.Name, path);
                if (path != PathState.Open) _occurrences.Count($"fault: path {path.ToString().ToLowerInvariant()}");
                break;
            case 4:
                _network.OpenAllPaths();
                break;
            case 5 or 6 or 7 when _profile.LosesFrames:
                _network.LoseFrame();
                _occurrences.Count("fault: frame lost");
                break;
            case 5 or 6:
                _network.BreakOne();
                _occurrences.Count("fault: connection reset");
                break;
            case 8:
                _consumers[_random.Next(_consumers.Count)].Disconnect();
                _occurrences.Count("fault: consumer killed");
                break;
            case 9:
                _producers[_random.Next(_producers.Count)].Disconnect();
                _occurrences.Count("fault: producer killed");
                break;
        }
    }

    private void Down(SimulatedGateway gateway, Action how)
    {
        how();
        _comesBack[gateway] = _clock.Now.AddMilliseconds(_random.Next(3000));
        foreach (var producer in _producers) producer.OnGatewayDown();
        foreach (var consumer in _consumers) consumer.OnGatewayDown();
    }

    private void Advance(TimeSpan by)
    {
        _clock.Advance(by);
        foreach (var (gateway, when) in _comesBack.ToList())
        {
            if (when > _clock.Now) continue;
            _comesBack.Remove(gateway);
            gateway.Start();
        }
    }

    private void Heal()
    {
        _network.OpenAllPaths();
        foreach (var gateway in _comesBack.Keys) gateway.Start();
        _comesBack.Clear();
        foreach (var consumer in _consumers) consumer.BehavesWell = true;
        foreach (var one in _operators) one.ResumeAll();
    }

    private void Drain()
    {
        var limit = _clock.Now + _drainLimit;
        while (!_producers.All(producer => producer.IsDone) || !_gateways.All(gateway => gateway.IsEmpty && gateway.IsDrained))
        {
            if (_clock.Now > limit) throw new SimulationException($"after {_drainLimit} without a fault this waits: {Waiting()}");
            Round();
        }

        // What is in the mail is read, and nothing more comes of it.
        for (var i = 0; i < 100; i++) Round();
    }

    private void Round()
    {
        Advance(_tick);
        foreach (var producer in _producers) producer.Step();
        for (var i = 0; i < ConsumerStepsPerRound; i++)
        {
            foreach (var consumer in _consumers) consumer.Step();
        }

        _network.StepAll(4);
        foreach (var gateway in _gateways)
        {
            gateway.ExecuteSome(int.MaxValue);
            gateway.CompleteSome(int.MaxValue);
            gateway.Tick();
        }
    }

    private string Waiting() => string.Join("; ", _gateways.Select(gateway => $"{gateway.Name}: {gateway.Describe()}"));
}
