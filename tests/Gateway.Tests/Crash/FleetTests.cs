using System.Diagnostics;
using System.Net.Sockets;
using System.Text.Json;
using Gateway.Cli.Demo.Processes;
using Gateway.Cli.Shell;
using Gateway.Http.Answers;
using Gateway.Http.Views;
using Gateway.Links.Causes;
using Gateway.Links.Fleet;
using Gateway.Links.Protocol;
using Gateway.Tests.Cli;
using Gateway.Tests.Packaging;
using Gateway.Tests.Transport.Zmtp;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>The fleet of real gateways, as one of them shows it.</summary>
[Kind(Kind.Process)]
public sealed class FleetTests : LinkTest
{
    private const string Share = "Gateway:Fleet:Share";

    /// <summary>The verb waits a second for peers; the rest is the time that a busy machine takes to start it.</summary>
    private static readonly TimeSpan _atOnce = TimeSpan.FromSeconds(8);

    private readonly CancellationTokenSource _over = new();

    [Fact]
    public async Task Three_gateways_show_each_other_as_far_as_each_shares()
    {
        var gateways = NewGateways(Quick, "north", "south", "west");
        var (north, south, west) = (gateways[0], Sharing(gateways[1], "everything"), Sharing(gateways[2], "nothing"));
        await Task.WhenAll(north.StartReadyAsync(Token), south.StartReadyAsync(Token), west.StartReadyAsync(Token));
        await NewClient(south).SendAsync("parts@south", "one");

        var fleet = await UntilAsync(
            north, fleet => Of(fleet, "south").State?.Inbound?.Messages == 1 && Of(fleet, "west").State is not null);

        var there = Of(fleet, "south");
        there.State!.Queues.Select(queue => queue.Name).ShouldBe(["parts"]);
        there.State.Back!.State.ShouldBe(LinkState.Up);
        there.State.Version.ShouldBe(ProgramVersion.Text);
        (there.IsHere, there.Link!.State, Math.Abs(there.ClockAheadSeconds!.Value) < 5).ShouldBe((true, LinkState.Up, true));
        var silent = Of(fleet, "west");
        (silent.Answer, silent.State!.Share, silent.State.Outgoing, silent.Link!.State).ShouldBe(
            (PeerAnswer.Summary, FleetShare.Nothing, null, LinkState.Up));
        // North shares what is shared by default: no names.
        var seen = await UntilAsync(south, fleet => Of(fleet, "north").State is not null);
        Of(seen, "north").State!.Share.ShouldBe(FleetShare.Totals);
        Of(seen, "north").State!.Queues.ShouldBeEmpty();

        await south.KillAsync();

        var after = await UntilAsync(north, fleet => Of(fleet, "south").Link!.State != LinkState.Up);
        after.Gateways[0].Name.ShouldBe("south", "the worst is first");
        Of(after, "south").State!.Inbound!.Messages.ShouldBe(1, "the last known state is kept");
        (await RunAsync(north)).Code.ShouldBe(ExitCode.WarningFound);
    }

    [Fact]
    public async Task What_is_shared_changes_while_the_gateway_runs()
    {
        var gateways = NewGateways(Quick, "north", "south");
        var file = Path.Combine(Folder, "south.json");
        await File.WriteAllTextAsync(file, """{ "Gateway": { "Fleet": { "Share": "nothing" } } }""", Token);
        var (north, south) = (gateways[0], Track(new TestGateway(gateways[1].Settings with
        { More = new Dictionary<string, string>(gateways[1].Settings.More) { ["config"] = file } })));
        await Task.WhenAll(north.StartReadyAsync(Token), south.StartReadyAsync(Token));
        await UntilAsync(north, fleet => Of(fleet, "south").State?.Share == FleetShare.Nothing);
        var link = Of(await ReadAsync(north), "south").Link!.Since;

        await File.WriteAllTextAsync(file, """{ "Gateway": { "Fleet": { "Share": "everything" } } }""", Token);

        var fleet = await UntilAsync(north, fleet => Of(fleet, "south").State?.Share == FleetShare.Everything);
        Of(fleet, "south").Link!.Since.ShouldBe(link, "the link went on");
    }

