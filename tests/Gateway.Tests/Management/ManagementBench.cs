using System.Text;
using Gateway.Client.Wire;
using Gateway.Composition;
using Gateway.Inbox;
using Gateway.Intake;
using Gateway.Links.Fleet;
using Gateway.Links.Protocol;
using Gateway.Links.Sending;
using Gateway.Management;
using Gateway.Store;
using Gateway.Store.Browsing;
using Gateway.Store.Messages;
using Gateway.Store.State;
using Gateway.Tcp;
using Gateway.Telemetry;
using Gateway.Tests.Store;
using Gateway.Tests.Tcp.Inlets;
using Gateway.Tests.Tcp.Outlets;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;

namespace Gateway.Tests.Management;

/// <summary>
/// The whole core of a gateway "here" with the peers "there" and "far", over a store in memory; what it sends to its peers is recorded.
/// </summary>
internal sealed class ManagementBench
{
    private readonly StoreSettings _settings;
    private readonly TcpSettings _tcp;
    private readonly MemoryBlockStore _blocks = new();
    private readonly Random _random = new(1);
    private MessageStore _store = null!;
    private readonly List<StoreCommand> _executed = [];
    private SubmittedCommands _submitted = [];
    private Dictionary<string, Connection> _connections = [];
    private Dictionary<string, PeerPlace> _places = [];
    private long _lastRequest;

