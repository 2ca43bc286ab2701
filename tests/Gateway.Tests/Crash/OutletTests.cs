using System.Globalization;
using System.Text;
using Gateway.Cli.Demo.Processes;
using Gateway.Client;
using Gateway.Tcp;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>
/// A real gateway whose outlet empties a queue into a real program that knows nothing of it, and that is killed and started again under
/// traffic.
/// </summary>
[Kind(Kind.Process)]
[Needs("pyzmq")]
public sealed class OutletTests : ProcessTest
{
    private const int Lines = 3000;
    private const int Rounds = 4;

    private readonly LineReceiver _receiver;

    public OutletTests() => _receiver = Track(new LineReceiver(LoopbackPort.Free(1)[0], Folder));

    [Theory]
    [InlineData("Reply", "ReplyTimeout", "00:00:10")]
    [InlineData("Acknowledged", "ReplayWindow", "00:00:01")]
    public async Task A_receiver_that_is_killed_loses_nothing_and_gets_all_in_order(string delivery, string key, string value)
    {
        var gateway = NewGateway(delivery, (key, value));
        await gateway.StartReadyAsync(Token);
        await _receiver.StartAsync("reply");
        var sending = SendAsync(gateway);

        await KillUnderTrafficAsync(sending);

        await UntilEmptyAsync(gateway);
        var taken = Numbers(await _receiver.LinesAsync());
        FirstTimes(taken).ShouldBe(Enumerable.Range(0, Lines));
        var outlet = (await OperatorView.OutletAsync(NewClient(gateway), "out")).Outlet;
        ((long)(taken.Count - Lines)).ShouldBeLessThanOrEqualTo(outlet.SentAgain);
        outlet.PossiblySeenTwice.ShouldBeLessThanOrEqualTo(outlet.SentAgain);
        var log = gateway.Process.Output;
        log.ShouldContain("Outlet out is Up, after PeerRestarted. python3 (pid ");
        log.ShouldContain($" was replaced by python3 (pid {_receiver.ProcessId}, started ");
    }

    [Theory]
    [InlineData("Acknowledged")]
    [InlineData("Written")]
    public async Task A_receiver_that_is_killed_loses_only_what_it_had_not_read(string delivery)
    {
        var gateway = NewGateway(delivery);
        await gateway.StartReadyAsync(Token);
        await _receiver.StartAsync();
        var sending = SendAsync(gateway);

        await KillUnderTrafficAsync(sending);

        await UntilEmptyAsync(gateway);
        var first = FirstTimes(Numbers(await _receiver.LinesAsync()));
        first.ShouldBe(first.Order());
        // A hole for each kill at most, and the last round is whole.
        first.Zip(first.Skip(1)).Count(pair => pair.Second != pair.First + 1).ShouldBeLessThanOrEqualTo(Rounds);
        first[^1].ShouldBe(Lines - 1);
    }

    [Fact]
    public async Task A_receiver_that_closes_after_each_line_gets_all_under_a_replay_window_and_the_cause_is_told()
    {
        const int Few = 6;
        var gateway = NewGateway("Acknowledged", ("ReplayWindow", "00:05:00"));
        await gateway.StartReadyAsync(Token);
        var client = NewClient(gateway);
        await client.SendAllAsync("orders@local", Enumerable.Range(0, Few).Select(Line));

        await _receiver.StartAsync("brief");

        await UntilEmptyAsync(gateway);
        FirstTimes(Numbers(await _receiver.LinesAsync())).ShouldBe(Enumerable.Range(0, Few));
        gateway.Process.Output.ShouldContain("connections in a row ended before a message was delivered");
        gateway.Process.Output.ShouldContain("set the outlet's ReplayWindow to 0");
    }

    [Fact]
    public async Task A_conversation_that_is_not_read_holds_up_no_other_and_loses_nothing()
    {
        // Eight windows of 64 KB are held in all: a tenth of what the first conversation gets.
        const int Large = 50_000;
        var gateway = NewGateway("Reply",
            ("ReplyTimeout", "01:00:00"), ("PerConversation", "true"), ("WindowBytes", "65536"), ("Framing:FrameBytesMax", "100000"));
        await gateway.StartReadyAsync(Token);
        await _receiver.StartAsync("partly");
        var client = NewClient(gateway);
        for (var i = 0; i < 100; i++)
            await SendInAsync(client, "first", string.Create(CultureInfo.InvariantCulture, $"{i:D6} {new string('-', Large)}\n"));
        for (var i = 100; i < 200; i++) await SendInAsync(client, "second", Line(i));

        await UntilTakenAsync(199);
        Numbers(await _receiver.LinesAsync()).ShouldBe(Enumerable.Range(100, 100));
        (await OperatorView.StateAsync(client, Token)).Messages().ShouldBe(100);

        await _receiver.KillAsync();
        await _receiver.StartAsync("reply");
        await UntilEmptyAsync(gateway);
        Numbers(await _receiver.LinesAsync()).Skip(100).ShouldBe(Enumerable.Range(0, 100));
    }

