using Gateway.Tcp;
using Gateway.Tcp.Framing;
using Gateway.Tcp.Inlets;
using Gateway.Tcp.Outlets;
using Gateway.Tests.Tcp.Inlets;
using Gateway.Tests.Tcp.Outlets;

namespace Gateway.Tests.Simulation;

/// <summary>
/// Programs with plain sockets that send through an inlet of gateway a and an outlet of gateway b to another such program; all of them, the
/// gateways and the network between these may fail at any time. One seed decides everything.
/// </summary>
internal sealed class ProgramWorld
{
    private const int Senders = 3;
    private const string Queue = "frames";

    /// <summary>The outlet holds eight times as much, which is less than a sender sends.</summary>
    private const int DeafWindowBytes = 16;

    private static readonly TimeSpan _window = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _tick = TimeSpan.FromMilliseconds(25);

    /// <summary>Conversations that share one connection have it in turn, each for a window at least.</summary>
    private static readonly TimeSpan _healLimit = TimeSpan.FromMinutes(15);

    private readonly Random _random;
    private readonly Occurrences _occurrences;
    private readonly SimulatedClock _clock = new();
    private readonly SimulatedNetwork _network;
    private readonly SimulatedGateway[] _gateways;
    private readonly SimulatedDoors _doors;
    private readonly SimulatedTarget _target;
    private readonly List<SimulatedSender> _senders = [];
    private readonly bool _isReply;
    private readonly bool _isPerConversation;
    private readonly bool _isBrief;

    /// <summary>The target reads nothing from the first sender, until the others have got everything through.</summary>
    private readonly bool _isDeaf;
    private readonly int _faultEvery;
    private readonly int _steps;
    private bool _hadFault;

    public ProgramWorld(int seed, Occurrences occurrences)
    {
        _random = new Random(seed);
        _occurrences = occurrences;
        (_isReply, _isPerConversation) = (_random.Next(2) == 0, _random.Next(2) == 0);
        _isBrief = !_isReply && _random.Next(4) == 0;
        _isDeaf = _isPerConversation && _random.Next(3) == 0;
        _faultEvery = _random.Next(6) == 0 ? int.MaxValue : _random.Next(15, 150);
        _steps = _random.Next(500, 3000);
        var profile = SimulationProfile.Quiet() with
        {
            HasPrograms = true,
            Delay = TimeSpan.FromMilliseconds(_random.Next(2) == 0 ? 0 : _random.Next(1, 80)),
        };
        var ledger = new Ledger(profile, occurrences);
        _network = new SimulatedNetwork(profile, _clock, occurrences, _random);
        _gateways = [.. profile.Gateways.Select(name => new SimulatedGateway(name, profile, _clock, _network, ledger, _random))];
        foreach (var gateway in _gateways) _network.Add(gateway);
        _doors = new SimulatedDoors(_gateways[0], _random);
        _target = new SimulatedTarget(_gateways[1], _isReply, _window, _clock, _random) { IsBrief = _isBrief, DeafTo = _isDeaf ? 1 : 0 };
        _gateways[0].Programs = new InletSide(_doors, Inlet());
        _gateways[1].Programs = new OutletSide(_target, Outlet());
        var frames = _random.Next(5, 60);
        for (var i = 1; i <= Senders; i++) _senders.Add(new SimulatedSender(i, _doors, frames, _isReply, _random));
    }

    /// <summary>Time of trouble, then time of healing; then the promises are checked.</summary>
    public void Run()
    {
        _occurrences.Count($"worlds: {Mode}");
        foreach (var gateway in _gateways) gateway.Start();
        for (var i = 0; i < _steps; i++)
        {
            if (_random.Next(_faultEvery) == 0) Fault();
            Step();
        }

        _occurrences.Count("steps", _steps);
        Heal();
        Check();
    }

