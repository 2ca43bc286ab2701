using System.Globalization;
using System.Text.Json.Nodes;
using Gateway.Cli.Demo.Processes;
using Gateway.Client;
using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>What operators do with a queue that an outlet empties, and with the outlet itself, while real programs are behind it.</summary>
[Kind(Kind.Process)]
public sealed class OutletOperatorTests : ConfiguredShopTest
{
    private readonly LineReceiver _receiver;

    public OutletOperatorTests() => _receiver = NewReceiver();

    [Fact]
    [Needs("pyzmq")]
    public async Task A_paused_queue_lets_nothing_out_and_a_resumed_one_all_in_order()
    {
        Write(_receiver);
        await _receiver.StartAsync();
        await Shop.StartReadyAsync(Token);
        var client = NewClient(Shop);
        await client.SendAsync("orders@shop", "1\n");
        await UntilLinesAsync(1);

        await ShouldBeOkAsync("queue", "pause", "orders");
        await client.SendAsync("orders@shop", "2\n");
        await client.SendAsync("orders@shop", "3\n");
        // The receiver is restarted: what was let out comes once, and nothing more.
        await _receiver.KillAsync();
        await _receiver.StartAsync();
        await UntilAsync("it is connected", () => Shop.Process.Output.Contains("Outlet out is Up, after PeerRestarted."));
        (await _receiver.LinesAsync()).ShouldBe(["1"]);

        await ShouldBeOkAsync("queue", "resume", "orders");
        await UntilLinesAsync(3);
        (await _receiver.LinesAsync()).ShouldBe(["1", "2", "3"]);
    }

    [Fact]
    [Needs("pyzmq")]
    public async Task An_outlet_that_is_paused_before_its_first_message_shows_it_and_lets_nothing_out_until_it_is_resumed()
    {
        Write(_receiver);
        await _receiver.StartAsync();
        await Shop.StartReadyAsync(Token);
        var client = NewClient(Shop);

        await ShouldBeOkAsync("tcp", "pause", "out", "--why", "new press");

        await client.SendAsync("orders@shop", "1\n");
        await UntilAsync("it is paused", async () => (await OperatorView.OutletAsync(client, "out")).Outlet.State == LinkState.Paused);
        var paused = (await OperatorView.OutletAsync(client, "out")).Outlet;
        paused.Cause.ShouldBe(LinkCause.PausedByOperator);
        paused.Evidence.ShouldEndWith(": new press");
        (await RunAsync("tcp", "ls")).Output.ShouldContain("PausedByOperator");
        (await _receiver.LinesAsync()).ShouldBeEmpty();

        await ShouldBeOkAsync("tcp", "resume", "out");
        await UntilLinesAsync(1);
        await UntilAsync("it is up", async () => (await OperatorView.OutletAsync(client, "out")).Outlet.State == LinkState.Up);
    }

    [Fact]
    [Needs("pyzmq")]
    public async Task What_waits_for_a_target_that_is_down_can_be_purged_whole()
    {
        Write(_receiver);
        await Shop.StartReadyAsync(Token);
        var client = NewClient(Shop);
        await client.SendAllAsync("orders@shop", Enumerable.Range(0, 50).Select(number => $"{number}\n"));
        await UntilAsync("it is down", () => Shop.Process.Output.Contains("Outlet out is Down (Refused)."));

        await ShouldBeOkAsync("queue", "purge", "orders", "--all", "--yes");

        (await OperatorView.StateAsync(client, Token)).Messages().ShouldBe(0);
        await _receiver.StartAsync();
        await client.SendAsync("orders@shop", "new\n");
        await UntilLinesAsync(1);
        (await _receiver.LinesAsync()).ShouldBe(["new"]);
    }

    [Fact]
    [Needs("pyzmq")]
    public async Task A_target_that_is_changed_while_messages_flow_gets_the_rest_once_and_in_order()
    {
        var second = NewReceiver();
        Write(_receiver);
        await _receiver.StartAsync();
        await second.StartAsync();
        await Shop.StartReadyAsync(Token);
        var client = NewClient(Shop);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var sending = SendAsync(client, enough.Token);
        await UntilLinesAsync(100);

        Write(second);

        await UntilAsync("the other target has some", async () => (await second.LinesAsync()).Count > 100);
        await enough.CancelAsync();
        var sent = await InTimeAsync("all is sent", sending);
        await UntilAsync("all is delivered", async () => (await OperatorView.StateAsync(client, Token)).Messages() == 0);
        await UntilAsync("all is taken", async () => (await _receiver.LinesAsync()).Count + (await second.LinesAsync()).Count >= sent);
        IReadOnlyList<string> all = [.. await _receiver.LinesAsync(), .. await second.LinesAsync()];
        all.ShouldBe(Enumerable.Range(0, sent).Select(number => number.ToString(CultureInfo.InvariantCulture)));
    }

    [Fact]
    public async Task An_application_cannot_take_what_an_outlet_is_there_for()
    {
        Write(_receiver);
        await Shop.StartReadyAsync(Token);
        var client = NewClient(Shop);
        await client.SendAsync("orders@shop", "1\n");

        var refused = await Should.ThrowAsync<GatewayException>(() => client.TakeAsync("orders", 1));
        refused.Reason.ShouldBe(GatewayError.NotAuthorised);
        refused.Message.ShouldContain("outlet out");

        Write();
        await UntilAsync("the outlet is gone", () => Shop.Process.Output.Contains("Applied a changed configuration"));
        (await InTimeAsync("the message", client.TakeAsync("orders", 1))).ShouldBe(["1\n"]);
    }

    private LineReceiver NewReceiver() => Track(new LineReceiver(LoopbackPort.Free(1)[0], Folder));

    private Task UntilLinesAsync(int count) =>
        UntilAsync($"{count} lines are there", async () => (await _receiver.LinesAsync()).Count >= count);

    /// <summary>Sends numbers until it is told to stop; gives how many.</summary>
    private static async Task<int> SendAsync(GatewayClient client, CancellationToken enough)
    {
        var sent = 0;
        for (; !enough.IsCancellationRequested; sent += 5)
            await client.SendAllAsync("orders@shop", Enumerable.Range(sent, 5).Select(Line));
        return sent;
    }

    private static string Line(int number) => string.Create(CultureInfo.InvariantCulture, $"{number}\n");

    /// <summary>The file has an outlet to this target; or none.</summary>
    private void Write(LineReceiver? target = null)
    {
        var outlets = new JsonObject();
        if (target is not null) outlets["out"] = new JsonObject
        {
            ["Queue"] = "orders",
            ["Target"] = $"127.0.0.1:{target.Port}",
            ["Framing"] = new JsonObject { ["Kind"] = "Delimiter", ["End"] = "\\n" },
            ["BackoffMax"] = "00:00:00.200",
        };
        var root = new JsonObject
        {
            ["Gateway"] = new JsonObject { ["Tcp"] = new JsonObject { ["Outlets"] = outlets } },
        };
        File.WriteAllText($"{ConfigPath}.new", root.ToJsonString());
        File.Move($"{ConfigPath}.new", ConfigPath, overwrite: true);
    }
}
