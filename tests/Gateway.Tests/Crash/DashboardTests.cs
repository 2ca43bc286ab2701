using Gateway.Cli.Demo.Processes;
using Gateway.Client;
using Gateway.Tests.Dashboard;
using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>The whole of it, as an operator sees it: real gateways, a real browser, and nothing between them.</summary>
[Kind(Kind.Process)]
[Needs("chromium")]
public sealed class DashboardTests(BrowserFixture fixture) : LinkTest, IClassFixture<BrowserFixture>
{
    /// <summary>A limit against hanging, not an expectation.</summary>
    private const float PatienceMs = 60_000;

    [Fact]
    public async Task A_peer_that_dies_is_seen_with_its_backlog_and_cause_one_message_is_purged_and_the_others_drain_when_it_is_back()
    {
        var (plain, far) = NewPair(Quick);
        var url = $"http://127.0.0.1:{LoopbackPort.Free(1)[0]}";
        var near = Track(new TestGateway(plain.Settings with
        { More = new Dictionary<string, string>(plain.Settings.More) { ["Gateway:Http:Address"] = url } }));
        var client = await StartAsync(near, far);
        await using var context = await fixture.Browser.NewContextAsync(new BrowserNewContextOptions { BaseURL = url });
        context.SetDefaultTimeout(PatienceMs);
        var faults = new List<string>();
        var page = await context.NewPageAsync();
        page.Console += (_, message) => { if (message.Type == "error") faults.Add(message.Text); };
        await page.GotoAsync("/");
        await See(page, "Nothing needs you.");

        await far.KillAsync();
        for (var i = 1; i <= 5; i++) await client.EnqueueAsync("orders@far", new[] { (byte)i }, cancellationToken: Token);

        await See(page, "5 messages wait.");
        await See(page, "(Refused)");
        await page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "orders@far" }).ClickAsync();
        await See(page, "5 messages.");
        await page.GetByRole(AriaRole.Row).Filter(new LocatorFilterOptions
        {
            Has =
            page.GetByRole(AriaRole.Cell, new PageGetByRoleOptions { Name = "3", Exact = true })
        }).GetByRole(AriaRole.Link).ClickAsync();
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Purge…" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Purge" }).ClickAsync();
        await See(page, "1 message purged");
        await See(page, "4 messages.");

        await far.StartReadyAsync(Token);
        await page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Overview" }).First.ClickAsync();

        await See(page, "Everything is delivered.");
        await See(page, "Nothing needs you.");
        var arrived = new List<BrowsedMessage>();
        await UntilAsync("the others arrive",
            async () => (arrived = [.. await NewClient(far).PeekAsync("orders", cancellationToken: Token)]).Count == 4);
        arrived.Select(message => message.Body.Span[0]).ShouldBe([1, 2, 4, 5]);
        await page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Audit" }).ClickAsync();
        await page.GetByRole(AriaRole.Row).Filter(new LocatorFilterOptions { HasText = "local (dashboard)" }).GetByText("purge")
            .WaitForAsync();
        faults.ShouldBeEmpty();
    }

    private static Task See(IPage page, string text) => page.GetByText(text).First.WaitForAsync();
}
