using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Cli.Shell;
using Gateway.Client;
using Gateway.Links.Causes;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>The configuration of a real gateway is changed while it runs: shop, with a file, and its peers billing and audit.</summary>
[Kind(Kind.Process)]
public sealed class ReloadTests : ConfiguredShopTest
{
    private const string OldToken = "a-token-that-goes-away";
    private const string NewToken = "a-token-that-remains-here";

    [Fact]
    public async Task A_peer_that_is_added_to_the_file_gets_messages_while_those_of_another_flow()
    {
        Write(Peers(Billing));
        await Task.WhenAll(Shop.StartReadyAsync(Token), Billing.StartReadyAsync(Token), Audit.StartReadyAsync(Token));
        var atShop = NewClient(Shop);
        await OperatorView.UntilAsync(atShop, "billing", LinkState.Up, default);
        var before = await OperatorView.LinkAsync(atShop, "billing");
        var texts = ProcessMessages.Numbered(2000).ToArray();
        var taken = NewClient(Billing).TakeAsync("orders", texts.Length);
        var sent = SendAsync(atShop, texts);

        Write(Peers(Billing, Audit));

        await UntilAsync(
            "audit is a peer", async () => (await OperatorView.StateAsync(atShop, Token)).Peers.Any(peer => peer.Peer == "audit"));
        await atShop.SendAsync("notes@audit", "hello");
        (await InTimeAsync("the note", NewClient(Audit).TakeAsync("notes", 1))).ShouldBe(["hello"]);
        await sent;
        (await InTimeAsync("the orders", taken)).ShouldBe(texts);
        var after = await OperatorView.LinkAsync(atShop, "billing");
        after.History.Select(change => (change.At, change.State)).ShouldBe(before.History.Select(change => (change.At, change.State)));
        Shop.Process.Output.ShouldContain("Applied a changed configuration (a changed file): Gateway:Peers:audit:Address");
    }

