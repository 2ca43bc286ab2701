using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>
/// The programs of <see cref="TcpDirectTests"/> with one thing changed: the address that the sender connects to. Each round kills one of
/// the four processes under traffic and starts it again. What the sender was told to be safe is received, in order.
/// </summary>
[Kind(Kind.Process)]
[Needs("gcc")]
public sealed class TcpKillRoundTests(TcpProgramsFixture programs, ITestOutputHelper output)
    : TcpPathTest, IClassFixture<TcpProgramsFixture>
{
    private const int DownMsMax = 100;
    private const int FramesBetweenKills = 60;

    /// <summary>More than the time from a frame's acknowledgement to the death of a program that does not read it any more.</summary>
    private const string ReplayWindow = "00:00:04";

    private enum Victim
    {
        Sender,
        Shop,
        Billing,
        Receiver,
    }

    /// <summary>Fifty rounds in all.</summary>
    private static readonly (string Delivery, int Rounds)[] _ways = [("Acknowledged", 4), ("Reply", 3), ("Written", 3)];

    public static TheoryData<string, string, int> Ways =>
    [
        .. TcpFraming.WithFrames.SelectMany(framing => _ways.Select(way => (framing.Name, way.Delivery, way.Rounds)))
            .Select(one => new TheoryDataRow<string, string, int>(one.Name, one.Delivery, one.Rounds)),
    ];

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Whatever_is_killed_nothing_is_lost_that_the_delivery_promises_and_the_order_holds(string name, string way, int rounds)
    {
        var framing = TcpFraming.WithFrames.Single(known => known.Name == name);
        var isReply = way == "Reply";
        var receiver = Track(new TcpReceiver(programs.Receiver, Folder, name, TcpFraming.SizeBytes, answers: isReply));
        var path = NewPath(framing, receiver.Port, Inlet(framing, isReply), Outlet(way));
        var sender = Track(new TcpSender(programs.Sender, Folder, name, path.InletPort, TcpFraming.SizeBytes,
            isReply ? TcpSenderWait.SameNumber : TcpSenderWait.AnyFrame));
        var random = new Random(name.Length * way.Length);
        // Each case begins with another victim.
        var first = random.Next(4);
        var kills = new List<TcpKill>();
        await receiver.StartAsync();
        await path.StartAsync(Token);
        Start(sender);

        for (var round = 1; round <= rounds; round++)
        {
            var victim = (Victim)((first + round) % 4);
            output.WriteLine($"round {round}: {victim} after {sender.Numbers.Count} sent, {receiver.Numbers.Count} received");
            await InTimeAsync("frames come", receiver.Received.MoreAsync(random.Next(1, FramesBetweenKills), Token));
            var before = receiver.Numbers.Max();
            var sent = await KillAndStartAsync(victim, path, sender, receiver, TimeSpan.FromMilliseconds(random.Next(DownMsMax)));
            // Only what was written to the target may be lost, and only with one of the two processes that had it.
            if (way == "Written" && victim is Victim.Receiver or Victim.Billing) kills.Add(new TcpKill(before, sent));
        }

        await InTimeAsync("the sender goes on", sender.Done.MoreAsync(10, Token));
        await sender.KillAsync();
        await UntilAsync("everything has come", () => new TcpLedger(sender.Numbers, receiver.Numbers).LostBeside(kills).Count == 0);

        var ledger = new TcpLedger(sender.Numbers, receiver.Numbers);
        output.WriteLine(ledger.ToString());
        receiver.Numbers.ShouldContain(sender.Numbers[^1]);
        ledger.OutOfOrder.ShouldBeEmpty();
        foreach (var gateway in new[] { path.Shop, path.Billing })
        {
            (await InTimeAsync($"{gateway.Name} stops", gateway.StopAsync())).ShouldBe(0);
            CheckStore(gateway);
        }
    }

    private static Dictionary<string, string> Inlet(TcpFraming framing, bool isReply) => isReply
        ? new() { ["Answer"] = "Far" } : new() { ["Answer"] = "Fixed", ["AnswerBytes"] = framing.Answer };

    private static Dictionary<string, string> Outlet(string way)
    {
        var keys = new Dictionary<string, string> { ["Delivery"] = way };
        if (way == "Acknowledged") keys["ReplayWindow"] = ReplayWindow;
        return keys;
    }

    private static void Start(TcpSender sender) => sender.Start(last: 1_000_000, pauseUs: 500);

    /// <summary>Returns the highest number that can have been sent when the victim was dead.</summary>
    private static async Task<long> KillAndStartAsync(
        Victim victim, TcpPath path, TcpSender sender, TcpReceiver receiver, TimeSpan down)
    {
        long sent;
        switch (victim)
        {
            case Victim.Sender:
                await sender.KillAsync();
                sent = SentBy(sender);
                Start(sender);
                break;
            case Victim.Receiver:
                // What it has not read when it dies is lost with it.
                receiver.Send(TestProcess.UnixSignal.Stop);
                await Task.Delay(down, Token);
                await receiver.KillAsync();
                sent = SentBy(sender);
                await receiver.StartAsync();
                break;
            default:
                var gateway = victim == Victim.Shop ? path.Shop : path.Billing;
                await gateway.KillAsync();
                sent = SentBy(sender);
                await Task.Delay(down, Token);
                gateway.Start();
                break;
        }

        return sent;
    }

    /// <summary>It sends a frame when the one before is acknowledged.</summary>
    private static long SentBy(TcpSender sender) => sender.Numbers[^1] + 1;
}
