using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Gateway.Management;
using Gateway.Tcp;
using Gateway.Tcp.Framing;

namespace Gateway.Tests.Dashboard;

/// <summary>The inlets and outlets of the day: a line of machines, and a press whose program is restarted again and again.</summary>
internal sealed partial class LivelyDay
{
    private static readonly FrameFormat _telegrams =
        new FrameFormat.LengthPrefix(65536, 12, 8, 4, IsBigEndian: false, LengthCounts.Body);

    private IReadOnlyList<InletSummary> Inlets(DateTimeOffset now) =>
        [.. AllInlets(now).Select(inlet => InletSummary.Of(
            inlet.Status, inlet.Replies, _management.PausedInlets.GetValueOrDefault(inlet.Name)))];

    private IReadOnlyList<InletSummary> AllInlets(DateTimeOffset now) =>
    [
        new InletSummary(
            new InletStatus(
                new InletSettings("line-4", "tcp://127.0.0.1:9004", "orders@billing", _telegrams),
                LinkState.Up, HasTrouble ? LinkCause.LocalQuota : LinkCause.None, now.AddMinutes(-3),
                HasTrouble ? "orders@billing holds 4 GB, of 4 GB that it may hold; 2 programs are held back" : "",
                HasTrouble ? LinkAdvice.For(LinkCause.LocalQuota) : "")
            {
                Address = "tcp://127.0.0.1:9004",
                Frames = 181_204,
                Bytes = 185_000_000,
                Replies = 181_190,
                ReplyBytes = 1_800_000,
                Incomplete = 2,
                NotFrames = 1,
                Accepted = 214,
                Open = 140,
                History = Machines(now),
                Conversations = [.. Enumerable.Range(0, 100).Select(i => Machine(i, now))],
            },
            null),
        new InletSummary(
            new InletStatus(new InletSettings("scales", "tcp://0.0.0.0:9011", "weights@warehouse", new FrameFormat.FixedSize(64)),
                LinkState.Up, LinkCause.None, now.AddDays(-3), "", "")
            { Address = "tcp://0.0.0.0:9011", Frames = 12_001, Bytes = 768_064, Accepted = 3, Open = 3 },
            null),
    ];

    private static List<LinkChange> Machines(DateTimeOffset now) =>
    [
        new(now.AddHours(-20), LinkState.Up, LinkCause.None, "listens on tcp://127.0.0.1:9004"),
        .. Enumerable.Range(1, 4).Select(i => new LinkChange(now.AddHours(-4 * i), LinkState.Up, LinkCause.ResetByPeer,
            $"conversation 5f3a9c01-{i} with 10.0.4.{20 + i}:50000: the connection broke: connection reset by peer")
        { UpSeconds = 4000 * i, QuietSeconds = 900 }).Reverse(),
        new(now.AddMinutes(-3), LinkState.Up, LinkCause.LocalQuota, "orders@billing holds 4 GB, of 4 GB that it may hold"),
    ];

    private ConversationStatus Machine(int i, DateTimeOffset now) => new($"5f3a9c01-{214 - i}", $"10.0.4.{20 + i}:{51312 + i}",
        now.AddMinutes(-10 - i), HasTrouble && i < 2 ? LinkCause.LocalQuota : LinkCause.None,
        HasTrouble && i < 2 ? "orders@billing holds 4 GB, of 4 GB that it may hold" : "")
    { FramesIn = 1200 + i, BytesIn = 1_230_000 + i, FramesOut = 1199 + i, BytesOut = 12_000 };

    private IReadOnlyList<OutletSummary> Outlets(DateTimeOffset now, IReadOnlyList<QueueSummary> queues)
    {
        var restart = "receiver (pid 4711) was replaced by receiver (pid 5020, started 12:00:03); 14 frames were in doubt, sent again";
        return
        [
            new OutletSummary(
                new OutletStatus(
                    new OutletSettings("press", Invoices.Name, "127.0.0.1", 9020, _telegrams) { ReplayWindow = TimeSpan.FromSeconds(2) },
                    HasTrouble ? LinkState.Down : LinkState.Up, HasTrouble ? LinkCause.Refused : LinkCause.PeerRestarted,
                    now.AddMinutes(-4), HasTrouble ? "nothing listens on port 9020 of this host" : restart,
                    HasTrouble ? "Start the program on the target's host, or correct the outlet's Target." : "")
                {
                    Delivered = 98_020,
                    Bytes = 99_000_000,
                    SentAgain = 42,
                    PossiblySeenTwice = 7,
                    Program = HasTrouble ? "" : "receiver (pid 5020, started 12:00:03)",
                    History = Presses(now, restart),
                },
                queues.FirstOrDefault(queue => queue.Id == Invoices)),
        ];
    }

    private static List<LinkChange> Presses(DateTimeOffset now, string restart)
    {
        var changes = new List<LinkChange> { new(now.AddHours(-20), LinkState.Up, LinkCause.None, "connected to 127.0.0.1:9020") };
        for (var hours = 18; hours > 0; hours -= 6)
        {
            changes.Add(new LinkChange(now.AddHours(-hours), LinkState.Down, LinkCause.ResetByPeer, "reset (ECONNRESET)")
            { UpSeconds = 6 * 3600, InDoubt = [new InDoubt(Invoices.Name, 1, 14, 14)] });
            changes.Add(new LinkChange(now.AddHours(-hours).AddSeconds(9), LinkState.Up, LinkCause.PeerRestarted, restart)
            { PeerStarted = now.AddHours(-hours).AddSeconds(4), InDoubt = [new InDoubt(Invoices.Name, 1, 14, 14, 0, 14)] });
        }

        changes.Add(new LinkChange(now.AddMinutes(-4), LinkState.Down, LinkCause.Refused, "nothing listens on port 9020 of this host")
        { UpSeconds = 3600 });
        return changes;
    }
}
