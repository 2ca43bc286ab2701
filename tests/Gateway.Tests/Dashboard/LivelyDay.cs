using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Gateway.Management;
using Gateway.Store.Messages;
using Gateway.Tests.Management;

namespace Gateway.Tests.Dashboard;

/// <summary>
/// A lively day with five peers, as a gateway shows it from second to second; operations really change what is seen.
/// </summary>
internal sealed partial class LivelyDay
{
    public static readonly QueueId Invoices = QueueId.Inbound("invoices");

    private readonly FakeManagement _management;
    private readonly DateTimeOffset _start = TimeProvider.System.GetUtcNow();

    public LivelyDay(FakeManagement management)
    {
        _management = management;
        management.BrowsePiece = 100;
        management.Drill = DrillAnswer.NotEnabled;
        management.Clock = TimeProvider.System.GetUtcNow;
        management.Describe = State;
        management.DescribeLink = Link;
        management.DescribeWay = Way;
        management.StartFault = request => request.Destination == "nowhere@nobody" ? "There is no peer nobody." : "";
        management.OnStart = Start;
        management.Routes =
        [
            new RouteSummary("orders", RouteMode.Partition, "customer",
            [
                new RouteTarget("orders@billing", QueueId.Outgoing("orders", "billing"), IsUp: false, 1204),
                new RouteTarget("orders@archive", QueueId.Outgoing("orders", "archive"), IsUp: true, 0),
            ]),
        ];
        Fill();
    }

    /// <summary>An operation goes on to its end by itself; otherwise it stays at its half until it is cancelled.</summary>
    public bool EndsOperations { get; set; } = true;

    public bool HasTrouble { get; set; } = true;

    /// <summary>There are inlets and outlets.</summary>
    public bool HasPrograms { get; set; }

    private GatewayState State()
    {
        var now = TimeProvider.System.GetUtcNow();
        var seconds = (now - _start).TotalSeconds;
        var queues = _management.Queues.Select(queue => Queue(queue.Key, queue.Value, now, seconds)).ToList();
        return new GatewayState
        {
            Name = "plant-7",
            Incarnation = Guid.Empty,
            StartedAt = _start.AddDays(-12),
            Now = now,
            Links =
            [
                _management.WentBack
                    ? Link("billing", LinkState.Down, LinkCause.PeerWentBack, now.AddMinutes(-4),
                        "acknowledged and gone there are the numbers 4 to 6 of queue orders", 0)
                    : Link("billing", HasTrouble ? LinkState.Down : LinkState.Up, LinkCause.Refused, now.AddMinutes(-47),
                        "connect to 10.0.4.17:7001 was refused (ECONNREFUSED); 212 attempts", 0),
                Link("warehouse", LinkState.Up, LinkCause.PeerRestarted, now.AddHours(-5), "", 1850 + (420 * Math.Sin(seconds / 6))),
                Link("shipping-north", HasTrouble ? LinkState.Connecting : LinkState.Up, LinkCause.ConnectTimeout, now.AddSeconds(-3),
                    "no answer from 10.0.9.3:7001 in 5 s", 0),
                Link("archive", LinkState.Up, LinkCause.None, now.AddDays(-11), "", 0),
                Link("head-office", LinkState.Up, LinkCause.None, now.AddDays(-2), "", 0) with
                    { Warning = HasTrouble ? "ClockSkew: the peer's clock is 42 s ahead of this one" : "" },
            ],
            Inlets = HasPrograms ? Inlets(now) : [],
            Outlets = HasPrograms ? Outlets(now, queues) : [],
            Queues = queues,
            Outgoing = QueueSums.Of(queues, QueueKind.Outgoing),
            Inbound = QueueSums.Of(queues, QueueKind.Inbound),
            DeadLetters = _management.Letters.Count,
            Damaged = 0,
            StoredBytes = 1_483_000 + queues.Sum(queue => queue.Bytes),
            StoredBytesMax = 10_000_000_000,
            FreeBytes = 84_600_000_000,
            FreeBytesMin = 256 << 20,
            Connections = new Dictionary<string, long> { ["taken"] = 12 },
        };

        LinkSummary Link(string peer, LinkState state, LinkCause cause, DateTimeOffset since, string evidence, double rate)
        {
            var own = queues.Where(queue => queue.Id.Kind == QueueKind.Outgoing && queue.Id.Peer == peer).ToList();
            return new LinkSummary
            {
                Status = new LinkStatus(peer, state, cause, since, evidence, LinkAdvice.For(cause)),
                Messages = own.Sum(queue => queue.Messages),
                Bytes = own.Sum(queue => queue.Bytes),
                OldestAt = own.Min(queue => queue.OldestAt),
                SentPerSecond = rate,
                Pause = _management.PausedPeers.GetValueOrDefault(peer),
            };
        }
    }

