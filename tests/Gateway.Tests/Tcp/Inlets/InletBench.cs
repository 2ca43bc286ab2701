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
using Gateway.Tcp.Inlets;
using Gateway.Telemetry;
using Gateway.Tests.Intake;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Tests.Tcp.Inlets;

/// <summary>
/// The inlets of gateway "here", which has the peer "there", over a store in memory, with programs that do what a test says.
/// </summary>
internal sealed class InletBench : INextStep, IFullTargets, ILinkChanges
{
    public const string Address = "tcp://127.0.0.1:700";

    public static readonly FrameFormat Lines = new FrameFormat.Delimiter(1024, "\n"u8.ToArray());

    private readonly WireLimits _limits;
    private readonly InboxSettings _inbox;

    public InletBench(StoreSettings? store = null, WireLimits? limits = null, InboxSettings? inbox = null)
    {
        _inbox = inbox ?? new InboxSettings();
        _limits = limits ?? new WireLimits();
        Store = new StoreBench(store);
        Clock.Advance(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero), TimeSpan.Zero);
        Restart();
    }

    public LoopClock Clock { get; } = new();

    public ChangingStanding Standing { get; } = new();

    public StoreBench Store { get; }

    public FakeDoors Doors { get; private set; } = new();

    public Inboxes Inboxes { get; private set; } = null!;

    /// <summary>How the ids of this run's conversations begin.</summary>
    public string Run { get; private set; } = "";

    public EnqueueIntake Intake { get; private set; } = null!;

    public InletBook Book { get; private set; } = null!;

    /// <summary>The changes of the inlet that the store would have kept.</summary>
    public List<LinkChange> Kept { get; } = [];

    public InletStatus Status => Book.Statuses.Single();

    public static InletSettings Settings(InletAnswer answer = InletAnswer.Nothing) => new("in", Address, "q@there", Lines)
    {
        Answer = answer,
        AnswerBytes = answer == InletAnswer.Fixed ? "ok"u8.ToArray() : default(ByteText),
    };

    /// <summary>The gateway starts anew on the same store; what was submitted and not executed is lost.</summary>
    public void Restart()
    {
        Store.ForgetSubmitted();
        Doors = new FakeDoors();
        var intake = new IntakeSettings { Limits = _limits };
        var self = new GatewayIdentity("here", Store.StoreId, Guid.NewGuid(), Clock.NowUnixMs, Run: 1);
        Run = self.Incarnation.ToString("N")[..8];
        Inboxes = new Inboxes(_inbox, intake.Limits, Clock, Store, NoTelemetry.Instance) { Incarnation = self.Incarnation };
        var destinations = new Destinations(
            "here", new HashSet<string> { "there" }, new Dictionary<string, Route>(), Standing);
        Intake = new EnqueueIntake("here", destinations, intake, Clock, Store, this, this, NoTelemetry.Instance);
        Book = new InletBook(new InletParts(self, Intake, Inboxes, Store, intake.Limits, Clock, Doors, this,
            NullLogger<Inlet>.Instance));
        foreach (var change in Kept) Book.Restore("in", change);
        Book.Restore(Store.State.Marks);
    }

    /// <summary>Begins, or goes on with these settings.</summary>
    public void Use(params InletSettings[] settings)
    {
        Book.Use(settings);
        Store.Run();
    }

    /// <summary>Begins with one program that is connected.</summary>
    public FakeProgram Connect(InletSettings? settings = null)
    {
        Use(settings ?? Settings());
        return Another();
    }

    public FakeProgram Another(string remote = "10.0.0.5:5000", string address = Address)
    {
        var program = Doors.Connect(address, remote);
        Store.Run();
        return program;
    }

    /// <summary>The conversation that began last.</summary>
    public string Conversation => Status.Conversations[0].Id;

    /// <summary>A reply of the far program, or an event.</summary>
    /// <param name="frame">Its number, or the one that the next frame would have had; 0 for none.</param>
    public void Reply(string conversation, string body, string name = "", long frame = 0, string outlet = "out")
    {
        var headers = new Dictionary<string, string> { [TcpNames.Outlet] = outlet, [TcpNames.Conversation] = conversation };
        if (name.Length > 0) headers[TcpNames.Event] = name;
        if (frame > 0) headers[TcpNames.Frame] = frame.ToString(CultureInfo.InvariantCulture);
        var message = new Message
        {
            Id = MessageId.New(Clock.Now),
            EnqueuedUnixMs = Clock.NowUnixMs,
            Source = "there",
            Headers = HeadersJson.Write(headers),
            Body = Encoding.UTF8.GetBytes(body),
        };
        Store.Submit(new EnqueueCommand([QueueId.Inbound("in.replies")], [new IncomingMessage(message, 0)], Clock.NowUnixMs,
            done => ((INextStep)this).OnStored(done.Placed)));
        Store.Run();
    }

    public void After(TimeSpan time)
    {
        Clock.Advance(Clock.Now + time, Clock.Uptime + time);
        Book.Tick();
        Store.Run();
    }

    /// <summary>
    /// What waits for the far side: bodies with their frame numbers, and events in brackets, such as <c>a1 b2 [finished]</c>.
    /// </summary>
    public string Sent() => string.Join(" ", Messages(QueueId.Outgoing("q", "there")).Select(message =>
        TcpHeaders.Read(message.Headers) is { Event.Length: > 0 } told
            ? $"[{told.Event}]" : $"{Text(message.Body)}{TcpHeaders.Read(message.Headers).Frame}"));

    public IReadOnlyList<Message> Messages(QueueId queue)
    {
        IReadOnlyList<Message> found = [];
        Store.Submit(new ReadQueueCommand(queue, 0, 10_000, 10_000_000, all => found = [.. all.Select(one => one.Message)]));
        Store.Run();
        return found;
    }

    /// <summary>Queues and reasons of the dead letters.</summary>
    public IReadOnlyList<string> DeadLetters() =>
        [.. Store.State.DeadLettersAfter(0).Select(letter => $"{letter.Queue.Name} {letter.Reason}: {letter.Text}")];

    /// <summary>Makes room in the outgoing queue.</summary>
    public void Acknowledge(long upTo)
    {
        Store.Submit(new AcknowledgeCommand(QueueId.Outgoing("q", "there"), upTo));
        Store.Run();
    }

    /// <summary>An operator removes some messages of a queue that is held.</summary>
    public void Remove(QueueId queue, long after, long upTo)
    {
        for (var number = after + 1; number <= upTo; number++) Store.Submit(new CompleteCommand(queue, number, () => { }));
        Inboxes.OnTaken(queue, [.. Enumerable.Range((int)after + 1, (int)(upTo - after)).Select(number => (long)number)]);
        Store.Run();
    }

    void INextStep.OnStored(IReadOnlyList<Placed> placed)
    {
        foreach (var (queue, message) in placed)
        {
            if (queue.Kind == QueueKind.Inbound) Inboxes.OnStored(queue, message);
        }
    }

    void ILinkChanges.OnChanged(string peer, LinkChange change) => Kept.Add(change);

    void ILinkChanges.OnHappened(string peer, LinkChange change)
    {
    }

    void IFullTargets.OnFull(IReadOnlyList<QueueId> targets, StoreRefusal why)
    {
    }

    private static string Text(ReadOnlyMemory<byte> body) => Encoding.UTF8.GetString(body.Span).Trim();
}
