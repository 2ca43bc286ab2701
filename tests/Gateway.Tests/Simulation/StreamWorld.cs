using Gateway.Management;
using Gateway.Store.Browsing;
using Gateway.Tcp;
using Gateway.Tcp.Framing;
using Gateway.Tcp.Inlets;
using Gateway.Tcp.Outlets;
using Gateway.Tests.Tcp.Outlets;

namespace Gateway.Tests.Simulation;

/// <summary>
/// Programs that speak in streams through an inlet of gateway a and an outlet of gateway b: both write and read, finish, close, reset and
/// die as they like.
/// </summary>
internal sealed class StreamWorld : TwoGatewayWorld, IInletDoors, ITargetDialer
{
    private const int Clients = 3;
    private const string Queue = "streams";

    private readonly bool _isLarge;
    private readonly OutletDelivery _delivery;
    private readonly int _conversationsMax;

    /// <summary>Operators take pieces out of their queues, and routes go away.</summary>
    private readonly bool _hasHoles;
    private readonly List<StreamSocket> _sockets = [];
    private readonly List<StreamProgram> _programs = [];
    private readonly StreamProgram?[] _clients = new StreamProgram?[Clients];
    private readonly Dictionary<string, StreamConversation> _conversations = [];
    private Door? _door;

    /// <summary>The inlet accepts nobody.</summary>
    private bool _isInletHeld;
    private int _made;
    private bool _isTargetUp = true;

    /// <summary>Nothing can be sent back.</summary>
    private bool _isRouteGone;

    /// <summary>The programs of the target read and write nothing.</summary>
    private bool _isTargetPaused;

    public StreamWorld(int seed, Occurrences occurrences)
        : base(seed, occurrences)
    {
        _isLarge = Random.Next(10) == 0;
        _delivery = Random.Next(4) == 0 ? OutletDelivery.Written : OutletDelivery.Acknowledged;
        _conversationsMax = Random.Next(3, _isLarge ? 6 : 16);
        _hasHoles = Random.Next(2) == 0;
        Gateways[0].Programs = new InletPrograms(this, Inlet(), () => EndSockets<InletStreamSocket>());
        Gateways[1].Programs = new OutletPrograms(this, Outlet(), () => EndSockets<OutletStreamSocket>());
    }

    protected override string Mode => $"streams, {(_delivery == OutletDelivery.Written ? "written" : "acknowledged")}"
        + (_isLarge ? ", large" : "") + (_hasHoles ? ", with holes" : "");

    protected override bool IsAtRest => _made == _conversationsMax && _programs.All(program => program.IsOver)
        && _sockets.All(socket => socket.IsOver) && Gateways.All(gateway => gateway is { IsEmpty: true, IsDrained: true })
        && Gateways[0].Tcp.Inlets[0].Open == 0 && Gateways[1].Tcp.Outlets[0].Open == 0;

    public InletOpening Open(InletSettings settings, IVisitors visitors, bool isHeld)
    {
        (_door, _isInletHeld) = (new Door(this, visitors), isHeld);
        return new InletOpening(_door, settings.Address);
    }

    public ITargetConnection Dial(OutletSettings settings, ITarget target)
    {
        var socket = new OutletStreamSocket(Gateways[1], target, BufferBytes(), Random, Accept);
        _sockets.Add(socket);
        return socket;
    }

    protected override void StepPrograms()
    {
        if (Random.Next(2) == 0)
        {
            if (_sockets.Count > 0) _sockets[Random.Next(_sockets.Count)].Step();
            return;
        }

        var client = Random.Next(Clients);
        if (_clients[client] is null or { IsOver: true }) Connect(client);
        else _clients[client]!.Step();
        if (_programs.Count == 0) return;
        var any = _programs[Random.Next(_programs.Count)];
        if (!_isTargetPaused || any.Socket is InletStreamSocket) any.Step();
    }

    protected override void PassTime()
    {
        _isTargetUp |= Random.Next(5) == 0;
        if (_hasHoles && Random.Next(5) == 0) KnowPeers(Gateways[Random.Next(Gateways.Count)], isKnown: true);
    }

