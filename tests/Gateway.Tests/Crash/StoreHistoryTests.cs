using System.Text;
using Gateway.Cli;
using Gateway.Cli.Demo;
using Gateway.Client;
using Gateway.Links;
using Gateway.Tests.Cli;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>Stores that are copied, put back, renamed and moved, between real gateways: nothing is lost silently, and each case has a cause that stays.</summary>
[Collection(ProcessCollection.Name)]
public sealed class StoreHistoryTests : ProcessTest
{
    private const string Orders = "orders@billing";

    private readonly string _api = $"http://127.0.0.1:{LoopbackPort.Free(1)[0]}";
    private readonly TestGateway _shop;
    private readonly TestGateway _shop2;
    private readonly TestGateway _billing;
    private readonly TestGateway _billing2;

    public StoreHistoryTests()
    {
        var gateways = NewGateways("shop", "shop2", "billing", "billing2");
        (_shop, _shop2, _billing, _billing2) = (WithApi(gateways[0]), gateways[1], gateways[2], gateways[3]);
    }

    [Fact]
    public async Task A_copy_that_runs_beside_its_original_is_StoreTwice_and_sends_what_it_has_once_it_is_renewed()
    {
        await StartAsync(_shop);
        await SendAsync(_shop, "1", "2", "3", "4", "5");
        await StopAsync(_shop);
        Copy(_shop, _shop2);
        await StartAsync(_shop, _billing);
        await SendAsync(_shop, "A-1", "A-2");
        await UntilArrivedAsync(7);
        await StartAsync(_shop2);
        await UntilCauseAsync(_shop2, LinkCause.StoreTwice);
        await SendAsync(_shop2, "B-1", "B-2");
        await SendAsync(_shop, "A-3", "A-4");
        await UntilArrivedAsync(9);

        await StopAsync(_shop);
        await UntilCauseAsync(_shop2, LinkCause.StoreForked);
        await StopAsync(_shop2);
        var list = await RenewAsync(_shop2);
        list.ShouldContain(line => line.StartsWith("orders@billing 6 ", StringComparison.Ordinal) && line.EndsWith("was not sent from here", StringComparison.Ordinal));
        await StartAsync(_shop, _shop2);

        await UntilArrivedAsync(16);
        var bodies = await ReceiveAsync(_billing, 16);
        bodies.Order(StringComparer.Ordinal).ShouldBe(["1", "1", "2", "2", "3", "3", "4", "4", "5", "5", "A-1", "A-2", "A-3", "A-4", "B-1", "B-2"]);
    }

    [Fact]
    public async Task A_sender_that_is_put_back_is_StoreForked_however_much_it_accepts_and_sends_it_once_it_is_renewed()
    {
        await StartAsync(_shop, _billing);
        await SendAsync(_shop, "1", "2", "3");
        await UntilArrivedAsync(3);
        await StopAsync(_shop);
        var copy = CopyOf(_shop);
        await StartAsync(_shop);
        await SendAsync(_shop, "4", "5", "6", "7", "8");
        await UntilArrivedAsync(8);
        await _shop.KillAsync();
        await StopAsync(_billing);
        PutBack(copy, _shop);

        // Each start would find a longer tail.
        await StartAsync(_shop);
        await SendAsync(_shop, "9", "10", "11", "12", "13", "14", "15");
        await _shop.KillAsync();
        await StartAsync(_shop);
        await StartAsync(_billing);
        await UntilCauseAsync(_shop, LinkCause.StoreForked);
        await SendAsync(_shop, "16", "17");
        (await LinkAsync(_shop)).Cause.ShouldBe(nameof(LinkCause.StoreForked));

        await StopAsync(_shop);
        await RenewAsync(_shop);
        await StartAsync(_shop);
        await UntilArrivedAsync(17);
        (await ReceiveAsync(_billing, 17)).ShouldBe(Enumerable.Range(1, 17).Select(number => $"{number}"));
    }

    [Fact]
    public async Task A_receiver_that_is_put_back_is_PeerWentBack_with_the_numbers_until_it_is_accepted()
    {
        await StartAsync(_shop, _billing);
        await SendAsync(_shop, "1", "2", "3");
        await UntilArrivedAsync(3);
        await StopAsync(_billing);
        var copy = CopyOf(_billing);
        await StartAsync(_billing);
        await SendAsync(_shop, "4", "5", "6");
        await UntilArrivedAsync(6);
        await _billing.KillAsync();
        PutBack(copy, _billing);
        await SendAsync(_shop, "7");
        await StartAsync(_billing);

        var link = await UntilCauseAsync(_shop, LinkCause.PeerWentBack);
        link.Evidence!.ShouldContain("4 to 6 of queue orders");
        await _shop.KillAsync();
        await StartAsync(_shop);
        await UntilCauseAsync(_shop, LinkCause.PeerWentBack);
        (await GatewayView.AskAsync(NewClient(_billing), Token)).Messages.ShouldBe(3);
        await AcceptAsync();

        await UntilArrivedAsync(4);
        (await ReceiveAsync(_billing, 4)).ShouldBe(["1", "2", "3", "7"]);
        (await LinkView.AskAsync(NewClient(_shop), "billing")).History.ShouldContain(change => change.Evidence.Contains("accepted by"));
    }

