using System.Net;
using System.Net.WebSockets;
using Gateway.Configuration;
using Gateway.Tests.Dashboard;
using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Http;

/// <summary>The dashboard behind the guard of the HTTP API.</summary>
[Collection(DashboardCollection.Name)]
public sealed class DashboardTests(BrowserFixture fixture)
{
    private const string Token = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    [Fact]
    public async Task Page_WithTokens_IsSignedInToWithOneOfThem()
    {
        await using var api = await StartAsync();
        await using var context = await fixture.Browser.NewContextAsync(new BrowserNewContextOptions { BaseURL = api.Service.Address });
        var page = await context.NewPageAsync();

        await page.GotoAsync("/audit");
        await page.GetByLabel("Token").FillAsync(Token);
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Sign in" }).ClickAsync();

        await page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Name = "Audit trail" }).WaitForAsync();
        await page.Locator("main:not([aria-busy])").WaitForAsync();
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Sign out" }).ClickAsync();
        await page.GetByLabel("Token").WaitForAsync();
    }

    [Fact]
    [Needs("axe")]
    public async Task Page_OfAnAddressAtWhichThereIsNothing_HasTheStyleOfTheOthers_AndIsAccessible()
    {
        await using var api = await TestApi.StartAsync();
        await using var context = await fixture.Browser.NewContextAsync(new BrowserNewContextOptions { BaseURL = api.Service.Address });
        var page = await context.NewPageAsync();
        foreach (var (width, theme) in new[] { 1280, 390 }.SelectMany(width => new[] { (width, "light"), (width, "dark") }))
        {
            await page.SetViewportSizeAsync(width, 844);
            await page.EmulateMediaAsync(new PageEmulateMediaOptions
            { ColorScheme = theme == "dark" ? ColorScheme.Dark : ColorScheme.Light, ReducedMotion = ReducedMotion.Reduce });
            await page.GotoAsync($"/no-such-page/{new string('x', 300)}");
            await page.Locator($"html[data-theme={theme}]").WaitForAsync();

            (await page.EvaluateAsync<int>("document.documentElement.scrollWidth")).ShouldBeLessThanOrEqualTo(width);
            (await page.Locator(".card").EvaluateAsync<string>("card => getComputedStyle(card).borderRadius")).ShouldBe("16px");
            await page.EvaluateAsync(await File.ReadAllTextAsync(Tool.Axe, TestContext.Current.CancellationToken));
            (await page.EvaluateAsync<string>("async () => (await axe.run(document)).violations.map(one => one.id).join()"))
                .ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task Page_WithoutAToken_ShowsOnlyTheSignIn()
    {
        await using var api = await StartAsync();

        using var answer = await api.GetAsync("/");

        answer.RequestMessage!.RequestUri!.PathAndQuery.ShouldBe("/sign-in?to=%2F");
        // As a word: the state that the page carries is random text, in which four letters occur.
        (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldNotMatch(@"\bshop\b");
    }

    [Fact]
    public async Task Page_CalledByAStrangersName_IsRefused()
    {
        await using var api = await TestApi.StartAsync();

        using var answer = await api.GetAsync("/", ("Host", "rebound.example"));

        await TestApi.ProblemOfAsync(answer, HttpStatusCode.MisdirectedRequest, "unknown-host");
    }

    [Fact]
    public async Task Circuit_OpenedByAPageOfAnotherOrigin_IsRefused()
    {
        await using var api = await TestApi.StartAsync();
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Origin", "http://elsewhere.example");

        var fault = await Should.ThrowAsync<WebSocketException>(() => socket.ConnectAsync(new Uri(
            $"{api.Service.Address.Replace("http:", "ws:", StringComparison.Ordinal)}/_blazor"), TestContext.Current.CancellationToken));

        fault.Message.ShouldContain("403");
    }

    private static Task<TestApi> StartAsync() =>
        TestApi.StartAsync(options => options.Http.Tokens["anna"] = new HttpTokenOptions { Token = Token, Roles = ["read"] });
}
