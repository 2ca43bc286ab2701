using System.Text;
using Gateway.Client;
using Gateway.Links;
using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Gateway.Links.Sending;
using Gateway.Store.Commands;
using Gateway.Store.Messages;
using Gateway.Store.State;
using Gateway.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Tests.Links;

/// <summary>An outgoing link of gateway "here" to "there", with its connection recorded and its store in memory.</summary>
internal sealed class LinkBench : ILinkConnection, ILinkChanges
{
    public static readonly LinkLimits Limits = new(BodyBytesMax: 1000, WindowBytes: 100_000, WindowMessages: 100);
    public static readonly GatewayIdentity There =
        new("there", new Guid("00000000-0000-0000-0000-0000000000bb"), new Guid("00000000-0000-0000-0000-000000000001"), 1_000, Run: 1);
    public static readonly GatewayIdentity ThereAgain = There with
    { Incarnation = new Guid("00000000-0000-0000-0000-000000000002"), StartedUnixMs = 2_000, Run = 2 };

    /// <summary>The peers that a gateway "here" knows.</summary>
    public static readonly IReadOnlySet<string> Peers = new HashSet<string> { "there" };

    private readonly List<LinkFrame> _sent = [];
    private readonly Queue<LinkFrame.Ask> _asked = new();
    private Dictionary<string, long> _positions = [];
    private long _lastId;

    /// <param name="store">The store that an earlier run has left.</param>
    public LinkBench(StoreBench store)
        : this(settings: null, store)
    {
    }

    public LinkBench(LinkSettings? settings = null, StoreBench? store = null, ILogger<OutgoingLink>? logger = null)
    {
        Store = store ?? new StoreBench();
        Settings = settings ?? new LinkSettings { Limits = Limits };
        Clock.Advance(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
        Self = new GatewayIdentity("here", Store.StoreId, new Guid("00000000-0000-0000-0000-000000000003"), Clock.NowUnixMs, Run: 1);
        Link = new OutgoingLink("there", Settings, Self, Clock, Store, this, new LinkHistory("there", this),
            new OwnPast(), NoTelemetry.Instance, new Random(1),
            logger ?? NullLogger<OutgoingLink>.Instance);
    }

    public LinkSettings Settings { get; }

    public LoopClock Clock { get; } = new();

    public StoreBench Store { get; }

    public GatewayIdentity Self { get; }

    public OutgoingLink Link { get; }

    /// <summary>The changes that the link gave to be kept.</summary>
    public List<LinkChange> Kept { get; } = [];

    public int Dials { get; private set; }

    public bool IsHungUp { get; private set; }

    /// <summary>The frames sent since the last call.</summary>
    public IReadOnlyList<LinkFrame> TakeSent()
    {
        var sent = _sent.ToList();
        _sent.Clear();
        return sent;
    }

    public void OnChanged(string peer, LinkChange change) => Kept.Add(change);

    public void OnHappened(string peer, LinkChange change)
    {
        // Keeping it is enough.
    }

    public void Dial(IDialedLink link)
    {
        Dials++;
        IsHungUp = false;
    }

    /// <summary>The further addresses of the peer in this round.</summary>
    public int OtherAddresses { get; set; }

    public bool TryDialNext(IDialedLink link)
    {
        if (OtherAddresses == 0) return false;
        OtherAddresses--;
        Dial(link);
        return true;
    }

    public void HangUp() => IsHungUp = true;

    public void Send(LinkFrame frame)
    {
        if (frame is LinkFrame.Ask ask) _asked.Enqueue(ask);
        else _sent.Add(frame);
    }

    /// <summary>The peer answers a question when the test says so, not at once.</summary>
    public bool IsSlowToAnswer { get; set; }

    /// <summary>The questions that the peer has not answered.</summary>
    public IReadOnlyCollection<LinkFrame.Ask> Asked => _asked;

    /// <summary>The peer answers a question, the one that was asked first.</summary>
    public void Answer()
    {
        var ask = _asked.Dequeue();
        Link.OnFrame(
            new LinkFrame.Positions([.. ask.Queues.Select(queue => new QueuePosition(queue, _positions.GetValueOrDefault(queue)))]));
    }

    public List<DrillKind> Drills { get; } = [];

    public void Drill(DrillKind kind, TimeSpan duration) => Drills.Add(kind);

    /// <summary>Connects and is welcomed.</summary>
    public LinkBench Up(LinkLimits? limits = null, params (string Queue, long Number)[] positions)
    {
        if (Dials == 0) Link.Start();
        Link.OnConnected();
        TakeSent();
        Welcome(There, limits, positions);
        return this;
    }

    /// <summary>
    /// Is welcomed with messages of a queue, so that it is asked for, and not opened: what follows need not wait for an answer.
    /// </summary>
    public void UpWith(LinkLimits limits, string queue, params string[] bodies)
    {
        Enqueue(queue, bodies);
        Up(limits);
        Store.Run();
    }

    public void Welcome(GatewayIdentity from, LinkLimits? limits = null, params (string Queue, long Number)[] positions)
    {
        _asked.Clear();
        _positions = positions.ToDictionary(position => position.Queue, position => position.Number);
        Link.OnFrame(new LinkFrame.Welcome(from, limits ?? Limits, 0));
        while (!IsSlowToAnswer && _asked.Count > 0) Answer();
    }

    /// <summary>Is welcomed by a peer that has judged what the link knows of its past.</summary>
    public void Welcome(GatewayIdentity from, PastVerdict past, Dictionary<string, long> positions)
    {
        _positions = positions;
        Link.OnFrame(new LinkFrame.Welcome(from, Limits, 0) { Past = past });
    }

    public void After(TimeSpan time)
    {
        Clock.Advance(Clock.Now + time);
        Link.Tick();
    }

    /// <summary>Accepts messages for a queue of the peer.</summary>
    public void Enqueue(string queue, params string[] bodies) => Enqueue(queue, expires: 0, bodies);

    public void Enqueue(string queue, long expires, params string[] bodies)
    {
        var messages = bodies.Select(body => new IncomingMessage(NewMessage(body, expires), 0)).ToList();
        Store.Submit(new EnqueueCommand([QueueId.Outgoing(queue, "there")], messages, Clock.NowUnixMs, done =>
        {
            foreach (var (id, stored) in done.Placed) Link.OnStored(id, stored);
            Link.SendStored();
        }));
        Store.Run();
    }

    public Message NewMessage(string body, long expires = 0) => new()
    {
        Id = new MessageId(new Guid((int)++_lastId, 0, 0, new byte[8])),
        EnqueuedUnixMs = Clock.NowUnixMs,
        ExpiresUnixMs = expires,
        Source = "here",
        Body = Encoding.UTF8.GetBytes(body),
    };

    public static string Bodies(LinkFrame frame) =>
        string.Join(",", ((LinkFrame.Batch)frame).Messages.Select(item => Encoding.UTF8.GetString(item.Message.Body.Span)));

    /// <summary>How many messages wait in an outgoing queue of the store.</summary>
    public long Waiting(string queue) => Store.State.Find(QueueId.Outgoing(queue, "there"))?.Messages ?? 0;
}
