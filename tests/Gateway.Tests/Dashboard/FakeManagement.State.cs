using Gateway.Links;
using Gateway.Management;
using Gateway.Store;
using Gateway.Tests.Management;

namespace Gateway.Tests.Dashboard;

/// <summary>How the gateway stands, its links and its queues, as it changes from second to second.</summary>
internal sealed partial class FakeManagement
{
    private GatewayState State()
    {
        var now = TimeProvider.System.GetUtcNow();
        var seconds = (now - _start).TotalSeconds;
        var queues = _queues.Select(queue => Queue(queue.Key, queue.Value, now, seconds)).ToList();
        return new GatewayState
        {
            Name = "plant-7",
            Incarnation = Guid.Empty,
            StartedAt = _start.AddDays(-12),
            Now = now,
            Links =
            [
                WentBack
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
            Queues = queues,
            Outgoing = QueueSums.Of(queues, QueueKind.Outgoing),
            Inbound = QueueSums.Of(queues, QueueKind.Inbound),
            DeadLetters = _letters.Count,
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
                Pause = _pausedPeers.GetValueOrDefault(peer),
            };
        }
    }

    private QueueSummary Queue(QueueId id, SortedDictionary<long, Message> messages, DateTimeOffset now, double seconds)
    {
        var isFast = id.Peer == "warehouse";
        var waiting = messages.Count + (isFast ? (long)(90 * (1 + Math.Sin(seconds / 9))) : 0);
        return new QueueSummary
        {
            Id = id,
            Messages = waiting,
            Bytes = messages.Values.Sum(message => (long)message.Headers.Length + message.Body.Length),
            Head = messages.Count == 0 ? 1 : messages.Keys.First(),
            Tail = messages.Count == 0 ? 0 : messages.Keys.Last(),
            OldestAt = messages.Count == 0 ? null : isFast ? now.AddMilliseconds(
                -180) : DateTimeOffset.FromUnixTimeMilliseconds(messages.Values.First().EnqueuedUnixMs),
            StoredPerSecond = isFast ? 1860 : id == Orders ? 0.4 : 0,
            RemovedPerSecond = isFast ? 1850 : 0,
            Pause = _pausedQueues.GetValueOrDefault(id),
            Operation = _operations.Values.FirstOrDefault(
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
            changes.Add(new LinkChange(end.AddMinutes(9), LinkState.Up, LinkCause.PeerRestarted, "hello with a new incarnation")
            {
                Incarnation = Guid.NewGuid(),
                PeerStarted = end.AddMinutes(8),
                InDoubt = [new InDoubt("orders", 1, 40, 40, 31, 9)],
            });
        }

        changes.Add(new LinkChange(now.AddMinutes(-47), LinkState.Down, LinkCause.Refused,
            "connect to 10.0.4.17:7001 was refused (ECONNREFUSED)")
        { UpSeconds = 3000, QuietSeconds = 1802 });
        return changes;
    }
}
