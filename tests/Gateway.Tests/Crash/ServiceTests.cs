using System.Text;
using Gateway.Cli.Demo.Processes;
using Gateway.Client;
using Gateway.Links.Protocol;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>The promises to applications while gateways, peers and consumers come and go.</summary>
[Kind(Kind.Process)]
public sealed class ServiceTests : ProcessTest
{
    private static readonly TimeSpan _soon = TimeSpan.FromMilliseconds(300);

    [Fact]
    public async Task Messages_of_a_killed_consumer_go_to_another_at_once()
    {
        const int Count = 50;
        var gateway = NewGateways(new Dictionary<string, string> { ["Gateway:Inbox:Lease"] = "12:00:00" }, "local")[0];
        await gateway.StartReadyAsync(Token);
        var client = NewClient(gateway);
        await client.SendAllAsync("q@local", ProcessMessages.Numbered(Count));

        await client.TakeAsync("q", Count);

        // It has shown that it listens, and does nothing more: what comes now is with it.
        var holding = Track(TestProcess.Start(
            Executable.Start("receive", "q", "--complete", "--count", "64", "--wait", "1h", "--gateway", gateway.Address),
            Path.Combine(Folder, "holder.log")));
        await client.SendAsync("q@local", "are you there?");
        await UntilAsync("the consumer listens", () => holding.Output.Length > 0);
        await UntilAsync("it has completed", async () => (await OperatorView.StateAsync(client, Token)).Messages() == 0);
        holding.Send(TestProcess.UnixSignal.Stop);
        await client.SendAllAsync("q@local", ProcessMessages.Numbered(Count));
        var taking = TakeWithDeliveriesAsync(client, Count);

        await holding.KillAsync();

        (await InTimeAsync("another gets them", taking)).ShouldBe(ProcessMessages.Numbered(Count).Select(text => (text, 2)));
    }

    [Fact]
    public async Task A_client_outlives_the_restart_of_its_gateway()
    {
        var gateway = NewGateways("local")[0];
        await gateway.StartReadyAsync(Token);
        var client = NewClient(gateway);
        await client.SendAsync("q@local", "before");
        // Completed and confirmed: a kill in the middle of that would leave the completion in doubt.
        (await InTimeAsync("receiving begins", client.TakeAsync("q", 1))).ShouldBe(["before"]);
        var taking = client.TakeAsync("q", 2);

        await gateway.KillAsync();
        var pending = client.SendAsync("q@local", "while it is away").AsTask();
        pending.IsCompleted.ShouldBeFalse();
        await gateway.StartReadyAsync(Token);

        await InTimeAsync("the pending call is answered", pending);
        await client.SendAsync("q@local", "after");
        (await InTimeAsync("receiving goes on", taking)).ShouldBe(["while it is away", "after"]);
    }

    [Fact]
    public async Task A_message_past_its_expiry_becomes_a_dead_letter_where_it_waits()
    {
        var gateways = NewGateways("near", "far");
        var (near, far) = (gateways[0], gateways[1]);
        await near.StartReadyAsync(Token);
        var (atNear, atFar) = (NewClient(near), NewClient(far));

        await atNear.SendAsync("q@far", "too late for the link", Expiring());
        await UntilAsync("it is a dead letter of the sender", async () =>
            await OperatorView.StateAsync(atNear, Token) is { DeadLetters: 1, Outgoing.Messages: 0, Inbound.Messages: 0 });

        await far.StartReadyAsync(Token);
        await atNear.SendAsync("q@far", "in time");
        await UntilAsync("the second arrives", async () => (await OperatorView.StateAsync(atFar, Token)).Messages() == 1);
        await atNear.SendAsync("q@far", "too late for a consumer", Expiring());
        await UntilAsync("it is a dead letter of one of the two", async () =>
            (await OperatorView.StateAsync(atNear, Token)).DeadLetters + (await OperatorView.StateAsync(atFar, Token)).DeadLetters == 2);

        (await atFar.TakeAsync("q", 1)).ShouldBe(["in time"]);
        (await OperatorView.StateAsync(atFar, Token)).ShouldSatisfyAllConditions(
            view => view.DeadLetters.ShouldBe(1),
            view => view.Messages().ShouldBe(0));

        static EnqueueOptions Expiring() => new() { ExpiresAt = TimeProvider.System.GetUtcNow() + _soon };
    }

    [Fact]
    public async Task A_peer_that_is_down_holds_back_its_own_queues_alone()
    {
        const int Count = 3_000;
        var gateways = NewGateways("near", "down", "up");
        await Task.WhenAll(gateways[0].StartReadyAsync(Token), gateways[2].StartReadyAsync(Token));
        var (near, up) = (NewClient(gateways[0]), NewClient(gateways[2]));

        await near.SendAllAsync("q@down", ProcessMessages.Numbered(Count));
        await near.SendAllAsync("q@up", ProcessMessages.Numbered(100));
        await near.SendAsync("q@near", "here");

        (await InTimeAsync("messages to the other peer", up.TakeAsync("q", 100))).ShouldBe(ProcessMessages.Numbered(100));
        (await InTimeAsync("a message on the gateway itself", near.TakeAsync("q", 1))).ShouldBe(["here"]);
        var view = await OperatorView.StateAsync(near, Token);
        view.MessagesOf("q@down").ShouldBe(Count);
        view.LinkTo("down").Cause.ShouldBe(LinkCause.Refused);

        await gateways[1].StartReadyAsync(Token);
        (await InTimeAsync("the backlog", NewClient(gateways[1]).TakeAsync("q", Count))).ShouldBe(ProcessMessages.Numbered(Count));
    }

    [Fact]
    public async Task A_route_gives_each_of_its_destinations_a_copy()
    {
        var routes = new Dictionary<string, string>
        { ["Gateway:Routes:orders:0"] = "orders@billing", ["Gateway:Routes:orders:1"] = "log@audit" };
        var gateways = NewGateways(routes, "shop", "billing", "audit");
        await Task.WhenAll(gateways[0].StartReadyAsync(Token), gateways[1].StartReadyAsync(Token));
        var texts = ProcessMessages.Numbered(20).ToArray();

        await NewClient(gateways[0]).SendAllAsync("orders", texts);

        (await InTimeAsync("the copies at billing", NewClient(gateways[1]).TakeAsync("orders", texts.Length))).ShouldBe(texts);
        await gateways[2].StartReadyAsync(Token);
        (await InTimeAsync("the copies at audit", NewClient(gateways[2]).TakeAsync("log", texts.Length))).ShouldBe(texts);
    }

    private static async Task<IReadOnlyList<(string Text, int Deliveries)>> TakeWithDeliveriesAsync(GatewayClient client, int count)
    {
        var taken = new List<(string Text, int Deliveries)>();
        await foreach (var message in client.ReceiveAsync("q", null, Token))
        {
            taken.Add((Encoding.UTF8.GetString(message.Body.Span), message.Deliveries));
            await message.CompleteAsync(Token);
            if (taken.Count == count)
                break;
        }

        return taken;
    }
}