    [Theory]
    [InlineData("{ \"Gateway\": { \"Peers\": { \"billing\": { \"Addr")]
    [InlineData("{ \"Gateway\": { \"Links\": { \"DeadAfter\": \"soon\" }, \"Peers\": {} } }")]
    [InlineData("")]
    [InlineData(null)]
    public async Task A_file_with_a_fault_or_none_changes_nothing_and_is_told_until_it_is_right(string? text)
    {
        Write(Peers(Billing));
        await Task.WhenAll(Shop.StartReadyAsync(Token), Billing.StartReadyAsync(Token));
        var atShop = NewClient(Shop);
        await OperatorView.UntilAsync(atShop, "billing", LinkState.Up, default);

        if (text is null) File.Delete(ConfigPath);
        else await File.WriteAllTextAsync(ConfigPath, text, Token);

        await UntilAsync("it is told", async () => (await OperatorView.StateAsync(atShop, Token)).Configuration.Faults.Count > 0);
        await atShop.SendAsync("orders@billing", "one");
        (await InTimeAsync("the order", NewClient(Billing).TakeAsync("orders", 1))).ShouldBe(["one"]);
        var check = await RunAsync("check");
        check.Output.ShouldStartWith("GATEWAY WARNING - configuration: the changed configuration has had 1 fault");
        var reload = await RunAsync("reload");
        reload.Code.ShouldBe(ExitCode.Usage);
        reload.Output.ShouldContain("1 fault; nothing was changed.");
        (await RunAsync("config", "diff")).Code.ShouldBe(ExitCode.Usage);
        Write(Peers(Billing));
        await UntilAsync("it is right", async () => (await OperatorView.StateAsync(atShop, Token)).Configuration.Faults.Count == 0);
        Shop.Process.Output.Split('\n').Count(line => line.Contains("nothing of it is applied", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task A_key_that_needs_a_restart_is_named_and_the_others_are_applied()
    {
        Write(Peers(Billing));
        await Shop.StartReadyAsync(Token);
        var changed = Peers(Billing);
        changed["Links"] = new JsonObject { ["WindowMessages"] = 7 };
        changed["Routes"] = new JsonObject { ["orders"] = new JsonArray("orders@billing") };
        Write(changed);

        var before = await RunAsync("config", "diff");
        var reload = await RunAsync("reload");

        before.Code.ShouldBe(ExitCode.Differs);
        before.Output.ShouldContain("Gateway:Links:WindowMessages");
        reload.Code.ShouldBe(ExitCode.Ok);
        reload.Output.ShouldContain("In force after a restart: Gateway:Links:WindowMessages");
        await NewClient(Shop).SendAsync("orders", "by the new route");
        var after = await RunAsync("config", "diff", "--output", "json");
        after.Code.ShouldBe(ExitCode.Differs);
        JsonNode.Parse(after.Output)!["values"]!.AsArray().ShouldHaveSingleItem()!.ToJsonString().ShouldBe(
            """{"key":"Gateway:Links:WindowMessages","running":"20000","file":"7","change":"restart"}""");
        (await RunAsync("audit")).Output.ShouldContain("Gateway:Routes:orders:0");
        (await RunAsync("status")).Output.ShouldContain("Gateway:Links:WindowMessages");
    }

    [Fact]
    public async Task A_removed_peer_keeps_its_messages_and_a_warning_says_so()
    {
        Write(Peers(Billing));
        await Shop.StartReadyAsync(Token);
        await NewClient(Shop).SendAsync("orders@billing", "one");
        Write(Peers());

        (await RunAsync("reload")).Code.ShouldBe(ExitCode.Ok);

        // Whether the verb or the changed file was first, it is in the log.
        await UntilAsync("it is told", () => Shop.Process.Output.Contains(
            "1 message waits for billing, which is no longer a peer", StringComparison.Ordinal));
        Write(Peers(Billing));
        (await RunAsync("reload")).Code.ShouldBe(ExitCode.Ok);
        (await RunAsync("config", "diff")).Code.ShouldBe(ExitCode.Ok);
        await Billing.StartReadyAsync(Token);
        (await InTimeAsync("the order", NewClient(Billing).TakeAsync("orders", 1))).ShouldBe(["one"]);
    }

    [Fact]
    public async Task A_removed_token_ends_its_session_and_is_refused_over_HTTP()
    {
        Write(Tokens(OldToken, NewToken));
        await Shop.StartReadyAsync(Token);
        var (old, other) = (ClientWith(OldToken), ClientWith(NewToken));
        await Task.WhenAll(old.SendAsync("q@shop", "one").AsTask(), other.SendAsync("q@shop", "two").AsTask());
        (await RunAsync("status", "--token-file", FileOf(OldToken))).Code.ShouldBe(ExitCode.Ok);
        Write(Tokens(NewToken));

        (await RunAsync("reload", "--token-file", FileOf(NewToken))).Code.ShouldBe(ExitCode.Ok);

        (await Should.ThrowAsync<GatewayException>(async () => await old.SendAsync("q@shop", "three")))
            .Reason.ShouldBe(GatewayError.NotAuthorised);
        await other.SendAsync("q@shop", "four");
        (await RunAsync("status", "--token-file", FileOf(OldToken))).Code.ShouldBe(ExitCode.Refused);
        Shop.Process.Output.ShouldContain("Ended the session of application test");
    }

    [Fact]
    public async Task A_level_of_the_log_is_applied()
    {
        Write(Peers());
        await Shop.StartReadyAsync(Token);
        Write(Peers(), new JsonObject { ["LogLevel"] = new JsonObject { ["Gateway.Intake.ClientSessions"] = "Debug" } });

        (await RunAsync("reload")).Code.ShouldBe(ExitCode.Ok);

        await NewClient(Shop).SendAsync("q@shop", "one");
        await UntilAsync("it is logged", () => Shop.Process.Output.Contains("Application test connected", StringComparison.Ordinal));
    }

    private string FileOf(string token)
    {
        var path = Path.Combine(Folder, $"{token.Length}.token");
        File.WriteAllText(path, token);
        return path;
    }

    private GatewayClient ClientWith(string token) => Track(new GatewayClient(new GatewayClientOptions
    { Address = Shop.Address, ApplicationName = "test", Token = token, RequestTimeout = TimeSpan.FromMinutes(1) }));

    private static async Task SendAsync(GatewayClient client, IReadOnlyList<string> texts)
    {
        foreach (var text in texts) await client.SendAsync("orders@billing", text);
    }

    private static JsonObject Peers(params TestGateway[] peers) => new()
    {
        ["Peers"] = new JsonObject(peers.Select(peer =>
            KeyValuePair.Create(peer.Name, (JsonNode?)new JsonObject { ["Address"] = peer.Settings.LinksAddress }))),
    };

    private static JsonObject Tokens(params string[] tokens) => new()
    {
        ["Links"] = new JsonObject { ["AllowPlainText"] = true },
        ["Intake"] = new JsonObject
        {
            ["Applications"] = new JsonObject(tokens.Select(token => KeyValuePair.Create($"app{token.Length}", (JsonNode?)new JsonObject
            { ["Token"] = token, ["Enqueue"] = new JsonArray("*") }))),
        },
        ["Http"] = new JsonObject
        {
            ["Tokens"] = new JsonObject(tokens.Select(token => KeyValuePair.Create($"who{token.Length}", (JsonNode?)new JsonObject
            { ["Token"] = token, ["Roles"] = new JsonArray("read", "operate") }))),
        },
    };

    /// <summary>As an editor does: a new file takes the place of the old one.</summary>
    private void Write(JsonObject gateway, JsonObject? logging = null)
    {
        var root = new JsonObject { ["Gateway"] = gateway };
        if (logging is not null) root["Logging"] = logging;
        File.WriteAllText($"{ConfigPath}.new", root.ToJsonString(new JsonSerializerOptions { WriteIndented = true }));
        File.Move($"{ConfigPath}.new", ConfigPath, overwrite: true);
    }
}
