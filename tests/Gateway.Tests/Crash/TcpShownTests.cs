using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Gateway.Cli.Api;
using Gateway.Cli.Demo.Processes;
using Gateway.Cli.Shell;
using Gateway.Http.Answers;
using Gateway.Http.Views;
using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Gateway.Tests.Cli;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>The inlet and the outlet of a real gateway between real programs, as operators see them.</summary>
[Kind(Kind.Process)]
public sealed class TcpShownTests : ProcessTest
{
    private readonly LineReceiver _receiver;

    public TcpShownTests() => _receiver = Track(new LineReceiver(LoopbackPort.Free(1)[0], Folder));

    [Fact]
    [Needs("pyzmq")]
    public async Task Everything_between_two_programs_can_be_seen_and_a_restart_is_told_as_a_fact()
    {
        var gateway = NewGateway();
        await gateway.StartReadyAsync(Token);
        var port = new Uri((await ReadAsync(gateway)).Inlets.ShouldHaveSingleItem().Address).Port;
        using var sender = new TcpClient(AddressFamily.InterNetwork);
        await sender.ConnectAsync(IPAddress.Loopback, port, Token);
        await sender.GetStream().WriteAsync("one\ntwo\n"u8.ToArray(), Token);

        var waiting = await UntilAsync(gateway, tcp => tcp.Inlets[0].Frames == 2
            && tcp.Outlets[0] is { Messages: 2, State: LinkState.Down, Cause: not null });
        (waiting.Outlets[0].State, waiting.Outlets[0].Cause).ShouldBe((LinkState.Down, LinkCause.Refused));
        (await HealthAsync(gateway)).ShouldContain("the outlet to 127.0.0.1:");
        var trace = await RunAsync(gateway, "message", "trace", "lines", "1");
        trace.ShouldContain("the outlet out");

        await _receiver.StartAsync("reply");
        await UntilAsync(gateway, tcp => tcp.Outlets[0] is { Messages: 0, Delivered: 2 } && tcp.Inlets[0].Replies == 2);
        var first = _receiver.ProcessId;
        await _receiver.KillAsync();
        await _receiver.StartAsync("reply");
        await UntilAsync(gateway, tcp => tcp.Outlets[0].LastInterruption?.Cause == LinkCause.PeerRestarted);

        var outlet = await ShowAsync(gateway, "out");
        outlet.Inlet.ShouldBeNull();
        outlet.Outlet!.Outlet.Program.ShouldContain($"(pid {_receiver.ProcessId}, started ");
        outlet.Outlet.Outlet.LastInterruption!.Evidence.ShouldContain($"(pid {first}) was replaced by ");
        outlet.Outlet.History.ShouldContain(change => change.Cause == LinkCause.PeerRestarted);
        outlet.Outlet.Connections.ShouldHaveSingleItem().Id.ShouldBeEmpty();
        var inlet = (await ShowAsync(gateway, "in")).Inlet!;
        var conversation = inlet.Conversations.ShouldHaveSingleItem();
        (conversation.FramesIn, conversation.BytesIn, conversation.FramesOut).ShouldBe((2, 8, 2));
        conversation.Remote.ShouldBe(sender.Client.LocalEndPoint!.ToString());
        inlet.Inlet.Answer.ShouldBe("what the far program replies");
        inlet.History.ShouldHaveSingleItem().Evidence.ShouldBe($"listens on tcp://127.0.0.1:{port}");
        sender.Client.Close(timeout: 0);
        await UntilAsync(gateway, tcp => tcp.Inlets[0].Open == 0);
        (await ShowAsync(gateway, "in")).Inlet!.History.Last().Cause.ShouldBe(LinkCause.ResetByPeer);
        (await RunAsync(gateway, "tcp", "show", "in")).ShouldContain("ResetByPeer");
        (await RunAsync(gateway, "status")).ShouldContain("listens");
    }

    [Fact]
    public async Task A_port_that_is_taken_at_a_reload_is_told_with_its_cause_and_tried_again()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        var file = Path.Combine(Folder, "more.json");
        await File.WriteAllTextAsync(file, "{ }", Token);
        var gateway = NewGateways(new Dictionary<string, string> { ["config"] = file }, "local")[0];
        await gateway.StartReadyAsync(Token);

        await File.WriteAllTextAsync(file, $$"""
            { "Gateway": { "Tcp": { "Inlets": { "in": { "Address": "tcp://127.0.0.1:{{port}}", "Destination": "lines@local",
              "Framing": { "Kind": "Delimiter", "End": "\\n" } } } } } }
            """, Token);

        var down = (await UntilAsync(gateway, tcp => tcp.Inlets.Count == 1)).Inlets[0];
        down.State.ShouldBe(LinkState.Down);
        down.Evidence.ShouldNotBeEmpty();
        down.Advice.ShouldContain("Stop the program that has taken the address");
        (await HealthAsync(gateway)).ShouldContain("the inlet does not listen at tcp://127.0.0.1:");

        other.Stop();
        await UntilAsync(gateway, tcp => tcp.Inlets[0] is { State: LinkState.Up, Cause: null });
    }

    private TestGateway NewGateway() => NewGateways(
        new Dictionary<string, string>
        {
            ["Gateway:Tcp:Inlets:in:Address"] = "tcp://127.0.0.1:0",
            ["Gateway:Tcp:Inlets:in:Destination"] = "lines@local",
            ["Gateway:Tcp:Inlets:in:Answer"] = "Far",
            ["Gateway:Tcp:Inlets:in:Framing:Kind"] = "Delimiter",
            ["Gateway:Tcp:Inlets:in:Framing:End"] = "\\n",
            ["Gateway:Tcp:Outlets:out:Queue"] = "lines",
            ["Gateway:Tcp:Outlets:out:Target"] = $"127.0.0.1:{_receiver.Port}",
            ["Gateway:Tcp:Outlets:out:Framing:Kind"] = "Delimiter",
            ["Gateway:Tcp:Outlets:out:Framing:End"] = "\\n",
            ["Gateway:Tcp:Outlets:out:Delivery"] = "Reply",
            ["Gateway:Tcp:Outlets:out:BackoffMax"] = "00:00:00.200",
        },
        "local")[0];

    private static async Task<string> RunAsync(TestGateway gateway, params string[] verb)
    {
        var terminal = new TestTerminal();
        (await terminal.RunAsync([.. verb, "--gateway", gateway.Api])).ShouldBe(ExitCode.Ok, terminal.Error);
        return terminal.Output;
    }

    private static async Task<TcpView> ReadAsync(TestGateway gateway) =>
        JsonSerializer.Deserialize<TcpView>(await RunAsync(gateway, "tcp", "ls", "--output", "json"), HttpJson.Options)!;

    private static async Task<ShownTcp> ShowAsync(TestGateway gateway, string name) =>
        JsonSerializer.Deserialize<ShownTcp>(await RunAsync(gateway, "tcp", "show", name, "--output", "json"), HttpJson.Options)!;

    private static async Task<TcpView> UntilAsync(TestGateway gateway, Func<TcpView, bool> holds)
    {
        TcpView tcp = null!;
        await UntilAsync("it is shown", async () => holds(tcp = await ReadAsync(gateway)));
        return tcp;
    }

    private static async Task<string> HealthAsync(TestGateway gateway)
    {
        using var client = new HttpClient();
        return Encoding.UTF8.GetString(await client.GetByteArrayAsync(new Uri($"{gateway.Api}/healthz"), Token));
    }
}