    /// <param name="inlet">Null for a gateway without an inlet.</param>
    public ManagementBench(StoreSettings? settings = null, InletSettings? inlet = null)
    {
        _settings = settings ?? new StoreSettings();
        _tcp = inlet is null ? TcpSettings.None : new TcpSettings([inlet], []);
        Clock.Advance(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
        Restart();
    }

    public void Restart() => Restart("there", "far");

    public LoopClock Clock { get; } = new();

    /// <summary>The clock of each peer that welcomes this gateway, minus this one's.</summary>
    public TimeSpan PeersAhead { get; set; }

    public GatewayCore Core { get; private set; } = null!;

    /// <summary>The listeners of this run's inlet.</summary>
    public FakeDoors Doors { get; private set; } = null!;

    public ManagementCore Management => Core.Management;

    public StoreState State => _store.State;

    /// <summary>The process is killed, and starts again on what was durable, with these peers.</summary>
    public void Restart(params IEnumerable<string> peers)
    {
        Begin(peers);
        Run();
    }

    /// <summary>Likewise, and the store has not told anything yet.</summary>
    public void Begin(params IEnumerable<string> peers)
    {
        _submitted = [];
        _executed.Clear();
        _store = MessageStore.Open(_blocks, _settings, new Guid("00000000-0000-0000-0000-0000000000aa"));
        _connections = peers.ToDictionary(peer => peer, _ => new Connection());
        _places = peers.ToDictionary(peer => peer, PlaceOf);
        Core = new GatewayCore(
            new GatewayIdentity("here", _store.StoreId, new Guid(_random.Next(), 0, 0, new byte[8]), Clock.NowUnixMs, Run: 1),
            new GatewaySettings(new IntakeSettings { Limits = new WireLimits() },
                new LinkSettings { Limits = new LinkLimits(100_000, 1_000_000, 1000) }, new InboxSettings(), _connections.Keys.ToHashSet(),
                new Dictionary<string, Route>
                {
                    ["copies"] = new(["orders@there", "orders@far"]),
                    ["shared"] = new(["orders@there", "orders@far"]) { Mode = RouteMode.Share },
                    ["parted"] = new(["orders@there", "orders@far", "kept@here"]) { Mode = RouteMode.Partition },
                })
            { Tcp = _tcp },
            Clock,
            _submitted,
            _connections.ToDictionary(peer => peer.Key, ILinkConnection (peer) => peer.Value),
            new NoWayBack(),
            new NoTargets(),
            Doors = new FakeDoors(),
            new QuietShell(),
            _random,
            NoTelemetry.Instance,
            NullLoggerFactory.Instance);
        Core.Start(() => Core.Connect());
    }

    public static PeerPlace PlaceOf(string peer) => new($"tcp://{peer}:1", "");

    /// <summary>Another configuration is applied, with these peers and no route.</summary>
    /// <returns>False if it was not applied.</returns>
    public bool Configure(
        StoreSettings? store = null, FleetShare share = FleetShare.Totals, params IEnumerable<(string Name, PeerPlace Place)> peers)
    {
        var next = peers.ToDictionary(peer => peer.Name, peer => peer.Place);
        var isApplied = Ask<bool>(done => Core.Live.Apply(
            new LiveSettings(next, new Dictionary<string, Route>(), ApplicationBook.Open, 1024 * 1024, new InboxSettings(),
                store ?? _settings)
            { Share = share },
            PeerChanges.Between(_places, next), new Shell(_connections), done));
        if (isApplied) _places = next;
        return isApplied;
    }

    /// <summary>The connections to a peer that were begun.</summary>
    public int Dials(string peer) => _connections[peer].Dials;

    /// <summary>Lets the store do all that was asked of it.</summary>
    public void Run()
    {
        while (_submitted.Count + _executed.Count > 0) RunOnce();
    }

    /// <summary>The store does what was asked of it, and the loop learns of that only later.</summary>
    public void ExecuteAhead()
    {
        var group = _submitted.ToList();
        _submitted.Clear();
        _store.Execute(group);
        Asked += group.Count;
        _executed.AddRange(group);
    }

    public void RunOnce()
    {
        ExecuteAhead();
        var executed = _executed.ToList();
        _executed.Clear();
        Core.OnExecuted(executed);
    }

    public void After(TimeSpan time)
    {
        Clock.Advance(Clock.Now + time);
        Core.Tick();
        Run();
    }

    /// <summary>The peer answers the hello; it has each queue up to a number.</summary>
    public void Welcome(string peer, params (string Queue, long Number)[] positions)
    {
        var link = Core.Outgoing[peer];
        link.Retry();
        link.OnConnected();
        link.OnFrame(new LinkFrame.Welcome(new GatewayIdentity(peer, Guid.Empty, new Guid(peer.Length, 0, 0, new byte[8]), 0, Run: 1),
            new LinkLimits(100_000, 1_000_000, 1000), Clock.NowUnixMs + (long)PeersAhead.TotalMilliseconds));
        foreach (var ask in _connections[peer].TakeQuestions())
        {
            link.OnFrame(new LinkFrame.Positions([.. ask.Queues.Select(
                queue => new QueuePosition(queue, positions.FirstOrDefault(position => position.Queue == queue).Number))]));
        }

        Run();
    }

    public void Acknowledge(string peer, string queue, long number)
    {
        Core.Outgoing[peer].OnFrame(new LinkFrame.Ack(queue, number));
        Run();
    }

    public void Lose(string peer)
    {
        Core.Outgoing[peer].OnLost(LinkCause.ResetByPeer, "cut by the test");
        Run();
    }

    /// <summary>The questions for its summary that the peer was asked, among the frames not taken yet.</summary>
    public int SummariesAskedOf(string peer) =>
        _connections[peer].Sent.Count(frame => frame is LinkFrame.Ping { Token: LinkFrame.Ping.AsksForSummary });

    /// <summary>The commands that the store has executed since the start.</summary>
    public int Asked { get; private set; }

    /// <summary>The bodies of what the peer was sent since it was last asked.</summary>
    public string TakeSent(string peer) => string.Join(' ', _connections[peer].Take().OfType<LinkFrame.Batch>()
        .SelectMany(batch => batch.Messages).Select(message => Text(message.Message.Body)));

    public Reply Enqueue(string destination, params string[] bodies) => EnqueueWith(destination, "", bodies);

    public Reply EnqueueWith(string destination, string headers, params string[] bodies)
    {
        Reply? answer = null;
        var items = bodies.Select(body => new EnqueueItem(null, Encoding.UTF8.GetBytes(headers), 0, Encoding.UTF8.GetBytes(body))).ToList();
        Management.Enqueue(new Request.Enqueue(RequestId.FromNumber(++_lastRequest), destination, items), reply => answer = reply);
        Run();
        return answer.ShouldNotBeNull();
    }

    /// <summary>The bodies in a queue, or of the dead letters, as they are browsed and read.</summary>
    public string Waiting(QueueId? queue)
    {
        var bodies = new List<string>();
        var page = Ask<BrowsePage>(
            answer => _submitted.Enqueue(new Gateway.Store.Commands.BrowseCommand(queue, 0, BrowseFilter.All, 1000, answer)));
        page.IsEnd.ShouldBeTrue();
        foreach (var entry in page.Entries)
        {
            var read = Ask<Gateway.Store.Commands.ReadOneCommand>(
                answer => _submitted.Enqueue(new Gateway.Store.Commands.ReadOneCommand(queue, entry.Number, answer)));
            bodies.Add(Text(read.Found.ShouldNotBeNull().Message.Body));
        }

        return string.Join(' ', bodies);
    }

    public OperationStatus Operate(OperationRequest request, string who = "ann")
    {
        var (status, fault) = Ask<(OperationStatus?, string)>(answer => Management.Start(request, who, answer));
        fault.ShouldBe("");
        return Management.FindOperation(status.ShouldNotBeNull().Id).ShouldNotBeNull();
    }

    public string Refused(OperationRequest request)
    {
        var (status, fault) = Ask<(OperationStatus?, string)>(answer => Management.Start(request, "ann", answer));
        status.ShouldBeNull();
        return fault;
    }

    public GatewayState ReadState() => Ask<GatewayState>(Management.ReadState);

    public T Ask<T>(Action<Action<T>> ask)
    {
        var answered = false;
        var result = default(T);
        ask(answer =>
        {
            answered = true;
            result = answer;
        });
        Run();
        answered.ShouldBeTrue();
        return result!;
    }

    public static string Text(ReadOnlyMemory<byte> body) => Encoding.UTF8.GetString(body.Span);

    private sealed class Shell(Dictionary<string, Connection> connections) : IPeerConnections
    {
        public ILinkConnection Add(string peer, PeerPlace place) => connections[peer] = new Connection();

        public void Move(string peer, PeerPlace place)
        {
        }

        public void Remove(string peer) => connections.Remove(peer);

        public void Trust(IReadOnlyDictionary<string, string> pins)
        {
        }
    }

    private sealed class Connection : ILinkConnection
    {
        private readonly List<LinkFrame> _sent = [];

        public int Dials { get; private set; }

        public IReadOnlyList<LinkFrame> Sent => _sent;

        public IReadOnlyList<LinkFrame> Take()
        {
            var sent = _sent.ToList();
            _sent.Clear();
            return sent;
        }

        /// <summary>Takes the questions sent so far; the other frames remain to be taken.</summary>
        public IReadOnlyList<LinkFrame.Ask> TakeQuestions()
        {
            var asked = _sent.OfType<LinkFrame.Ask>().ToList();
            _sent.RemoveAll(frame => frame is LinkFrame.Ask);
            return asked;
        }

        public void Dial(IDialedLink link) => Dials++;

        public bool TryDialNext(IDialedLink link) => false;

        public void HangUp()
        {
        }

        public void Drill(DrillKind kind, TimeSpan length)
        {
        }

        public void Send(LinkFrame frame) => _sent.Add(frame);
    }
}
