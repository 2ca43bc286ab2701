using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>
/// What happens without gateways: a program sends to another over plain TCP, and the other is killed and started again. This is the loss
/// that inlets and outlets prevent; the same programs run in <see cref="TcpKillRoundTests"/>.
/// </summary>
[Kind(Kind.Process)]
[Needs("gcc")]
public sealed class TcpDirectTests(TcpProgramsFixture programs, ITestOutputHelper output) : ProcessTest, IClassFixture<TcpProgramsFixture>
{
    private const int Rounds = 5;
    private const int FramesBetweenKills = 200;
    private const int FramesUnread = 20;
    private const int SizeBytes = 200;

    [Fact]
    public async Task A_direct_connection_loses_frames_whenever_the_receiver_is_restarted()
    {
        var receiver = Track(new TcpReceiver(programs.Receiver, Folder, "delimiter", SizeBytes, answers: false));
        await receiver.StartAsync();
        var sender = Track(new TcpSender(programs.Sender, Folder, "delimiter", receiver.Port, SizeBytes, TcpSenderWait.Nothing));
        sender.Start(last: 1_000_000, pauseUs: 50);

        for (var round = 0; round < Rounds; round++)
        {
            await InTimeAsync("frames come", receiver.Received.MoreAsync(FramesBetweenKills, Token));
            receiver.Send(TestProcess.UnixSignal.Stop);
            await InTimeAsync("frames wait to be read", sender.Done.MoreAsync(FramesUnread, Token));
            await receiver.KillAsync();
            await receiver.StartAsync();
        }

        await InTimeAsync("frames come after the last restart", receiver.Received.MoreAsync(FramesBetweenKills, Token));
        await sender.KillAsync();
        await UntilAsync("the receiver has read everything", () => receiver.Numbers[^1] >= sender.Numbers[^1]);

        var ledger = new TcpLedger(sender.Numbers, receiver.Numbers);
        output.WriteLine(ledger.ToString());
        sender.Failures.ShouldNotBeEmpty();
        ledger.Lost.Count.ShouldBeGreaterThanOrEqualTo(Rounds * FramesUnread);
        ledger.OutOfOrder.ShouldBeEmpty();
    }
}