    private void Step()
    {
        var gateway = _gateways[_random.Next(_gateways.Length)];
        switch (_random.Next(20))
        {
            case < 3:
                gateway.ExecuteSome(_random.Next(1, 20));
                break;
            case < 6:
                gateway.CompleteSome(_random.Next(1, 20));
                break;
            case < 9:
                _network.Step();
                break;
            case < 12:
                _senders[_random.Next(Senders)].Step();
                break;
            case < 15 when _doors.Sockets.Count > 0:
                _doors.Sockets[_random.Next(_doors.Sockets.Count)].Step();
                break;
            case < 18:
                _target.Step();
                break;
            default:
                _clock.Advance(TimeSpan.FromMilliseconds(_random.Next(60)));
                foreach (var ended in _gateways.Where(ended => !ended.IsRunning && _random.Next(10) == 0)) ended.Start();
                if (!_target.IsUp && _random.Next(5) == 0) _target.Start();
                gateway.Tick();
                break;
        }
    }

    private void Fault()
    {
        _hadFault = true;
        var gateway = _gateways[_random.Next(_gateways.Length)];
        switch (_random.Next(8))
        {
            case 0 when gateway.IsRunning:
                gateway.Crash(losesPower: _random.Next(2) == 0);
                _occurrences.Count($"fault: gateway {gateway.Label} killed");
                break;
            case 1 when gateway.IsListening:
                gateway.Stop();
                _occurrences.Count($"fault: gateway {gateway.Label} stopped");
                break;
            case 2:
                _network.BreakOne();
                break;
            case 3 or 4:
                _target.Die();
                _occurrences.Count("fault: target killed");
                break;
            case 5:
                _target.IsPaused = !_target.IsPaused;
                _occurrences.Count("fault: target paused or resumed");
                break;
            case 6:
                gateway.Freeze(TimeSpan.FromMilliseconds(_random.Next(2500)));
                _occurrences.Count("fault: gateway frozen");
                break;
            default:
                _senders[_random.Next(Senders)].Die();
                _occurrences.Count("fault: sender killed");
                break;
        }
    }

    private void Heal()
    {
        _target.IsPaused = false;
        _target.Start();
        foreach (var gateway in _gateways)
        {
            gateway.Thaw();
            if (!gateway.IsRunning) gateway.Start();
        }

        if (_isDeaf) GoOn(() => _senders.Where(sender => sender.Number != _target.DeafTo).All(IsThrough));
        _target.DeafTo = 0;
        GoOn(() => IsAtRest);
    }

    private void GoOn(Func<bool> isDone)
    {
        for (var limit = _clock.Now + _healLimit; !isDone(); Round())
        {
            if (_clock.Now > limit) throw new SimulationException($"after {_healLimit} without a fault this waits: {Waiting()}");
        }
    }

    /// <summary>Everything that the sender was told to be safe was received.</summary>
    private bool IsThrough(SimulatedSender sender) =>
        sender.IsDone && sender.Answered.All(frame => _target.HasReceived(frame) || _target.MayBeLost.Contains(frame));

    private string Mode => $"{(_isReply ? "replied" : "acknowledged")}, {(_isPerConversation ? "a connection each" : "shared")}"
        + (_isBrief ? ", closed after each frame" : "") + (_isDeaf ? ", one of them unread" : "");

    private bool IsAtRest =>
        _senders.All(sender => sender.IsDone) && _gateways.All(gateway => gateway is { IsEmpty: true, IsDrained: true });

    private void Round()
    {
        _clock.Advance(_tick);
        for (var i = 0; i < 8; i++)
        {
            foreach (var sender in _senders)
            {
                if (sender.IsDone) sender.Close();
                else sender.Step();
            }

            foreach (var socket in _doors.Sockets.ToList()) socket.Step();
            _target.Step();
        }

        _network.StepAll(4);
        foreach (var gateway in _gateways)
        {
            gateway.ExecuteSome(int.MaxValue);
            gateway.CompleteSome(int.MaxValue);
            gateway.Tick();
        }
    }