    [Fact]
    public async Task Ten_peers_of_which_some_are_silent_old_hostile_or_gone_are_shown_at_once_and_hold_up_no_message()
    {
        var gateways = NewGateways(Quick, "north", "good", "old");
        var (good, old) = (gateways[1], gateways[2]);
        old.OtherBuild = FormerBuild.LayOut(FormerBuild.All[0], Path.Combine(Folder, "former"));
        var peers = new Dictionary<string, string>(gateways[0].Settings.Peers)
        {
            ["silent"] = Impersonate(socket => PlayAsync(socket, "silent", [])),
            ["huge"] = Impersonate(socket => PlayAsync(socket, "huge", Answer(new byte[10_000_000]))),
            ["wrong"] = Impersonate(socket => PlayAsync(socket, "wrong", Answer([2, 0xFF, 0xFF, .. new byte[300]]))),
        };
        Track(new AtTheEnd(_over));
        foreach (var gone in new[] { "gone1", "gone2", "gone3", "gone4", "gone5" })
            peers[gone] = $"tcp://127.0.0.1:{LoopbackPort.Free(1)[0]}";
        var north = Track(new TestGateway(gateways[0].Settings with { Peers = peers }));
        await Task.WhenAll(north.StartReadyAsync(Token), good.StartReadyAsync(Token), old.StartReadyAsync(Token));
        await UntilAsync(north, fleet => fleet.Gateways.Count(gateway => gateway.Link?.State == LinkState.Up) == 5
            && Of(fleet, "good").State is not null && Of(fleet, "huge").Answer == PeerAnswer.Unreadable);
        var sent = NewClient(north).SendAllAsync("orders@good", ProcessMessages.Numbered(300));

        var clock = Stopwatch.StartNew();
        var verb = await RunAsync(north);
        clock.Elapsed.ShouldBeLessThan(_atOnce);

        verb.Code.ShouldBe(ExitCode.WarningFound);
        var fleet = JsonSerializer.Deserialize<FleetView>(verb.Output, HttpJson.Options)!;
        fleet.Gateways.Select(gateway => (gateway.Name, gateway.Answer, gateway.Link?.State == LinkState.Up)).Order().ShouldBe([
            ("gone1", PeerAnswer.None, false), ("gone2", PeerAnswer.None, false), ("gone3", PeerAnswer.None, false),
            ("gone4", PeerAnswer.None, false), ("gone5", PeerAnswer.None, false), ("good", PeerAnswer.Summary, true),
            ("huge", PeerAnswer.Unreadable, true), ("north", PeerAnswer.Summary, false), ("old", PeerAnswer.NotKnown, true),
            ("silent", PeerAnswer.None, true), ("wrong", PeerAnswer.Unreadable, true)]);
        await InTimeAsync("the receipts", sent);
        (await InTimeAsync("the messages", NewClient(good).TakeAsync("orders", 300))).ShouldBe(ProcessMessages.Numbered(300));
        north.Process.Errors.ShouldBeEmpty();
    }

    /// <summary>Welcomes, and answers the question for a summary like this; and is heard from now and then.</summary>
    private async Task PlayAsync(Socket socket, string name, byte[] answer)
    {
        try
        {
            await PlayAsync(socket, name, answer, _over.Token);
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private static async Task PlayAsync(Socket socket, string name, byte[] answer, CancellationToken over)
    {
        await FakePeer.ShakeHandsAsync(socket);
        var identity = new GatewayIdentity(name, Guid.NewGuid(), Guid.NewGuid(), 1000, Run: 1);
        var limits = new LinkLimits(1024 * 1024, 1024 * 1024, 1000);
        await SendAsync(socket, new LinkFrame.Welcome(identity, limits, Now.ToUnixTimeMilliseconds()));
        var received = new byte[4096];
        var question = LinkCodec.Encode(new LinkFrame.Ping(LinkFrame.Ping.AsksForSummary));
        var pong = LinkCodec.Encode(new LinkFrame.Pong(0, 0))[0];
        for (int count; (count = await socket.ReceiveAsync(received, over)) > 0;)
        {
            // A frame of ZMTP begins with its flags and its length.
            if (received.AsSpan(0, count).IndexOf(question) >= 0) await socket.SendAsync(answer, over);
            else if (received[2] != pong) await SendAsync(socket, new LinkFrame.Ping(0));
        }
    }

    private static Task<int> SendAsync(Socket socket, LinkFrame frame) => socket.SendAsync(ZmtpBytes.Frame(0, LinkCodec.Encode(frame)));

    private static byte[] Answer(byte[] content) => ZmtpBytes.Frame(0, LinkCodec.Encode(new LinkFrame.Summary(content)));

    private static FleetGatewayView Of(FleetView fleet, string name) => fleet.Gateways.Single(gateway => gateway.Name == name);

    private TestGateway Sharing(TestGateway gateway, string share) => Track(new TestGateway(gateway.Settings with
    { More = new Dictionary<string, string>(gateway.Settings.More) { [Share] = share } }));

    private static async Task<(ExitCode Code, string Output)> RunAsync(TestGateway gateway)
    {
        var terminal = new TestTerminal();
        var code = await terminal.RunAsync("fleet", "status", "--gateway", gateway.Api, "--output", "json");
        return (code, terminal.Output);
    }

    private static async Task<FleetView> ReadAsync(TestGateway gateway)
    {
        var (_, output) = await RunAsync(gateway);
        return JsonSerializer.Deserialize<FleetView>(output, HttpJson.Options)!;
    }

    private static async Task<FleetView> UntilAsync(TestGateway gateway, Func<FleetView, bool> holds)
    {
        FleetView? fleet = null;
        await UntilAsync("the fleet is as expected", async () => holds(fleet = await ReadAsync(gateway)));
        return fleet!;
    }

    /// <summary>The peers that a test plays end before they are waited for.</summary>
    private sealed class AtTheEnd(CancellationTokenSource over) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await over.CancelAsync();
            over.Dispose();
        }
    }
}
