using Gateway.Tests.Simulation.Takeovers;

namespace Gateway.Tests.Simulation;

/// <summary>
/// Gateways, network, producers and consumers, and the scheduler that lets one small thing happen after the other. One seed decides
/// everything; there are no threads and no clocks but its own.
/// </summary>
internal sealed partial class SimulatedWorld
{
    /// <summary>Enough to settle within a lease what a credit brings.</summary>
    private const int ConsumerStepsPerRound = 20;

    /// <summary>Enough for what is under way when all is done.</summary>
    private const int RestRounds = 30;

    /// <summary>Somebody looks at dead letters now and then.</summary>
    private const int RoundsPerPurge = 40;

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
    private readonly SimulatedHistories? _histories;
    private readonly SimulatedFaults _faults;

    public SimulatedWorld(int seed, bool hasDisks, Occurrences occurrences)
        : this(seed, hasDisks, new Random(seed), occurrences)
    {
    }

    /// <summary>A world in which only happens what somebody does to it.</summary>
    public SimulatedWorld(SimulationProfile profile)
        : this(new Random(1), profile, new Occurrences())
    {
    }

    private SimulatedWorld(int seed, bool hasDisks, Random random, Occurrences occurrences)
        : this(random, SimulationProfile.Draw(random, hasDisks, SimulationProfile.HasCopiesAt(seed),
            SimulationProfile.HasFewQueuesAt(seed), SimulationProfile.HasSetBacksAt(seed)) with
        { HasSpread = SimulationProfile.HasSpreadAt(seed) }, occurrences)
    {
    }

    private SimulatedWorld(Random random, SimulationProfile profile, Occurrences occurrences)
    {
        _occurrences = occurrences;
        _random = random;
        _profile = profile;
        _ledger = new Ledger(_profile, occurrences);
        _network = new SimulatedNetwork(_profile, _clock, occurrences, _random);
        _faults = new SimulatedFaults(_profile, _network, occurrences, _random);
        if (_profile.Standbys.Count > 0) _takeovers = new SimulatedTakeovers(
            _profile, new SimulatedDatabase(_clock, _random) { Meanwhile = Meanwhile }, occurrences, _random);
        foreach (var name in _profile.Gateways) Add(name);
        if (_profile.HasCopies)
            _histories = new SimulatedHistories(
                [.. _gateways], Make(SimulationProfile.CopyName), Join, Disconnect, _profile.HasSetBacks, occurrences, _random);
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
            NoticeEnded();
        }