    [Fact]
    public async Task Both_sides_put_back_to_one_moment_go_on()
    {
        await StartAsync(_shop, _billing);
        await SendAsync(_shop, "1", "2", "3");
        await UntilArrivedAsync(3);
        await StopAsync(_shop);
        await StopAsync(_billing);
        var (shop, billing) = (CopyOf(_shop), CopyOf(_billing));
        await StartAsync(_shop, _billing);
        await SendAsync(_shop, "4", "5");
        await UntilArrivedAsync(5);
        await _shop.KillAsync();
        await _billing.KillAsync();
        PutBack(shop, _shop);
        PutBack(billing, _billing);
        await StartAsync(_shop, _billing);
        await SendAsync(_shop, "6");

        await UntilArrivedAsync(4);
        (await ReceiveAsync(_billing, 4)).ShouldBe(["1", "2", "3", "6"]);
    }

    [Fact]
    public async Task A_sender_that_moves_as_a_whole_and_gets_another_name_goes_on()
    {
        await StartAsync(_shop, _billing);
        await SendAsync(_shop, "1", "2");
        await UntilArrivedAsync(2);
        await StopAsync(_billing);
        await SendAsync(_shop, "3");
        await StopAsync(_shop);
        Directory.Move(_shop.StorePath, _shop2.StorePath);
        await StartAsync(_shop2, _billing);
        await SendAsync(_shop2, "4");

        await UntilArrivedAsync(4);
        (await ReceiveAsync(_billing, 4)).ShouldBe(["1", "2", "3", "4"]);
        (await LinkView.AskAsync(NewClient(_shop2), "billing")).History.ShouldContain(change => change.Evidence.Contains("knew this store under the name shop"));
    }

    [Fact]
    public async Task A_receiver_that_gets_another_name_does_not_take_new_messages_for_ones_that_it_has()
    {
        await StartAsync(_shop, _billing);
        await SendAsync(_shop, "1", "2", "3");
        await UntilArrivedAsync(3);
        await StopAsync(_billing);
        Directory.Move(_billing.StorePath, _billing2.StorePath);
        var client = NewClient(_shop);
        foreach (var body in new[] { "4", "5" }) await client.EnqueueAsync("orders@billing2", Encoding.UTF8.GetBytes(body), cancellationToken: Token);
        await StartAsync(_billing2);

        (await ReceiveAsync(_billing2, 5)).ShouldBe(["1", "2", "3", "4", "5"]);
    }

    private TestGateway WithApi(TestGateway gateway) => Track(new TestGateway(gateway.Settings with { More = new Dictionary<string, string>(gateway.Settings.More) { ["Gateway:Http:Address"] = _api } }));

    private static Task StartAsync(params TestGateway[] gateways) => Task.WhenAll(gateways.Select(gateway => gateway.StartReadyAsync(Token)));

    private static async Task StopAsync(TestGateway gateway) => (await InTimeAsync("it stops", gateway.StopAsync())).ShouldBe(0);

    private async Task SendAsync(TestGateway gateway, params string[] bodies)
    {
        await using var client = new GatewayClient(new GatewayClientOptions { Address = gateway.Address, ApplicationName = "test" });
        foreach (var body in bodies) await client.EnqueueAsync(Orders, Encoding.UTF8.GetBytes(body), cancellationToken: Token);
    }

    private async Task UntilArrivedAsync(long messages)
    {
        await using var client = new GatewayClient(new GatewayClientOptions { Address = _billing.Address, ApplicationName = "test" });
        await UntilAsync($"{messages} messages are at billing", async () => (await GatewayView.AskAsync(client, Token)).MessagesOf("orders") == messages);
    }

    private async Task<List<string>> ReceiveAsync(TestGateway gateway, int count)
    {
        var bodies = new List<string>();
        await foreach (var message in NewClient(gateway).ReceiveAsync("orders", cancellationToken: Token))
        {
            bodies.Add(Encoding.UTF8.GetString(message.Body.Span));
            await message.CompleteAsync(Token);
            if (bodies.Count == count) break;
        }

        return bodies;
    }

    private static async Task<GatewayView.Link> LinkAsync(TestGateway gateway)
    {
        await using var client = new GatewayClient(new GatewayClientOptions { Address = gateway.Address, ApplicationName = "test" });
        return (await LinkView.AskAsync(client, "billing")).Link;
    }

    private static async Task<GatewayView.Link> UntilCauseAsync(TestGateway gateway, LinkCause cause)
    {
        GatewayView.Link? link = null;
        await UntilAsync($"the link is {cause}", async () => (link = await LinkAsync(gateway)).Cause == $"{cause}");
        return link!;
    }

    private static void Copy(TestGateway from, TestGateway to) => Copy(from.StorePath, to.StorePath);

    private static string CopyOf(TestGateway gateway)
    {
        Copy(gateway.StorePath, gateway.StorePath + "-copy");
        return gateway.StorePath + "-copy";
    }

    private static void PutBack(string copy, TestGateway gateway)
    {
        Directory.Delete(gateway.StorePath, recursive: true);
        Copy(copy, gateway.StorePath);
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from)) File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
    }

    /// <summary>Without the word that it takes, nothing is done.</summary>
    private static async Task<string[]> RenewAsync(TestGateway gateway)
    {
        var terminal = new TestTerminal();
        (await terminal.RunAsync("store", "renew", "--path", gateway.StorePath)).ShouldBe(ExitCode.NotConfirmed);
        terminal = new TestTerminal();
        (await terminal.RunAsync("store", "renew", "--path", gateway.StorePath, "--yes")).ShouldBe(ExitCode.Ok);
        CheckStore(gateway);
        return terminal.Output.Split('\n');
    }

    private async Task AcceptAsync()
    {
        var terminal = new TestTerminal();
        (await terminal.RunAsync("peer", "accept", "billing", "--api", _api)).ShouldBe(ExitCode.Ok);
        terminal = new TestTerminal();
        (await terminal.RunAsync("peer", "accept", "nobody", "--api", _api)).ShouldNotBe(ExitCode.Ok);
    }
}
