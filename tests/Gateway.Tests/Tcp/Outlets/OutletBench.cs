using System.Globalization;
using System.Text;
using Gateway.Client;
using Gateway.Client.Wire;
using Gateway.Inbox;
using Gateway.Intake;
using Gateway.Links.Causes;
using Gateway.Store.Commands;
using Gateway.Store.Messages;
using Gateway.Tcp;
using Gateway.Tcp.Framing;
using Gateway.Tcp.Outlets;
using Gateway.Telemetry;
using Gateway.Tests.Intake;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Tests.Tcp.Outlets;

/// <summary>
/// The outlets of gateway "here", which has the peer "there", over a store in memory, with targets that do what a test says.
/// </summary>
internal sealed class OutletBench : INextStep, IFullTargets, ILinkChanges
{
    public static readonly FrameFormat Lines = new FrameFormat.Delimiter(1024, "\n"u8.ToArray());

    private readonly InboxSettings _inbox;
    private Destinations _destinations = null!;

    public OutletBench(InboxSettings? inbox = null)
    {
        _inbox = inbox ?? new InboxSettings();
        Clock.Advance(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero), TimeSpan.Zero);
        Restart();
    }

    public LoopClock Clock { get; } = new();

    public ChangingStanding Standing { get; } = new();

    public StoreBench Store { get; } = new();

    public FakeTargets Targets { get; private set; } = new();

    public Inboxes Inboxes { get; private set; } = null!;

    public EnqueueIntake Intake { get; private set; } = null!;

    public OutletBook Book { get; private set; } = null!;

    /// <summary>The changes of outlets, by their evidence.</summary>
    public List<LinkChange> Changes { get; } = [];

    /// <summary>The messages to peers, oldest first.</summary>
    public List<Message> Outgoing { get; } = [];

    public OutletStatus Status => Book.Statuses.Single();

    public static OutletSettings Settings(OutletDelivery delivery = OutletDelivery.Acknowledged) =>
        new("out", "q", "target", 700, Lines) { Delivery = delivery };

    /// <summary>The gateway starts anew on the same store; what was submitted and not executed is lost.</summary>
    public void Restart()
    {
        Store.ForgetSubmitted();
        Targets = new FakeTargets();
        var intake = new IntakeSettings { Limits = new WireLimits() };
        Inboxes = new Inboxes(_inbox, intake.Limits, Clock, Store, NoTelemetry.Instance) { Incarnation = Guid.NewGuid() };
        _destinations = new Destinations(
            "here", new HashSet<string> { "there" }, new Dictionary<string, Route>(), Standing);
        Intake = new EnqueueIntake("here", _destinations, intake, Clock, Store, this, this, NoTelemetry.Instance);
        Book = new OutletBook(new OutletParts(
            "here", Clock, new Random(1), Inboxes, Intake, Targets, this, NullLogger<OutletLog>.Instance));
    }

    /// <summary>Begins, or goes on with these settings.</summary>
    public FakeTarget Use(OutletSettings settings)
    {
        Book.Use([settings]);
        Store.Run();
        return Targets.Dialed.Count == 0 ? new FakeTarget(null!) : Targets.Last;
    }

    /// <summary>Begins with a target that is connected.</summary>
    public FakeTarget Connect(OutletSettings? settings = null)
    {
        var target = Use(settings ?? Settings());
        Up(target);
        return target;
    }

    /// <summary>The target takes the connection.</summary>
    public void Up(FakeTarget target, TargetProgram? program = null)
    {
        target.Connect(program);
        Store.Run();
    }

    /// <summary>Messages of an application.</summary>
    public void Enqueue(params string[] bodies) => Place(bodies.Select(body => Make(body, ReadOnlyMemory<byte>.Empty)));

    /// <summary>Frames of an inlet's conversation.</summary>
    public void Frames(string conversation, params string[] bodies) => Place(bodies.Select(body => Make(body, Headers(conversation, ""))));

    /// <summary>Likewise, of an inlet of another gateway.</summary>
    public void FramesFrom(string gateway, string conversation, params string[] bodies) =>
        Place(bodies.Select(body => Make(body, Headers(conversation, "", gateway)) with { Source = gateway }));

    /// <summary>The store has these limits from now on.</summary>
    public void Limit(StoreSettings settings)
    {
        Store.Submit(new UseLimitsCommand(settings));
        Store.Run();
    }

    /// <summary>Pieces of a stream, numbered from <paramref name="first"/> on.</summary>
    public void Pieces(string conversation, long first, params string[] bodies) =>
        Place(bodies.Select((body, index) => Make(body, Headers(conversation, "", frame: first + index, isStream: true))));

    /// <summary>An event of an inlet's conversation.</summary>
    /// <param name="next">The number that the next frame would have had; 0 if it is not told.</param>
    public void Tell(string conversation, string name, long next = 0) =>
        Place([Make("", Headers(conversation, name, frame: next, isStream: name == TcpNames.Began))]);

    /// <summary>There are these other gateways from now on.</summary>
    public void UsePeers(params string[] peers) => _destinations.Use(peers.ToHashSet(), new Dictionary<string, Route>());

    public void After(TimeSpan time)
    {
        Clock.Advance(Clock.Now + time, Clock.Uptime + time);
        Book.Tick();
        Inboxes.Tick();
        Store.Run();
    }

    /// <summary>Makes durable what was submitted.</summary>
    public void Run() => Store.Run();

    /// <summary>The bodies of the messages in the queue, in order, with their delivery counts.</summary>
    public string Waiting()
    {
        var found = "";
        Store.Submit(new ReadQueueCommand(QueueId.Inbound("q"), 0, 100, 1_000_000, all =>
            found = string.Join(" ", all.Select(one => $"{Encoding.UTF8.GetString(one.Message.Body.Span).Trim()}{one.Deliveries}"))));
        Store.Run();
        return found;
    }

    /// <summary>Reasons and texts of the dead letters.</summary>
    public IReadOnlyList<string> DeadLetters() =>
        [.. Store.State.DeadLettersAfter(0).Select(letter => $"{letter.Reason}: {letter.Text}")];

    void INextStep.OnStored(IReadOnlyList<Placed> placed)
    {
        foreach (var (queue, message) in placed)
        {
            if (queue.Kind == QueueKind.Inbound) Inboxes.OnStored(queue, message);
            else Outgoing.Add(message.Message);
        }
    }

    void IFullTargets.OnFull(IReadOnlyList<QueueId> targets, StoreRefusal why)
    {
    }

    void ILinkChanges.OnChanged(string peer, LinkChange change) => Changes.Add(change);

    void ILinkChanges.OnHappened(string peer, LinkChange change)
    {
    }

    private static byte[] Headers(string conversation, string name, string gateway = "there", long frame = 0, bool isStream = false)
    {
        var headers = new Dictionary<string, string>
        {
            [TcpNames.Inlet] = "in",
            [TcpNames.Conversation] = conversation,
            [TcpNames.From] = "10.0.0.1:5000",
            [TcpNames.Reply] = $"in.replies@{gateway}",
            [TcpNames.Answer] = "far",
        };
        if (isStream) headers[TcpNames.Framing] = TcpNames.FramingStream;
        if (name.Length > 0) headers[TcpNames.Event] = name;
        if (frame > 0) headers[TcpNames.Frame] = frame.ToString(CultureInfo.InvariantCulture);
        return HeadersJson.Write(headers);
    }

    private Message Make(string body, ReadOnlyMemory<byte> headers) => new()
    {
        Id = MessageId.New(Clock.Now),
        EnqueuedUnixMs = Clock.NowUnixMs,
        Source = "there",
        Headers = headers,
        Body = Encoding.UTF8.GetBytes(body.Length == 0 ? "" : body + "\n"),
    };

    private void Place(IEnumerable<Message> messages)
    {
        Store.Submit(new EnqueueCommand([QueueId.Inbound("q")], [.. messages.Select(message => new IncomingMessage(message, 0))],
            Clock.NowUnixMs, done => ((INextStep)this).OnStored(done.Placed)));
        Store.Run();
    }
}
