using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Gateway.Tests.Management;
using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Dashboard;

/// <summary>Every page, at the width of a desk and of a phone, in dark and in light.</summary>
public sealed class PagesTests(BrowserFixture fixture) : DashboardTest(fixture)
{
    [Theory]
    [InlineData("/", "What to do")]
    [InlineData("/queue/out/orders@billing", "orders@billing")]
    [InlineData("/queue/out/orders@billing?header=priority%3Dhigh", "orders@billing")]
    [InlineData("/queue/out/archive@archive", "archive@archive")]
    [InlineData("/queue/in/nothing", "nothing")]
    [InlineData("/queue/out/orders@billing/7", "Its way so far")]
    [InlineData("/dead-letters/14", "Its way so far")]
    [InlineData("/queue/out/orders@billing/999999", "Message 999")]
    [InlineData("/link/billing", "Up and down")]
    [InlineData("/link/nobody", "nobody")]
    [InlineData("/dead-letters?reason=Rejected&queue=in%2Finvoices", "Dead letters")]
    [InlineData("/fleet", "Gateways")]
    [InlineData("/queues", "Routes")]
    [InlineData("/tcp", "Outlets")]
    [InlineData("/tcp/inlet/line-4", "Conversations")]
    [InlineData("/tcp/outlet/press", "Up and down")]
    [InlineData("/tcp/outlet/nobody", "nobody")]
    [InlineData("/operations", "Operations")]
    [InlineData("/audit", "Audit trail")]
    [Needs("axe")]
    public async Task Page_AtEveryWidthAndTheme_FitsAndIsAccessible(string path, string heading)
    {
        Day.HasPrograms = path.StartsWith("/tcp", StringComparison.Ordinal);
        foreach (var width in new[] { 1280, 390 })
        {
            await Page.SetViewportSizeAsync(width, 844);
            await OpenAsync(path);
            await Heading(heading).First.WaitForAsync();
            foreach (var theme in new[] { ColorScheme.Light, ColorScheme.Dark })
            {
                await Page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = theme, ReducedMotion = ReducedMotion.Reduce });
                await Page.Locator($"html[data-theme={theme.ToString().ToLowerInvariant()}]").WaitForAsync();

                (await WidthAsync()).ShouldBeLessThanOrEqualTo(width, $"{path} at {width}");
                (await ViolationsAsync()).ShouldBeEmpty($"{path} at {width}, {theme}");
            }
        }
    }

    [Fact]
    [Needs("axe")]
    public async Task Question_InEveryTheme_FitsAndIsAccessible()
    {
        await Page.SetViewportSizeAsync(390, 844);
        await OpenAsync("/queue/out/orders@billing?header=priority%3Dhigh");
        await Button("Purge matches…").ClickAsync();
        await Dialog.GetByText("172 messages").WaitForAsync();
        foreach (var theme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            await Page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = theme, ReducedMotion = ReducedMotion.Reduce });
            await Page.Locator($"html[data-theme={theme.ToString().ToLowerInvariant()}]").WaitForAsync();

            (await WidthAsync()).ShouldBeLessThanOrEqualTo(390);
            (await ViolationsAsync()).ShouldBeEmpty($"{theme}");
        }
    }

    [Fact]
    public async Task Overview_SaysWhatWaitsWhyAndWhatToDo()
    {
        await OpenAsync("/");

        await SeeAsync("billing has been down for 47 min (Refused); 1,242 messages wait.");
        await SeeAsync("Start the gateway on the peer's host, or correct its address in Peers.");
        await SeeAsync("Nobody takes messages from invoices: the oldest has waited for 25 min.");
        await SeeAsync("20 dead letters wait for a decision.");
        await Page.GetByRole(AriaRole.Status).GetByText("2 problems").WaitForAsync();
    }

    [Fact]
    public async Task Overview_WhenTheStateChanges_ShowsItWithoutAReload()
    {
        await OpenAsync("/");
        await SeeAsync("billing has been down");

        Day.HasTrouble = false;

        await Page.GetByText("billing has been down").WaitForAsync(new LocatorWaitForOptions { State = WaitForSelectorState.Detached });
    }

    [Fact]
    public async Task Link_ShowsItsPastAsAPictureAndInWords()
    {
        await OpenAsync("/link/billing");

        await Page.GetByRole(AriaRole.Img, new PageGetByRoleOptions { Name = "Up 84" }).WaitForAsync();
        await Button("24 h").ClickAsync();

        await SeeAsync("down 6 times (ResetByPeer, Refused).");
        await SeeAsync("something between the hosts cuts connections that are quiet for that long");
        await Page.GetByRole(AriaRole.Row, new PageGetByRoleOptions { Name = "orders 120 1 – 120" }).WaitForAsync();
    }

    [Fact]
    public async Task LinkThatIsUpAndWell_ShowsTheCauseOfItsLastInterruptionAsThat()
    {
        var describe = Management.Describe;
        Management.Describe = () => describe() with { Links = [FakeManagement.NewLink("billing", LinkState.Up, LinkCause.PeerSilent)] };
        var describeLink = Management.DescribeLink;
        Management.DescribeLink = (state, link) =>
            describeLink(state, link) with { Candidates = [new LinkCandidate(LinkCause.PeerSilent, "no answer")] };

        await OpenAsync("/link/billing");

        await SeeAsync("The last interruption: PeerSilent.");
        await SeeAsync("The cause of the last interruption");
    }

    [Fact]
    public async Task QueueThatIsFull_SaysSo_InTheListAndOnItsPage()
    {
        var describe = Management.Describe;
        Management.Describe = () =>
        {
            var state = describe();
            return state with { Queues = [.. state.Queues.Select(queue => queue with { IsFull = true })] };
        };

        await OpenAsync("/queues");
        await Page.GetByText("Full", new PageGetByTextOptions { Exact = true }).First.WaitForAsync();
        await OpenAsync("/queue/out/orders@billing");
        await SeeAsync("It is full: another message of the mean size is rejected until some have left");
    }

    [Fact]
    public async Task Message_WhoseBodyAndHeadersAreMarkup_IsShownAsText()
    {
        await OpenAsync("/queue/out/orders@billing/2");

        await SeeAsync("<script>document.title='owned'</script><b>not bold</b>");
        await SeeAsync("<img src=x onerror=alert(1)>");
        (await Page.TitleAsync()).ShouldBe("Message 2 · plant-7");
        (await Page.Locator("img[src=x], pre b, pre script").CountAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Message_BodyIsDownloadedAsAFile_AndNeverShown()
    {
        await OpenAsync("/queue/out/orders@billing/2");
        var download = await Page.RunAndWaitForDownloadAsync(
            () => Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Download" }).ClickAsync());
        var answer = await Context.APIRequest.GetAsync("/queue/out/orders@billing/2/body");

        download.SuggestedFilename.ShouldMatch("^[0-9a-f-]{36}[.]bin$");
        (await File.ReadAllTextAsync(await download.PathAsync(), TestContext.Current.CancellationToken))
            .ShouldBe("<script>document.title='owned'</script><b>not bold</b>");
        answer.Headers["content-type"].ShouldBe("application/octet-stream");
        answer.Headers["content-disposition"].ShouldStartWith("attachment;");
        answer.Headers["x-content-type-options"].ShouldBe("nosniff");
        answer.Headers["content-security-policy"].ShouldBe("default-src 'none'; sandbox");
        (await Context.APIRequest.GetAsync("/dead-letters/1/body")).Headers["content-disposition"].ShouldStartWith("attachment;");
    }

    [Theory]
    [InlineData("/queue/out/orders@billing/999999", "No message of this queue has had the number 999,999 yet")]
    [InlineData("/dead-letters/999999", "There is no dead letter 999,999")]
    public async Task Message_ThatIsNotThere_IsSaidOnItsPageInPlaceOfADownload(string path, string says)
    {
        await Page.GotoAsync($"{path}/body");

        Page.Url.ShouldEndWith(path);
        await SeeAsync(says);
        await ReadyAsync();
    }

    [Fact]
    public async Task Message_BodyAsTextJsonAndHex()
    {
        await OpenAsync("/queue/out/orders@billing/7");

        await Page.Locator("pre").GetByText("\"note\": \"Füße & Grüße\"").WaitForAsync();
        await Button("Text").ClickAsync();
        await Page.Locator("pre").GetByText("""{"order":7,"customer":4007""").WaitForAsync();
        await Button("Hex").ClickAsync();
        await Page.Locator("pre").GetByText("000000  7b 22 6f 72 64 65 72 22  3a 37 2c 22 63 75 73 74  {\"order\":7,\"cust").WaitForAsync();
    }

    [Fact]
    public async Task Theme_FollowsTheSystemUntilSomebodyChooses_AndIsRemembered()
    {
        await OpenAsync("/");
        await Page.Locator("html[data-theme=light]").WaitForAsync();
        await Page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = ColorScheme.Dark });
        await Page.Locator("html[data-theme=dark]").WaitForAsync();

        await Button("Switch between dark and light").ClickAsync();
        await Page.Locator("html[data-theme=light]").WaitForAsync();

        await Page.ReloadAsync();
        await Page.Locator("html[data-theme=light]").WaitForAsync();
    }

    [Fact]
    public async Task Keyboard_SkipsTheNavigation()
    {
        await OpenAsync("/");

        await Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Skip to the content" }).FocusAsync();
        await Page.Keyboard.PressAsync("Enter");

        (await Page.EvaluateAsync<string>("document.activeElement.id")).ShouldBe("main");
    }

    [Fact]
    public async Task Page_AllowsOnlyContentOfItsOwnHost()
    {
        var answer = await Context.APIRequest.GetAsync($"{Server.Url}/");

        answer.Headers["content-security-policy"].ShouldBe(
            "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; "
                + "base-uri 'self'; form-action 'self'; frame-ancestors 'none'");
    }

    [Fact]
    public async Task Assets_UnderAnotherTag_AreNotFound()
    {
        var answer = await Context.APIRequest.GetAsync($"{Server.Url}/assets/0000000000000000/dashboard.css");

        answer.Status.ShouldBe(404);
    }
}