        Heal();
        if (_profile.HasLimits) DrainAtLimit(_gateways[_random.Next(_gateways.Count)]);
        End();
        _occurrences.Count("messages", _ledger.Entries.Count);
    }

    public SimulatedClock Clock => _clock;

    public SimulatedNetwork Network => _network;

    public Ledger Ledger => _ledger;

    public IReadOnlyList<SimulatedGateway> Gateways => _gateways;

    public IReadOnlyList<SimulatedConsumer> Consumers => _consumers;

    /// <summary>The events of stores; null in a world without copies.</summary>
    public SimulatedHistories? Histories => _histories;

    /// <summary>Everything goes on, for so long.</summary>
    public void Pass(TimeSpan time)
    {
        for (var end = _clock.Now + time; _clock.Now < end;) Round(isWithProducers: false);
    }

    /// <summary>All faults are over; everything drains, and the promises are checked.</summary>
    public void Finish()
    {
        Heal();
        foreach (var gateway in _gateways.Where(gateway => !gateway.IsRunning)) gateway.Start();
        End();
    }

    private void End()
    {
        Drain();
        var active = _gateways.Where(gateway => gateway.IsActive).ToList();
        Checker.Check(active, _ledger);
        foreach (var gateway in active)
        {
            gateway.CheckStore();
            ClockWarnings.Check(gateway, _network, _occurrences);
        }
    }

    private void Add(string name)
    {
        var pair = _takeovers?.PairOf(name);
        var gateway = Make(name, pair);
        Join(gateway);
        if (pair is not null) _gateways.Add(Make(name, pair));
        if (_profile.HasOperators) _operators.Add(new SimulatedOperator(gateway, _profile, _occurrences, _random));
        foreach (var queue in new[] { "orders", "orders", "bills", "copies" }
            .Concat(SimulatedRoutes.SpreadQueues(_profile)).Concat(_profile.HasOperators ? SimulatedOperator.Targets(_profile) : []))
        {
            _consumers.Add(new SimulatedConsumer(
                $"consumer {_consumers.Count}", gateway, new Destination(queue, name), _profile, _clock, _ledger, _random));
        }
    }

    private SimulatedGateway Make(string name, SimulatedPair? pair = null)
    {
        var gateway = new SimulatedGateway(name, _profile, _clock, _network, _ledger, _random, pair);
        pair?.Processes.Add(gateway);
        _network.Add(gateway);
        return gateway;
    }

    private void Join(SimulatedGateway gateway)
    {
        _gateways.Add(gateway);
        _producers.Add(new SimulatedProducer($"producer of {gateway.Label}", gateway, _profile, _clock, _ledger, _occurrences, _random));
    }

    /// <summary>The connections of a gateway's applications break.</summary>
    private void Disconnect(SimulatedGateway gateway)
    {
        foreach (var producer in _producers.Where(producer => producer.Gateway == gateway)) producer.Disconnect();
        foreach (var consumer in _consumers.Where(consumer => consumer.Gateway == gateway)) consumer.Disconnect();
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
        if (_takeovers is not null && _random.Next(2) == 0)
        {
            _takeovers.Fault(gateway);
            return;
        }

        if (_profile.HasSpread && _random.Next(3) == 0)
        {
            gateway.ChangeMembers();
            _occurrences.Count("list of a route changed");
            return;
        }

        switch (_random.Next(_histories is null ? 5 : 7))
        {
            case 5 or 6:
                _histories!.Fault();
                break;
            case 0:
                ProcessFault(gateway);
                break;
            case 1 or 2:
                _faults.OfNetwork(_gateways, gateway);
                break;
            case 3:
                _faults.OfHost(gateway);
                break;
            default:
                if (_random.Next(2) == 0)
                {
                    _consumers[_random.Next(_consumers.Count)].Disconnect();
                    _occurrences.Count("fault: consumer killed");
                }
                else
                {
                    _producers[_random.Next(_producers.Count)].Disconnect();
                    _occurrences.Count("fault: producer killed");
                }

                break;
        }
    }

    private void ProcessFault(SimulatedGateway gateway)
    {
        if (!gateway.IsRunning || gateway.IsBusy) return;
        switch (_random.Next(4))
        {
            case 0 or 1:
                // The sender acts on all it has heard before the receiver forgets, so that a promise given too early is found out.
                foreach (var survivor in _gateways.Where(survivor => survivor != gateway && survivor.IsRunning))
                    survivor.ExecuteSome(_random.Next(100));
                var losesPower = _random.Next(2) == 0;
                gateway.Crash(losesPower);
                _occurrences.Count(losesPower ? "fault: power lost" : "fault: gateway killed");
                break;
            case 2 when gateway.IsListening:
                gateway.Stop();
                _occurrences.Count("fault: gateway stopped");
                break;
            case 3:
                gateway.Freeze(TimeSpan.FromMilliseconds(_random.Next(2500)));
                _occurrences.Count("fault: gateway frozen");
                break;
        }
    }

    /// <summary>Gateways that have ended, by a fault or because their disk refused, come back some time later.</summary>
    private void NoticeEnded()
    {
        var isNew = false;
        foreach (var gateway in _gateways.Where(gateway => gateway is { IsRunning: false, IsBusy: false }))
            isNew |= _comesBack.TryAdd(gateway, _clock.Now.AddMilliseconds(_random.Next(gateway.HasTwin ? 400 : 3000)));
        if (!isNew) return;
        foreach (var producer in _producers) producer.OnGatewayDown();
        foreach (var consumer in _consumers) consumer.OnGatewayDown();
    }

    private void Advance(TimeSpan by)
    {
        _clock.Advance(by);
        foreach (var (gateway, when) in _comesBack.ToList())
        {
            if (when > _clock.Now || !_comesBack.Remove(gateway)) continue;
            gateway.Start();
        }
    }

    private void Heal()
    {
        _isHealed = true;
        _takeovers?.Heal();
        _network.OpenAllPaths();
        foreach (var gateway in _gateways)
        {
            gateway.Thaw();
            gateway.Disarm();
            gateway.Storage.Heal();
        }

        foreach (var gateway in _comesBack.Keys.ToList())
        {
            if (_comesBack.Remove(gateway)) gateway.Start();
        }

        foreach (var consumer in _consumers) (consumer.BehavesWell, consumer.IsAway, consumer.Keeps) = (true, false, false);
        foreach (var one in _operators) one.ResumeAll();
    }

    /// <summary>Accepted messages leave a gateway whose disk takes nothing new; also over a restart.</summary>
    private void DrainAtLimit(SimulatedGateway gateway)
    {
        // Queues that operators have let go are let go for good before anything ends.
        for (var i = 0; i < RestRounds; i++) Round(isWithProducers: false);
        _occurrences.Count($"drained: {gateway.FillDisk(letsDrain: true)}");
        if (_random.Next(2) == 0 && gateway.Storage.Limit != DiskLimit.Folder)
        {
            gateway.Crash(losesPower: _random.Next(2) == 0);
            NoticeEnded();
        }

        var limit = _clock.Now + _drainLimit + _faults.ClockJumps;
        while (!gateway.IsEmpty)
        {
            if (_clock.Now > limit) throw new SimulationException(
                $"after {_drainLimit + _faults.ClockJumps} with a disk at its limit of {gateway.Storage.Limit} this "
                    + $"waits: {gateway.Describe()}");
            Round(isWithProducers: false);
            NoticeEnded();
        }

        gateway.Storage.LiftLimits();
    }

    private void Drain()
    {
        // Messages to be delivered again at a certain time wait for the clock to show it.
        var limit = _clock.Now + _drainLimit + _faults.ClockJumps;
        var rounds = 0;
        while (!IsAtRest)
        {
            if (_clock.Now > limit)
                throw new SimulationException($"after {_drainLimit + _faults.ClockJumps} without a fault this waits: {Waiting()}");
            Round();
            if (_profile.HasFewQueues && ++rounds % RoundsPerPurge == 0) PurgeDeadLetters();
            _histories?.FollowAdvice();
            NoticeEnded();
            _occurrences.Count("rounds without a fault");
        }

        // Frames under way are read, and nothing more comes of them.
        for (var i = 0; i < RestRounds; i++) Round();
    }

    /// <summary>Where a peer may fill few queues, those that hold nothing else give their place to others then.</summary>
    private void PurgeDeadLetters()
    {
        foreach (var someone in _operators) someone.PurgeDeadLetters();
    }

    private bool IsAtRest =>
        _producers.All(producer => producer.IsDone)
            && _gateways.All(gateway => gateway.IsActive ? gateway.IsEmpty && gateway.IsDrained : !gateway.IsRunning)
            && _histories is not { IsSettled: false };

    private void Round(bool isWithProducers = true)
    {
        Advance(_tick);
        foreach (var producer in _producers.Where(_ => isWithProducers)) producer.Step();
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