    [Fact]
    public async Task A_gateway_that_is_killed_goes_on_where_it_was()
    {
        var gateway = NewGateway("Reply");
        await gateway.StartReadyAsync(Token);
        await _receiver.StartAsync("reply");
        var sending = SendAsync(gateway);
        for (var round = 1; round <= Rounds; round++)
        {
            await UntilTakenAsync(round * Lines / (Rounds + 1));
            await gateway.KillAsync();
            CheckStore(gateway);
            await gateway.StartReadyAsync(Token);
        }

        await InTimeAsync("all is sent", sending);
        await UntilEmptyAsync(gateway);

        FirstTimes(Numbers(await _receiver.LinesAsync())).ShouldBe(Enumerable.Range(0, Lines));
    }

    [Fact]
    public async Task A_gateway_that_stops_settles_what_it_sent_and_sends_nothing_twice()
    {
        var gateway = NewGateway("Acknowledged");
        await gateway.StartReadyAsync(Token);
        await _receiver.StartAsync();
        var sending = SendAsync(gateway);
        // More often than a message may be delivered to an application.
        for (var round = 1; round <= 12; round++)
        {
            await UntilTakenAsync(round * Lines / 14);
            (await gateway.StopAsync()).ShouldBe(0);
            await gateway.StartReadyAsync(Token);
        }

        await InTimeAsync("all is sent", sending);
        await UntilEmptyAsync(gateway);

        Numbers(await _receiver.LinesAsync()).ShouldBe(Enumerable.Range(0, Lines));
    }

    [Fact]
    public async Task A_program_that_accepts_nothing_and_one_that_reads_nothing_are_told_apart()
    {
        var gateway = NewGateway("Acknowledged", ("StuckTold", "00:00:01"), ("ConnectTimeout", "00:00:01"));
        await _receiver.StartAsync("deaf");
        await gateway.StartReadyAsync(Token);
        var client = NewClient(gateway);
        for (var i = 0; i < 20; i++) await client.SendAsync("orders@local", new string('x', 1_000_000));

        await UntilAsync("it is told that nothing is read", () => gateway.Process.Output.Contains("its window is closed"));
        gateway.Process.Output.ShouldContain("Outlet out is Up (PeerStuck).");
        gateway.Process.Output.ShouldContain($"python3 (pid {_receiver.ProcessId}, started ");

        await _receiver.KillAsync();
        await UntilAsync("nothing listens", () => gateway.Process.Output.Contains("Outlet out is Down (Refused)."));
        await _receiver.StartAsync("full");
        await UntilAsync("it is told that nothing is accepted", () =>
            gateway.Process.Output.Contains("listens there and accepts nothing: ")
                || gateway.Process.Output.Contains("no program has accepted the connection"));
    }

    private TestGateway NewGateway(string delivery, params (string Key, string Value)[] more)
    {
        const string Outlet = "Gateway:Tcp:Outlets:out:";
        var settings = new Dictionary<string, string>
        {
            [Outlet + "Queue"] = "orders",
            [Outlet + "Target"] = $"127.0.0.1:{_receiver.Port}",
            [Outlet + "Framing:Kind"] = "Delimiter",
            [Outlet + "Framing:End"] = "\\n",
            [Outlet + "Delivery"] = delivery,
            [Outlet + "BackoffMax"] = "00:00:00.200",
        };
        foreach (var (key, value) in more) settings[Outlet + key] = value;
        return NewGateways(settings, "local")[0];
    }

    /// <summary>One after the other, so that the kills fall between them.</summary>
    private async Task SendAsync(TestGateway gateway)
    {
        var client = NewClient(gateway);
        foreach (var some in Enumerable.Range(0, Lines).Chunk(5))
            await Task.WhenAll(some.Select(number => client.SendAsync("orders@local", Line(number)).AsTask()));
    }

    private async Task KillUnderTrafficAsync(Task sending)
    {
        for (var round = 1; round <= Rounds; round++)
        {
            await UntilTakenAsync(round * Lines / (Rounds + 1));
            await _receiver.KillAsync();
            await _receiver.StartAsync("reply");
        }

        await InTimeAsync("all is sent", sending);
    }

    private static async Task SendInAsync(GatewayClient client, string conversation, string line) => await client.EnqueueAsync(
        "orders@local", Encoding.UTF8.GetBytes(line),
        new EnqueueOptions { Headers = new Dictionary<string, string> { [TcpNames.Conversation] = conversation } });

    private Task UntilTakenAsync(int number) => UntilAsync($"line {number} is taken", async () =>
        Numbers(await _receiver.LinesAsync()) is { Count: > 0 } taken && taken.Max() >= number);

    private async Task UntilEmptyAsync(TestGateway gateway)
    {
        var client = NewClient(gateway);
        await UntilAsync("all is delivered", async () => (await OperatorView.StateAsync(client, Token)).Messages() == 0);
    }

    private static string Line(int number) => string.Create(CultureInfo.InvariantCulture, $"{number:D6} {new string('-', 100)}\n");

    private static List<int> Numbers(IReadOnlyList<string> lines) =>
        [.. lines.Select(line => int.Parse(line.AsSpan(0, line.IndexOf(' ')), CultureInfo.InvariantCulture))];

    private static List<int> FirstTimes(List<int> numbers) => [.. numbers.Distinct()];
}
