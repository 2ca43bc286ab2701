using System.Text.Json;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>
/// The story that the gateway is made for: a program sends without waiting for anything, and the receiver is killed and started again. Only
/// the address that the sender connects to was changed.
/// </summary>
[Kind(Kind.Process)]
[Needs("gcc")]
public sealed class TcpStoryTests(TcpProgramsFixture programs, ITestOutputHelper output) : TcpPathTest, IClassFixture<TcpProgramsFixture>
{
    private const int Rounds = 3;
    private const int FramesBetweenKills = 100;
    private const int FramesUnread = 20;

    [Fact]
    public async Task A_sender_that_waits_for_nothing_loses_nothing_and_the_gateway_says_who_was_replaced_by_whom()
    {
        var receiver = Track(new TcpReceiver(programs.Receiver, Folder, "delimiter", TcpFraming.SizeBytes, answers: false));
        var path = NewPath(TcpFraming.Delimiter, receiver.Port, outlet: new Dictionary<string, string> { ["ReplayWindow"] = "00:00:03" });
        await receiver.StartAsync();
        await path.StartAsync(Token);
        var sender = Track(
            new TcpSender(programs.Sender, Folder, "delimiter", path.InletPort, TcpFraming.SizeBytes, TcpSenderWait.Nothing));
        sender.Start(last: 1_000_000, pauseUs: 200);

        var replaced = new List<(int Former, int Next)>();
        for (var round = 0; round < Rounds; round++)
        {
            await InTimeAsync("frames come", receiver.Received.MoreAsync(FramesBetweenKills, Token));
            receiver.Send(TestProcess.UnixSignal.Stop);
            await InTimeAsync("frames wait to be read", sender.Done.MoreAsync(FramesUnread, Token));
            var former = receiver.Id;
            await receiver.KillAsync();
            await receiver.StartAsync();
            replaced.Add((former, receiver.Id));
        }

        await InTimeAsync("frames come after the last restart", receiver.Received.MoreAsync(FramesBetweenKills, Token));
        await sender.KillAsync();
        await UntilAsync("everything has come", () => new TcpLedger(sender.Numbers, receiver.Numbers).Lost.Count == 0);
        await UntilAsync("everything is completed", async () => (await OutletAsync(path)).GetProperty("messages").GetInt64() == 0);

        var ledger = new TcpLedger(sender.Numbers, receiver.Numbers);
        output.WriteLine(ledger.ToString());
        sender.Failures.ShouldBeEmpty();
        ledger.OutOfOrder.ShouldBeEmpty();
        var outlet = await OutletAsync(path);
        ledger.Repeated.ShouldBeLessThanOrEqualTo((int)outlet.GetProperty("possiblySeenTwice").GetInt64());
        var history = (await DetailsAsync(path)).GetProperty("history").ToString();
        foreach (var (former, next) in replaced)
            history.ShouldContain($"receiver (pid {former}) was replaced by receiver (pid {next}, started ", Case.Insensitive);
    }

    [Fact]
    public async Task A_stream_ends_for_one_program_as_it_ended_for_the_other()
    {
        var receiver = Track(new TcpReceiver(programs.Receiver, Folder, "delimiter", TcpFraming.SizeBytes, answers: true));
        var path = NewPath(
            TcpFraming.Stream, receiver.Port, outlet: new Dictionary<string, string> { ["PerConversation"] = "true" });
        await receiver.StartAsync();
        await path.StartAsync(Token);
        var sender = Track(
            new TcpSender(programs.Sender, Folder, "delimiter", path.InletPort, TcpFraming.SizeBytes, TcpSenderWait.SameNumber));
        sender.Start(last: 1_000_000, pauseUs: 200);
        await InTimeAsync("frames come and are answered", sender.Done.MoreAsync(FramesBetweenKills, Token));

        await receiver.KillAsync();
        await UntilAsync("the sender's connection has ended", () => sender.Failures.Count > 0);
        await receiver.StartAsync();
        await InTimeAsync("a new connection works", sender.Done.MoreAsync(FramesBetweenKills, Token));

        var ended = receiver.Ends.MoreAsync(1, Token);
        await sender.KillAsync();
        await InTimeAsync("the receiver's connection ends", ended);
        new TcpLedger(sender.Numbers, receiver.Numbers).Lost.ShouldBeEmpty();
    }

    private static async Task<JsonElement> OutletAsync(TcpPath path) => (await DetailsAsync(path)).GetProperty("outlet");

    private static async Task<JsonElement> DetailsAsync(TcpPath path)
    {
        using var http = new HttpClient();
        var text = await http.GetStringAsync(new Uri($"{path.Billing.Api}/api/v1/tcp/outlets/orders"), Token);
        return JsonDocument.Parse(text).RootElement;
    }
}
