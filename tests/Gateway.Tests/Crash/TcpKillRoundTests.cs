using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>
/// The programs of <see cref="TcpDirectTests"/> with one thing changed: the address that the sender connects to. Each round kills one of
/// the four processes under traffic and starts it again. What the sender was told to be safe is received, in order.
/// </summary>
[Collection(ProcessCollection.Name)]
[Needs("gcc")]
public sealed class TcpKillRoundTests(TcpProgramsFixture programs, ITestOutputHelper output)
    : TcpPathTest, IClassFixture<TcpProgramsFixture>
{
    private const int Rounds = 5;
    private const int DownMsMax = 100;
    private const int FramesBetweenKills = 60;

    /// <summary>More than the time from a frame's acknowledgement to the death of a program that does not read it any more.</summary>
    private const string ReplayWindow = "00:00:02";

    private enum Victim
    {
        Sender,
        Shop,
        Billing,
        Receiver,
    }

    public static TheoryData<string, string> Ways =>
    [
        .. TcpFraming.WithFrames.SelectMany(framing => new[] { "Acknowledged", "Reply" }.Select(way => (framing.Name, way)))
            .Select(pair => new TheoryDataRow<string, string>(pair.Name, pair.way)),
    ];

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Whatever_is_killed_nothing_is_lost_and_the_order_holds(string name, string way)
    {
        var framing = TcpFraming.WithFrames.Single(known => known.Name == name);
        var isReply = way == "Reply";
        var receiver = Track(new TcpReceiver(programs.Receiver, Folder, name, TcpFraming.SizeBytes, answers: isReply));
        var path = NewPath(framing, receiver.Port, Inlet(framing, isReply), Outlet(isReply));
        var sender = Track(new TcpSender(programs.Sender, Folder, name, path.InletPort, TcpFraming.SizeBytes,
            isReply ? TcpSenderWait.SameNumber : TcpSenderWait.AnyFrame));
        var random = new Random(name.Length * (isReply ? 31 : 17));
        await receiver.StartAsync();
        await path.StartAsync(Token);
        Start(sender);

        for (var round = 1; round <= Rounds; round++)
        {
            var victim = (Victim)((round + random.Next(2)) % 4);
            output.WriteLine($"round {round}: {victim} after {sender.Numbers.Count} sent, {receiver.Numbers.Count} received");
            await InTimeAsync("frames come", receiver.Received.MoreAsync(random.Next(1, FramesBetweenKills), Token));
            await KillAndStartAsync(victim, path, sender, receiver, TimeSpan.FromMilliseconds(random.Next(DownMsMax)));
        }

        await InTimeAsync("the sender goes on", sender.Done.MoreAsync(10, Token));
        await sender.KillAsync();
        await UntilAsync("everything has come", () => new TcpLedger(sender.Numbers, receiver.Numbers).Lost.Count == 0);

        var ledger = new TcpLedger(sender.Numbers, receiver.Numbers);
        output.WriteLine(ledger.ToString());
        ledger.OutOfOrder.ShouldBeEmpty();
        foreach (var gateway in new[] { path.Shop, path.Billing })
        {
            (await InTimeAsync($"{gateway.Name} stops", gateway.StopAsync())).ShouldBe(0);
            CheckStore(gateway);
        }
    }

    private static Dictionary<string, string> Inlet(TcpFraming framing, bool isReply) => isReply
        ? new() { ["Answer"] = "Far" } : new() { ["Answer"] = "Fixed", ["AnswerBytes"] = framing.Answer };

    private static Dictionary<string, string> Outlet(bool isReply) => isReply
        ? new() { ["Delivery"] = "Reply" } : new() { ["Delivery"] = "Acknowledged", ["ReplayWindow"] = ReplayWindow };

    private static void Start(TcpSender sender) => sender.Start(last: 1_000_000, pauseUs: 500);

    private static async Task KillAndStartAsync(Victim victim, TcpPath path, TcpSender sender, TcpReceiver receiver, TimeSpan down)
    {
        switch (victim)
        {
            case Victim.Sender:
                await sender.KillAsync();
                Start(sender);
                break;
            case Victim.Receiver:
                // What it has not read when it dies is lost with it.
                receiver.Send(TestProcess.UnixSignal.Stop);
                await Task.Delay(down, Token);
                await receiver.KillAsync();
                await receiver.StartAsync();
                break;
            default:
                var gateway = victim == Victim.Shop ? path.Shop : path.Billing;
                await gateway.KillAsync();
                await Task.Delay(down, Token);
                gateway.Start();
                break;
        }
    }
}
