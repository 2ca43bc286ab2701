using System.Text.Json.Nodes;
using Gateway.Cli.Shell;
using Gateway.Configuration;
using Gateway.Links.Causes;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>Verbs change the configuration of a real gateway: shop, with a file of its own, and its peers billing and audit.</summary>
[Kind(Kind.Process)]
public sealed class ConfigurationVerbsTests : ConfiguredShopTest
{
    public ConfigurationVerbsTests() =>
        File.WriteAllText(ConfigPath, """{ "Gateway": { "Inbox": { "DeliveriesMax": 9 } } }""");

    private string ConfD => Path.Combine(Folder, ConfigurationFolder.Name);

    [Fact]
    public async Task A_peer_and_a_route_are_added_to_a_running_gateway_and_the_audit_trail_says_why()
    {
        await Task.WhenAll(Shop.StartReadyAsync(Token), Billing.StartReadyAsync(Token));

        await ShouldBeOkAsync("peer", "add", "billing", "--address", Billing.Settings.LinksAddress, "--why", "a new site");
        await ShouldBeOkAsync("route", "add", "orders", "orders@billing");

        await NewClient(Shop).SendAsync("orders", "one");
        (await InTimeAsync("the order", NewClient(Billing).TakeAsync("orders", 1))).ShouldBe(["one"]);
        var audit = (await RunAsync("audit")).Output;
        audit.ShouldContain("peer add billing (a new site)");
        audit.ShouldContain("route add orders orders@billing");
        (await RunAsync("config", "diff")).Code.ShouldBe(ExitCode.Ok);
    }

    [Fact]
    public async Task A_peer_for_which_messages_wait_is_removed_only_with_a_word_about_them()
    {
        await Task.WhenAll(Shop.StartReadyAsync(Token), Audit.StartReadyAsync(Token));
        await ShouldBeOkAsync("peer", "add", "billing", "--address", Billing.Settings.LinksAddress);
        await ShouldBeOkAsync("peer", "add", "audit", "--address", Audit.Settings.LinksAddress);
        foreach (var text in new[] { "one", "two" }) await NewClient(Shop).SendAsync("orders@billing", text);

        var undecided = await RunAsync("peer", "remove", "billing");

        undecided.Code.ShouldBe(ExitCode.NotConfirmed);
        undecided.Output.ShouldContain("2 messages wait for billing, in 1 queue (orders@billing). Nothing was done.");
        foreach (var choice in new[] { "--keep", "--redirect", "--export" }) undecided.Output.ShouldContain(choice);
        (await OperatorView.StateAsync(NewClient(Shop), Token)).Peers.ShouldContain(peer => peer.Peer == "billing");

        var left = Path.Combine(Folder, "left");
        await ShouldBeOkAsync("peer", "remove", "billing", "--export", left);
        (await File.ReadAllLinesAsync(Path.Combine(left, "orders@billing.jsonl"), Token)).Length.ShouldBe(4);
        await ShouldBeOkAsync("peer", "add", "billing", "--address", Billing.Settings.LinksAddress);
        await ShouldBeOkAsync("peer", "remove", "billing", "--redirect", "audit");
        (await InTimeAsync("the orders", NewClient(Audit).TakeAsync("orders", 2))).ShouldBe(["one", "two"]);
        (await OperatorView.StateAsync(NewClient(Shop), Token)).Peers.ShouldHaveSingleItem().Peer.ShouldBe("audit");
    }

    [Fact]
    public async Task A_file_that_appears_in_the_folder_or_vanishes_is_a_change()
    {
        Directory.CreateDirectory(ConfD);
        await Task.WhenAll(Shop.StartReadyAsync(Token), Billing.StartReadyAsync(Token));
        var atShop = NewClient(Shop);
        var file = Path.Combine(ConfD, "10-billing.json");
        var peers = new JsonObject { ["billing"] = new JsonObject { ["Address"] = Billing.Settings.LinksAddress } };
        var text = new JsonObject { ["Gateway"] = new JsonObject { ["Peers"] = peers } }.ToJsonString();
        await File.WriteAllTextAsync($"{file}.new", text, Token);
        File.Move($"{file}.new", file);

        await UntilAsync("it is a peer", async () => (await OperatorView.StateAsync(atShop, Token)).Peers.Count == 1);
        await OperatorView.UntilAsync(atShop, "billing", LinkState.Up, default);

        (await RunAsync("peer", "remove", "billing")).Output.ShouldContain($"set in {file}, which is not the file of this verb");
        File.Delete(file);
        await UntilAsync("it is gone", async () => (await OperatorView.StateAsync(atShop, Token)).Peers.Count == 0);
        (await OperatorView.StateAsync(atShop, Token)).Configuration.Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_gateway_that_reads_other_files_is_left_alone()
    {
        await Billing.StartReadyAsync(Token);

        var (code, output) = await RunAsync(Billing, "peer", "add", "audit", "--address", Audit.Settings.LinksAddress);

        code.ShouldBe(ExitCode.Refused);
        output.ShouldContain("reads other files than this command");
        File.Exists(Path.Combine(ConfD, OperatorSettings.FileName)).ShouldBeFalse();
    }

    [Fact]
    public async Task What_the_running_gateway_refuses_is_not_left_in_the_file()
    {
        await Shop.StartReadyAsync(Token);

        // Its name is on its command line, which the verb does not know.
        var (code, output) = await RunAsync("peer", "add", "shop", "--address", Shop.Settings.LinksAddress);

        code.ShouldBe(ExitCode.Usage);
        output.ShouldContain("has this gateway's own name");
        File.Exists(Path.Combine(ConfD, OperatorSettings.FileName)).ShouldBeFalse();
        await ShouldBeOkAsync("reload");
    }
}
