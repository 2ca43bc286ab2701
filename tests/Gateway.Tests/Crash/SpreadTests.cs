using System.Text;
using Gateway.Client;
using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>Routes that give each message to one of their destinations, with real gateways: shop and its peers.</summary>
[Kind(Kind.Process)]
public sealed class SpreadTests : ConfiguredShopTest
{
    private const int Keys = 12;
    private const int PageMax = 100;

    private readonly List<OutgoingMessage> _sent = [];

    public SpreadTests() => File.WriteAllText(ConfigPath, """{ "Gateway": { "Name": "shop" } }""");

    [Fact]
    public async Task Whatever_is_killed_each_message_is_at_one_gateway_and_each_key_where_it_was_and_in_order()
    {
        await StartAsync();
        await ShouldBeOkAsync(
            "route", "add", "orders", "orders@billing", "orders@audit", "orders@shop", "--mode", "partition", "--header", "customer");
        var client = NewClient(Shop);

        foreach (var killed in new[] { Shop, Billing, Audit, Shop })
        {
            var before = await SendAsync(client, 60);
            var during = SendAsync(client, 60);
            await killed.KillAsync();
            await killed.StartReadyAsync(Token);
            await InTimeAsync($"the messages sent while {killed.Name} was killed", during);
            // As an application does that has lost its memory.
            await client.EnqueueAsync("orders", before, Token);
        }

        var whole = _sent.Count;
        await Shop.KillAsync();
        await ShouldBeOkAsync("route", "remove", "orders", "orders@shop");
        await Shop.StartReadyAsync(Token);
        await SendAsync(client, 60);
        await client.EnqueueAsync("orders", _sent[(whole - 60)..whole], Token);
        var found = await FoundAsync(Shop, Billing, Audit);

        found.Values.Sum(texts => texts.Count).ShouldBe(_sent.Count);
        for (var key = 0; key < Keys; key++)
        {
            var parts = found.ToDictionary(at => at.Key, at => at.Value.Where(text => text.StartsWith($"{key}:", StringComparison.Ordinal))
                .Select(text => int.Parse(text.Split(':')[1], null)).ToList());
            parts.Values.ShouldAllBe(numbers => numbers.SequenceEqual(numbers.Order()));
            var first = parts.Where(part => part.Value.Exists(number => number < whole)).ShouldHaveSingleItem($"key {key}").Key;
            var then = parts.Where(part => part.Value.Exists(number => number >= whole)).ShouldHaveSingleItem($"key {key}, later").Key;
            if (first != "shop") then.ShouldBe(first, $"key {key} had no reason to move");
            then.ShouldNotBe("shop");
        }

        found.ShouldAllBe(at => at.Value.Count > 0);
    }

    [Fact]
    public async Task The_backlog_of_a_gateway_that_is_lost_goes_where_its_keys_go()
    {
        await Task.WhenAll(Shop.StartReadyAsync(Token), Audit.StartReadyAsync(Token));
        await AddPeersAsync();
        await ShouldBeOkAsync(
            "route", "add", "orders", "orders@billing", "orders@audit", "orders@shop", "--mode", "partition", "--header", "customer");
        var client = NewClient(Shop);
        await SendAsync(client, 120);
        var listed = (await RunAsync("route", "ls")).Output;
        listed.ShouldContain("orders@billing");
        listed.ShouldContain("not up");
        (await RunAsync("queue", "redirect", "orders@billing", "orders", "--all", "--yes")).Output
            .ShouldContain("remove it from the route");

        await ShouldBeOkAsync("route", "remove", "orders", "orders@billing");
        await ShouldBeOkAsync("queue", "redirect", "orders@billing", "orders", "--all", "--yes");
        await SendAsync(client, 60);

        var found = await FoundAsync(Shop, Audit);
        found["shop"].Count.ShouldBeGreaterThan(0);
        found["audit"].Count.ShouldBeGreaterThan(0);
        found.Values.Sum(texts => texts.Count).ShouldBe(180);
        for (var key = 0; key < Keys; key++)
        {
            var numbers = found.Select(at => at.Value.Where(text => text.StartsWith($"{key}:", StringComparison.Ordinal)).ToList())
                .Where(texts => texts.Count > 0).ShouldHaveSingleItem($"key {key}");
            numbers.ShouldBe([.. numbers.OrderBy(text => int.Parse(text.Split(':')[1], null))]);
        }
    }