    protected override void FailPrograms()
    {
        switch (Random.Next(_hasHoles ? 10 : 4))
        {
            case > 5:
                TakePiece();
                break;
            case > 3:
                KnowPeers(Gateways[Random.Next(Gateways.Count)], isKnown: false);
                break;
            case 0:
                _isTargetUp = false;
                foreach (var server in _programs.Where(program => program.Socket is OutletStreamSocket)) server.Die();
                Occurrences.Count("fault: target killed");
                break;
            case 1:
                _isTargetPaused = !_isTargetPaused;
                Occurrences.Count("fault: target paused or resumed");
                break;
            default:
                _clients[Random.Next(Clients)]?.Die();
                Occurrences.Count("fault: client killed");
                break;
        }
    }

    protected override void OnEnding(SimulatedGateway gateway)
    {
        HashSet<string> open = Gateways[0].IsRunning
            ? [.. Gateways[0].Tcp.Inlets.SelectMany(inlet => inlet.Conversations).Select(one => one.Id)] : [];
        foreach (var (id, conversation) in _conversations)
        {
            if (gateway == Gateways[0]) conversation.HasLostInlet |= open.Contains(id);
            else conversation.HasLostOutlet |= conversation.IsOpen || open.Contains(id);
        }
    }

    protected override void RunPrograms()
    {
        for (var i = 0; i < 8; i++)
        {
            for (var client = 0; client < Clients; client++)
            {
                if (_clients[client] is null or { IsOver: true }) Connect(client);
            }

            _sockets.RemoveAll(socket => socket.IsOver);
            foreach (var program in _programs) program.Step();
            foreach (var socket in _sockets.ToList()) socket.Step();
        }
    }

    protected override void Heal()
    {
        (_isTargetUp, _isTargetPaused) = (true, false);
        foreach (var gateway in Gateways) KnowPeers(gateway, isKnown: true);
        GoOn(() => IsAtRest);
    }

    protected override void Check()
    {
        foreach (var conversation in _conversations.Values)
        {
            conversation.Check();
            Occurrences.Count($"streams {conversation.Outcome}");
        }

        Occurrences.Count("bytes read", _programs.Sum(program => program.Read.Count));
    }

    protected override IEnumerable<string> Waiting() => _conversations.Values
        .Where(one => !one.Client.IsOver || one.Servers.Any(server => !server.IsOver)).Select(one => one.ToString())
        .Append($"{_made} of {_conversationsMax} conversations, {_sockets.Count(socket => !socket.IsOver)} sockets")
        .Append($"outlet {Gateways[1].Tcp.Outlets[0] with { History = [] }}");

    private void Connect(int client)
    {
        if (_made == _conversationsMax || _door is not { } door || _isInletHeld || !Gateways[0].IsRunning || Gateways[0].IsFrozen) return;
        _made++;
        var socket = new InletStreamSocket(Gateways[0], BufferBytes(), Random);
        _sockets.Add(socket);
        var remote = $"10.0.0.{client + 1}:{5000 + _made}";
        Gateways[0].Event(() => socket.Heard = door.Visitors.OnAccepted(socket, $"10.0.0.{client + 1}", remote));
        var program = NewProgram(
            $"client {_made}", socket, [StreamManner.Finishes, StreamManner.Closes, StreamManner.Resets]);
        _clients[client] = program;
        var id = Gateways[0].Tcp.Inlets[0].Conversations.First(conversation => conversation.Remote == remote).Id;
        _conversations.Add(id, new StreamConversation(program, _delivery == OutletDelivery.Acknowledged) { MayHaveHole = _isRouteGone });
    }

