using Gateway.Client.Wire;
using Gateway.Inbox;
using Gateway.Intake;
using Gateway.Store.Commands;
using Gateway.Store.Messages;
using Gateway.Telemetry;
using Gateway.Tests.Store;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Tests.Intake;

/// <summary>The conversation of gateway "here", which has the peers "there" and "far", with its applications.</summary>
internal sealed class IntakeBench : IInspection, IFullTargets
{
    private readonly SentReplies _mail = [];

    public IntakeBench(WireLimits? limits = null, long pendingBytesMax = 1024 * 1024, ApplicationBook? applications = null)
    {
        var settings = new IntakeSettings
        {
            Limits = limits
            ?? new WireLimits(),
            PendingBytesMax = pendingBytesMax,
            Applications = applications ?? ApplicationBook.Open
        };
        Clock.Advance(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var inboxes = new Inboxes(new InboxSettings(), settings.Limits, Clock, Store, NoTelemetry.Instance);
        Destinations = new Destinations("here", Peers, new Dictionary<string, Route>
        {
            ["copies"] = new(["orders@there", "orders@far", "orders@here"]),
            ["shared"] = new(["orders@there", "orders@far", "orders@here"]) { Mode = RouteMode.Share },
            ["parted"] = new(["orders@there", "orders@far", "orders@here"]) { Mode = RouteMode.Partition },
        }, Standing);
        Enqueues = new EnqueueIntake("here", Destinations, settings, Clock, Store, Placed, this, NoTelemetry.Instance);
        Sessions = new ClientSessions(
            settings,
            new GatewayIdentity("here", Store.StoreId, new Guid("00000000-0000-0000-0000-000000000003"), 0, Run: 1),
            Enqueues,
            inboxes,
            this,
            Clock,
            NullLogger<ClientSessions>.Instance);
    }

    public static IReadOnlySet<string> Peers { get; } = new HashSet<string> { "there", "far" };

    public LoopClock Clock { get; } = new();

    public ChangingStanding Standing { get; } = new();

    public Destinations Destinations { get; }

    /// <summary>The messages refused for lack of room.</summary>
    public List<(IReadOnlyList<QueueId> Targets, string Why)> Full { get; } = [];

    public StoreBench Store { get; } = new();

    public EnqueueIntake Enqueues { get; }

    public ClientSessions Sessions { get; }

    public StoredMessages Placed { get; } = [];

    /// <summary>Why this gateway takes no messages; empty when it does.</summary>
    public string Obstacle { get; set; } = "";

    public void OnFull(IReadOnlyList<QueueId> targets, StoreRefusal why) => Full.Add((targets, why.Why));

    public void FindObstacle(Action<string> answer) => Store.Submit(new DescribeCommand(_ => answer(Obstacle)));

    public void Count(QueueId queue, Action<QueueDepth> answer) =>
        Store.Submit(new FindQueueCommand(queue, found => answer(new QueueDepth(found.Queue?.Messages ?? 0, found.Queue?.Bytes ?? 0, 0))));

    public PeerState? StateOf(string peer) => new(peer, "down", "Refused", "nothing listens");

    public IntakeBench Hello(string connection = "1")
    {
        Send(new Request.Hello("1", "app"), connection);
        _mail.Clear();
        return this;
    }

    public CallerStanding Send(Request request, string connection = "1") =>
        SendFrames(connection, RequestCodec.Encode(request).Select(frame => frame.ToArray()).ToArray());

    public CallerStanding SendFrames(string connection, params byte[][] frames) => Sessions.OnFrames(connection, frames, _mail);

    public void Enqueue(string destination, params EnqueueItem[] items) =>
        Send(new Request.Enqueue(RequestId.FromNumber(7), destination, items));

    /// <summary>The answers since the last call, after the store has done its work.</summary>
    public IReadOnlyList<Reply> Take()
    {
        Store.Run();
        return TakeNow();
    }

    /// <summary>As <see cref="Take"/>, with the store still at work.</summary>
    public IReadOnlyList<Reply> TakeNow()
    {
        var mail = _mail.ToList();
        _mail.Clear();
        return mail;
    }

    public Reply.Rejected TakeRejected() => (Reply.Rejected)Take().Single();

    public static EnqueueItem Item(string body = "hi", string headers = "", Gateway.Client.MessageId? id = null) =>
        new(id, System.Text.Encoding.UTF8.GetBytes(headers), 0, System.Text.Encoding.UTF8.GetBytes(body));
}