    [Fact]
    public async Task A_message_without_the_key_is_refused_with_the_name_of_its_header()
    {
        await StartAsync();
        await ShouldBeOkAsync("route", "add", "orders", "orders@billing", "orders@audit", "--mode", "partition");
        var client = NewClient(Shop);

        var refused = await Should.ThrowAsync<GatewayException>(async () => await client.SendAsync("orders", "no key"));
        await client.SendAsync("orders", "with one", new EnqueueOptions { Key = "7" });

        (refused.Reason, refused.IsTransient).ShouldBe((GatewayError.NoKey, false));
        refused.Message.ShouldContain("no header 'key'");
    }

    [Fact]
    public async Task Shared_messages_go_to_the_gateway_that_is_up()
    {
        await StartAsync();
        await ShouldBeOkAsync("route", "add", "orders", "orders@billing", "orders@audit", "--mode", "share");
        var client = NewClient(Shop);
        await OperatorView.UntilAsync(client, "billing", LinkState.Up, default);
        await OperatorView.UntilAsync(client, "audit", LinkState.Up, default);
        await client.SendAllAsync("orders", ProcessMessages.Numbered(40));
        var atBilling = NewClient(Billing);
        await UntilAsync("each has its share", async () =>
            (await atBilling.GetQueueAsync("orders", Token)).Messages is >= 10 and <= 30 and var here
            && (await NewClient(Audit).GetQueueAsync("orders", Token)).Messages == 40 - here);

        await Audit.KillAsync();
        await OperatorView.UntilAsync(client, "audit", LinkState.Down, LinkCause.Refused);
        var before = (await atBilling.GetQueueAsync("orders", Token)).Messages;
        await client.SendAllAsync("orders", ProcessMessages.Numbered(20));

        await UntilAsync(
            "the one that is up has all", async () => (await atBilling.GetQueueAsync("orders", Token)).Messages == before + 20);
        (await client.GetQueueAsync("orders@audit", Token)).Messages.ShouldBe(0);
    }

    private async Task StartAsync()
    {
        await Task.WhenAll(Shop.StartReadyAsync(Token), Billing.StartReadyAsync(Token), Audit.StartReadyAsync(Token));
        await AddPeersAsync();
    }

    private async Task AddPeersAsync()
    {
        await ShouldBeOkAsync("peer", "add", "billing", "--address", Billing.Settings.LinksAddress);
        await ShouldBeOkAsync("peer", "add", "audit", "--address", Audit.Settings.LinksAddress);
    }

    /// <summary>Sends so many in their order, some at a time; returns the last of them.</summary>
    private async Task<IReadOnlyList<OutgoingMessage>> SendAsync(GatewayClient client, int count)
    {
        IReadOnlyList<OutgoingMessage> batch = [];
        for (var i = 0; i < count; i += 10)
        {
            batch = [.. Enumerable.Range(_sent.Count, 10).Select(number => new OutgoingMessage
            {
                MessageId = MessageId.New(TimeProvider.System.GetUtcNow()),
                Headers = new Dictionary<string, string> { ["customer"] = $"{number % Keys}" },
                Body = Encoding.UTF8.GetBytes($"{number % Keys}:{number}"),
            })];
            _sent.AddRange(batch);
            await client.EnqueueAsync("orders", batch, Token);
        }

        return batch;
    }

    /// <summary>What has arrived at each gateway, in order, once nothing waits for another one.</summary>
    private async Task<Dictionary<string, IReadOnlyList<string>>> FoundAsync(params TestGateway[] gateways)
    {
        var shop = NewClient(Shop);
        await UntilAsync("nothing waits for peers", async () =>
        {
            var state = await OperatorView.StateAsync(shop, Token);
            return state.Peers.All(peer => peer.Messages == 0);
        });
        var found = new Dictionary<string, IReadOnlyList<string>>();
        foreach (var gateway in gateways)
        {
            var (client, messages) = (NewClient(gateway), new List<BrowsedMessage>());
            IReadOnlyList<BrowsedMessage> page;
            do
            {
                page = await client.PeekAsync("orders", messages.LastOrDefault()?.Number ?? 0, PageMax, Token);
                messages.AddRange(page);
            }
            while (page.Count > 0);
            found[gateway.Name] = [.. messages.Select(message => Encoding.UTF8.GetString(message.Body.Span))];
        }

        return found;
    }
}