    /// <summary>An operator of one of the gateways takes a piece out of a queue: for good, or to the dead letters.</summary>
    private void TakePiece()
    {
        var gateway = Gateways[Random.Next(Gateways.Count)];
        if (!gateway.IsListening || gateway.IsStopping || gateway.IsFrozen) return;
        var queues = gateway.State.Queues.Where(queue => queue.Messages > 0).Select(queue => queue.Id).ToList();
        var open = _conversations.Where(one => one.Value.IsOpen).ToList();
        if (queues.Count == 0 || open.Count == 0) return;
        var queue = queues[Random.Next(queues.Count)];
        var (id, conversation) = open[Random.Next(open.Count)];
        var ofConversation = new BrowseFilter { Headers = new Dictionary<string, string> { [TcpNames.Conversation] = id } };
        gateway.Manage(management => management.Browse(queue, after: 0, ofConversation, state: null, entriesMax: 100, page =>
        {
            var pieces = page.Entries.Where(entry => entry.BodyBytes > 0).ToList();
            if (pieces.Count == 0) return;
            conversation.MayHaveHole = true;
            management.Start(
                new OperationRequest
                {
                    Kind = Random.Next(2) == 0 ? OperationKind.Purge : OperationKind.DeadLetter,
                    Queue = queue,
                    Number = pieces[Random.Next(pieces.Count)].Number,
                },
                "operator", answer => management.WhenEnded(answer.Status?.Id ?? default, ended =>
                {
                    if (ended?.Changed > 0) Occurrences.Count("fault: piece taken out");
                }));
        }));
    }

    /// <summary>
    /// The gateway has no route to the other one, or has it again. The inlet's holds its programs back meanwhile; what the target sends
    /// meanwhile cannot be sent back.
    /// </summary>
    private void KnowPeers(SimulatedGateway gateway, bool isKnown)
    {
        if (!gateway.KnowPeers(isKnown)) return;
        if (!isKnown) Occurrences.Count($"fault: gateway {gateway.Label} without a route");
        if (gateway != Gateways[1]) return;
        _isRouteGone = !isKnown;
        foreach (var open in _conversations.Values.Where(one => one.IsOpen || one.Servers.Count == 0)) open.MayHaveHole |= !isKnown;
    }

    /// <summary>The target's program takes the connection; null if there is none that listens.</summary>
    private string? Accept(OutletStreamSocket socket)
    {
        if (!_isTargetUp) return null;
        var server = NewProgram($"server {_programs.Count}", socket, Enum.GetValues<StreamManner>());
        var remote = $"10.0.0.9:700/{_programs.Count}";
        socket.OnConnected = () =>
        {
            if (Gateways[1].Tcp.Outlets[0].Connections.FirstOrDefault(connection => connection.Remote == remote) is { } connection)
                _conversations[connection.Id].Servers.Add(server);
        };
        return remote;
    }

    private StreamProgram NewProgram(string name, StreamSocket socket, StreamManner[] manners)
    {
        var bytes = Random.Next(6) == 0 ? 0 : Random.Next(1, _isLarge ? 300_000 : 2_000);
        // As a rule both sides mean well.
        var manner = Random.Next(2) == 0 ? manners[0] : manners[Random.Next(manners.Length)];
        var program = new StreamProgram(name, socket, manner, bytes, Size(300), Random);
        _programs.Add(program);
        return program;
    }

    private void EndSockets<TSocket>()
        where TSocket : StreamSocket
    {
        if (typeof(TSocket) == typeof(InletStreamSocket)) _door = null;
        foreach (var socket in _sockets.OfType<TSocket>()) socket.EndGateway();
    }

    private int BufferBytes() => Size(600);

    private int Size(int max) => Random.Next(max / 10, max) * (_isLarge ? 300 : 1);

    private InletSettings Inlet() => new("in", "tcp://10.0.0.1:7000", $"{Queue}@b", new FrameFormat.Stream());

    private OutletSettings Outlet() => new("out", Queue, "10.0.0.9", 700, new FrameFormat.Stream())
    {
        Delivery = _delivery,
        IsPerConversation = true,
        ConnectionsMax = Random.Next(3) == 0 ? Random.Next(1, 4) : 100,
        WindowBytes = Random.Next(2) == 0 ? Random.Next(1, 500) : OutletBench.Settings().WindowBytes,
        BackoffMax = TimeSpan.FromMilliseconds(500),
    };

    private sealed class Door(StreamWorld world, IVisitors visitors) : IInletDoor
    {
        public IVisitors Visitors => visitors;

        public void Hold() => world._isInletHeld = true;

        public void LetGo() => world._isInletHeld = false;

        public void Close()
        {
            if (world._door == this) world._door = null;
            visitors.OnDoorClosed();
        }
    }
}