    private LinkDetails Link(GatewayState state, LinkSummary summary)
    {
        var peer = summary.Status.Peer;
        var history = History(peer, state.Now);
        return new LinkDetails
        {
            Summary = summary,
            Now = state.Now,
            History = history,
            Candidates = LinkDiagnosis.Candidates(summary.Status, history),
            Patterns = LinkPatterns.Find(history),
            InDoubt = peer == "billing" && HasTrouble ? [new InDoubt("orders", 1, 120, 120), new InDoubt("prices", 1, 8, 8)] : [],
            Queues = [.. state.Queues.Where(queue => queue.Id.Kind == QueueKind.Outgoing && queue.Id.Peer == peer)],
        };
    }

    private static MessageTrace Way(QueueId? queue, FoundMessage message)
    {
        var (found, letter) = (message.Message!, message.DeadLetter);
        var accepted = DateTimeOffset.FromUnixTimeMilliseconds(found.Message.EnqueuedUnixMs);
        List<TraceStep> steps =
        [
            new TraceStep(accepted, "accepted", $"Gateway {found.Message.Source} took it from an application."),
            new TraceStep(accepted, "stored", $"It is on disk as number {found.Number} of {letter?.Queue.Name ?? queue?.Name}."),
        ];
        if (letter is not null) steps.Add(
            new TraceStep(DateTimeOffset.FromUnixTimeMilliseconds(letter.AtUnixMs), "dead-lettered", $"{letter.Reason}: {letter.Text}."));
        else if (queue == FakeManagement.Orders && found.Number <= 120) steps.Add(
            new TraceStep(accepted.AddSeconds(1), "in-doubt", "It was sent on a connection that ended before the peer acknowledged it."));
        if (letter is null) steps.Add(new TraceStep(
            null, "waiting", queue?.Kind == QueueKind.Outgoing ? "It waits for the link to come up." : "It waits for a consumer."));
        return new MessageTrace(found, letter, steps);
    }

    private QueueSummary Queue(QueueId id, SortedDictionary<long, StoredMessage> messages, DateTimeOffset now, double seconds)
    {
        var isFast = id.Peer == "warehouse";
        var waiting = messages.Count + (isFast ? (long)(90 * (1 + Math.Sin(seconds / 9))) : 0);
        return new QueueSummary
        {
            Id = id,
            Messages = waiting,
            Bytes = messages.Values.Sum(stored => (long)stored.Message.Headers.Length + stored.Message.Body.Length),
            Head = messages.Count == 0 ? 1 : messages.Keys.First(),
            Tail = messages.Count == 0 ? 0 : messages.Keys.Last(),
            OldestAt = messages.Count == 0 ? null : isFast ? now.AddMilliseconds(
                -180) : DateTimeOffset.FromUnixTimeMilliseconds(messages.Values.First().Message.EnqueuedUnixMs),
            StoredPerSecond = isFast ? 1860 : id == FakeManagement.Orders ? 0.4 : 0,
            RemovedPerSecond = isFast ? 1850 : 0,
            Pause = _management.PausedQueues.GetValueOrDefault(id),
            Operation = _management.Operations.Find(
                operation => operation.State == OperationState.Running && operation.Request.Queue == id)?.Id,
        };
    }

    private static List<LinkChange> History(string peer, DateTimeOffset now)
    {
        var changes = new List<LinkChange> { new(now.AddHours(-23), LinkState.Up, LinkCause.None, "") };
        if (peer is "archive" or "head-office") return changes;
        for (var hours = 21.5; hours > 1; hours -= 4.2)
        {
            var end = now.AddHours(-hours);
            changes.Add(new LinkChange(end, LinkState.Down, LinkCause.ResetByPeer, "the connection was reset (ECONNRESET)")
            { UpSeconds = 4.2 * 3600, QuietSeconds = 1800 + hours, InDoubt = [new InDoubt("orders", 1, 40, 40)] });
            changes.Add(new LinkChange(end.AddMinutes(4), LinkState.Connecting, LinkCause.ConnectTimeout, "no answer in 5 s"));
            changes.Add(new LinkChange(end.AddMinutes(9), LinkState.Up, LinkCause.None, "")
            {
                InDoubt = [new InDoubt("orders", 1, 40, 40, 31, 9)],
            });
        }

        changes.Add(new LinkChange(now.AddMinutes(-47), LinkState.Down, LinkCause.Refused,
            "connect to 10.0.4.17:7001 was refused (ECONNREFUSED)")
        { UpSeconds = 3000, QuietSeconds = 1802 });
        return changes;
    }
}
