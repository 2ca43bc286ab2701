using Gateway.Tcp;
using Gateway.Tcp.Framing;
using Gateway.Tests.Tcp.Outlets;

namespace Gateway.Tests.Simulation;

/// <summary>
/// Programs with plain sockets that send through an inlet of gateway a and an outlet of gateway b to another such program; all of them, the
/// gateways and the network between these may fail at any time.
/// </summary>
internal sealed class ProgramWorld : TwoGatewayWorld
{
    private const int Senders = 3;
    private const string Queue = "frames";

    /// <summary>The outlet holds eight times as much, which is less than a sender sends.</summary>
    private const int DeafWindowBytes = 16;

    private static readonly TimeSpan _window = TimeSpan.FromSeconds(1);

    private readonly SimulatedDoors _doors;
    private readonly SimulatedTarget _target;
    private readonly List<SimulatedSender> _senders = [];
    private readonly bool _isReply;
    private readonly bool _isPerConversation;
    private readonly bool _isBrief;

    /// <summary>The target reads nothing from the first sender, until the others have got everything through.</summary>
    private readonly bool _isDeaf;

    public ProgramWorld(int seed, Occurrences occurrences)
        : base(seed, occurrences)
    {
        (_isReply, _isPerConversation) = (Random.Next(2) == 0, Random.Next(2) == 0);
        _isBrief = !_isReply && Random.Next(4) == 0;
        _isDeaf = _isPerConversation && Random.Next(3) == 0;
        _doors = new SimulatedDoors(Gateways[0], Random);
        _target = new SimulatedTarget(Gateways[1], _isReply, _window, Clock, Random) { IsBrief = _isBrief, DeafTo = _isDeaf ? 1 : 0 };
        Gateways[0].Programs = new InletPrograms(_doors, Inlet(), _doors.OnGatewayEnded);
        Gateways[1].Programs = new OutletPrograms(_target, Outlet(), _target.OnGatewayEnded);
        var frames = Random.Next(5, 60);
        for (var i = 1; i <= Senders; i++) _senders.Add(new SimulatedSender(i, _doors, frames, _isReply, Random));
    }

    protected override string Mode => $"{(_isReply ? "replied" : "acknowledged")}, {(_isPerConversation ? "a connection each" : "shared")}"
        + (_isBrief ? ", closed after each frame" : "") + (_isDeaf ? ", one of them unread" : "");

    protected override bool IsAtRest =>
        _senders.All(sender => sender.IsDone) && _target.HasReadAll
        && Gateways.All(gateway => gateway is { IsEmpty: true, IsDrained: true });

    protected override void StepPrograms()
    {
        switch (Random.Next(3))
        {
            case 0:
                _senders[Random.Next(Senders)].Step();
                break;
            case 1 when _doors.Sockets.Count > 0:
                _doors.Sockets[Random.Next(_doors.Sockets.Count)].Step();
                break;
            default:
                _target.Step();
                break;
        }
    }

    protected override void PassTime()
    {
        if (!_target.IsUp && Random.Next(5) == 0) _target.Start();
    }

    protected override void FailPrograms()
    {
        switch (Random.Next(4))
        {
            case 0 or 1:
                _target.Die();
                Occurrences.Count("fault: target killed");
                break;
            case 2:
                _target.IsPaused = !_target.IsPaused;
                Occurrences.Count("fault: target paused or resumed");
                break;
            default:
                _senders[Random.Next(Senders)].Die();
                Occurrences.Count("fault: sender killed");
                break;
        }
    }

    protected override void Heal()
    {
        _target.IsPaused = false;
        _target.Start();
        if (_isDeaf) GoOn(() => _senders.Where(sender => sender.Number != _target.DeafTo).All(IsThrough));
        _target.DeafTo = 0;
        GoOn(() => IsAtRest);
    }

    protected override void RunPrograms()
    {
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
    }

    protected override void Check()
    {
        var received = _target.Received.ToHashSet();
        foreach (var sender in _senders)
        {
            var lost = sender.Answered.Where(frame => !received.Contains(frame) && !_target.MayBeLost.Contains(frame)).ToList();
            if (lost.Count > 0) throw new SimulationException($"{Mode}: answered and never received: {string.Join(", ", lost)}");
            Occurrences.Count("frames answered", sender.Answered.Count);
        }

        var sent = _senders.SelectMany(sender => sender.Sent.Keys).ToHashSet();
        if (received.Except(sent).FirstOrDefault() is { } invented)
            throw new SimulationException($"{invented} was received and never sent");
        Occurrences.Count("frames received again", _target.Received.Count - received.Count);
        if (!HadFault && !_isBrief && _target.Received.Count > received.Count)
            throw new SimulationException("frames were received twice although nothing had happened");
        foreach (var order in _isPerConversation ? _target.PerConnection : [_target.Received]) CheckOrder(order);
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
        SendsEnds = _isPerConversation || Random.Next(2) == 0,
    };

    private OutletSettings Outlet() => new("out", Queue, "10.0.0.9", 700, new FrameFormat.FixedSize(64))
    {
        Delivery = _isReply ? OutletDelivery.Reply : OutletDelivery.Acknowledged,
        ReplayWindow = _isReply ? TimeSpan.Zero : _window,
        UnansweredMax = Random.Next(1, 4),
        IsPerConversation = _isPerConversation,
        ConnectionsMax = _isDeaf ? 100 : Random.Next(1, 5),
        WindowBytes = _isDeaf ? DeafWindowBytes : OutletBench.Settings().WindowBytes,
        BackoffMax = TimeSpan.FromMilliseconds(500),
    };

    /// <summary>Everything that the sender was told to be safe was received.</summary>
    private bool IsThrough(SimulatedSender sender) =>
        sender.IsDone && sender.Answered.All(frame => _target.HasReceived(frame) || _target.MayBeLost.Contains(frame));

    protected override IEnumerable<string> Waiting() =>
        _senders.Where(sender => !sender.IsDone).Select(sender => $"sender {sender.Number} has {sender.Answered.Count} answers")
            .Prepend($"outlet {Gateways[1].Tcp.Outlets[0] with { History = [] }}");
}