    private void Check()
    {
        var received = _target.Received.ToHashSet();
        foreach (var sender in _senders)
        {
            var lost = sender.Answered.Where(frame => !received.Contains(frame) && !_target.MayBeLost.Contains(frame)).ToList();
            if (lost.Count > 0) throw new SimulationException($"{Mode}: answered and never received: {string.Join(", ", lost)}");
            _occurrences.Count("frames answered", sender.Answered.Count);
        }

        var sent = _senders.SelectMany(sender => sender.Sent.Keys).ToHashSet();
        if (received.Except(sent).FirstOrDefault() is { } invented)
            throw new SimulationException($"{invented} was received and never sent");
        _occurrences.Count("frames received again", _target.Received.Count - received.Count);
        if (!_hadFault && !_isBrief && _target.Received.Count > received.Count)
            throw new SimulationException("frames were received twice although nothing had happened");
        foreach (var order in _isPerConversation ? _target.PerConnection : [_target.Received]) CheckOrder(order);
        foreach (var gateway in _gateways) gateway.CheckStore();
    }

    /// <summary>Each frame comes for the first time after those that its sender has sent before it.</summary>
    private void CheckOrder(IReadOnlyList<string> received)
    {
        var (seen, highest) = (new HashSet<string>(), new Dictionary<int, int>());
        foreach (var frame in received.Where(frame => !_target.MayBeLost.Contains(frame) && seen.Add(frame)))
        {
            var (sender, number) = SimulatedSender.Parse(frame);
            // On a connection of a conversation alone, the first frame may be any that had no answer before.
            if (number < highest.GetValueOrDefault(sender)) throw new SimulationException(
                $"{Mode}: {frame} was received after {sender}:{highest[sender]}");
            highest[sender] = number;
        }
    }

    private InletSettings Inlet() => new("in", "tcp://10.0.0.1:7000", $"{Queue}@b", new FrameFormat.FixedSize(64))
    {
        Answer = _isReply ? InletAnswer.Far : InletAnswer.Fixed,
        AnswerBytes = _isReply ? default : ByteText.TryParse("ok", out var ok, out _) ? ok : default,
        SendsEnds = _isPerConversation || _random.Next(2) == 0,
    };

    private OutletSettings Outlet() => new("out", Queue, "10.0.0.9", 700, new FrameFormat.FixedSize(64))
    {
        Delivery = _isReply ? OutletDelivery.Reply : OutletDelivery.Acknowledged,
        ReplayWindow = _isReply ? TimeSpan.Zero : _window,
        UnansweredMax = _random.Next(1, 4),
        IsPerConversation = _isPerConversation,
        ConnectionsMax = _isDeaf ? 100 : _random.Next(1, 5),
        WindowBytes = _isDeaf ? DeafWindowBytes : OutletBench.Settings().WindowBytes,
        BackoffMax = TimeSpan.FromMilliseconds(500),
    };

    private string Waiting() => string.Join("; ", _gateways.Select(gateway => $"{gateway.Label} {gateway.Describe()}")
        .Append($"{Mode}, outlet {_gateways[1].Tcp.Outlets[0] with { History = [] }}")
        .Concat(_senders.Where(sender => !sender.IsDone).Select(sender => $"sender {sender.Number} has {sender.Answered.Count} answers")));

    private sealed class InletSide(SimulatedDoors doors, InletSettings inlet) : ISimulatedPrograms
    {
        public TcpSettings Settings { get; } = new([inlet], []);

        public IInletDoors Doors => doors;

        public ITargetDialer Targets { get; } = new NoTargets();

        public void OnGatewayEnded() => doors.OnGatewayEnded();
    }

    private sealed class OutletSide(SimulatedTarget target, OutletSettings outlet) : ISimulatedPrograms
    {
        public TcpSettings Settings { get; } = new([], [outlet]);

        public IInletDoors Doors { get; } = new NoDoors();

        public ITargetDialer Targets => target;

        public void OnGatewayEnded() => target.OnGatewayEnded();
    }
}
