using Gateway.Dashboard.Access;
using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Dashboard;

/// <summary>The rights of each role to see and act, when the gateway has tokens.</summary>
public sealed class SignInTests(BrowserFixture fixture) : DashboardTest(fixture)
{
    private const string OperatorToken = "token-of-anna";
    private const string ReaderToken = "token-of-jo";
    private const string SenderToken = "token-of-an-application";

    [Fact]
    [Needs("axe")]
    public async Task Page_WithoutAToken_AsksForOne_AndGoesOnToWhereItWasAskedFor()
    {
        GiveTokens();
        await Page.GotoAsync("/link/billing");
        await Heading("Gateway").WaitForAsync();
        (await ViolationsAsync()).ShouldBeEmpty();

        await Page.GetByLabel("Token").FillAsync("no such token");
        await Button("Sign in").ClickAsync();
        await SeeAsync("There is no such token.");
        await Page.GetByLabel("Token").FillAsync(SenderToken);
        await Button("Sign in").ClickAsync();
        await SeeAsync("This token has no role 'read'.");
        await SignInAsync(OperatorToken);

        await Heading("billing").WaitForAsync();
        await SeeAsync("anna");
        var cookie = (await Context.CookiesAsync()).Single(cookie => cookie.Name == SignInCookie.Name);
        cookie.HttpOnly.ShouldBeTrue();
        cookie.SameSite.ShouldBe(SameSiteAttribute.Strict);
        cookie.Value.ShouldNotContain(OperatorToken);
    }

    [Fact]
    public async Task Act_OfSomebodySignedIn_IsInTheirName()
    {
        GiveTokens();
        await Page.GotoAsync("/link/billing");
        await SignInAsync(OperatorToken);
        await ReadyAsync();
        await Button("Retry now").ClickAsync();
        await SeeAsync("billing is being tried now.");

        Management.Acts.ShouldBe(["retry billing anna (dashboard)"]);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/link/billing")]
    [InlineData("/queue/out/orders@billing")]
    [InlineData("/queue/out/orders@billing/7")]
    [InlineData("/dead-letters")]
    public async Task Page_OfAReader_OffersNoAct(string path)
    {
        GiveTokens();
        await Page.GotoAsync(path);
        await SignInAsync(ReaderToken);
        await ReadyAsync();

        (await Page.GetByRole(AriaRole.Button).AllInnerTextsAsync())
            .ShouldAllBe(text => !text.Contains("Purge") && !text.Contains("Pause") && !text.Contains("Retry") && !text.Contains("Return"));
    }

    [Fact]
    public async Task Act_AfterTheRoleWasTaken_IsRefusedThoughThePageStillOffersIt()
    {
        GiveTokens();
        await Page.GotoAsync("/queue/in/invoices");
        await SignInAsync(OperatorToken);
        await ReadyAsync();
        await Button("Purge all…").ClickAsync();
        await Dialog.WaitForAsync();

        Server.SignIn.Give(OperatorToken, "anna", DashboardRights.Read);
        await InDialog("Purge").ClickAsync();

        await SeeAsync("The token 'anna' lacks the role 'operate'.");
        Management.Requested.ShouldBeNull();
    }

    [Fact]
    public async Task Page_WhoseTokenIsWithdrawn_AsksForAnother()
    {
        GiveTokens();
        await Page.GotoAsync("/");
        await SignInAsync(OperatorToken);
        await ReadyAsync();

        Server.SignIn.Withdraw(OperatorToken);

        await Button("Sign in").WaitForAsync();
    }

    [Fact]
    public async Task SignOut_EndsIt()
    {
        GiveTokens();
        await Page.GotoAsync("/");
        await SignInAsync(OperatorToken);
        await ReadyAsync();
        await Button("Sign out").ClickAsync();
        await Button("Sign in").WaitForAsync();

        await Page.GotoAsync("/audit");
        await Button("Sign in").WaitForAsync();
    }

    [Theory]
    [InlineData("//elsewhere.example/")]
    [InlineData("/\\elsewhere.example/")]
    [InlineData("https://elsewhere.example/")]
    public async Task SignIn_WithAWayToAnotherHost_StaysHere(string to)
    {
        GiveTokens();
        await Page.GotoAsync($"/sign-in?to={Uri.EscapeDataString(to)}");
        await SignInAsync(OperatorToken);
        await ReadyAsync();

        new Uri(Page.Url).AbsolutePath.ShouldBe("/");
        Page.Url.ShouldStartWith(Server.Url);
    }

    [Theory]
    [InlineData("/_blazor/negotiate?negotiateVersion=1")]
    [InlineData("/_blazor/disconnect")]
    public async Task Circuit_WithoutAToken_IsRefused(string path)
    {
        GiveTokens();

        var answer = await Context.APIRequest.PostAsync($"{Server.Url}{path}");

        answer.Status.ShouldBe(401);
    }

    [Fact]
    public async Task SignIn_FromAnotherSite_SetsNoCookie()
    {
        GiveTokens();

        // Without the form's own token, as another site would send it.
        var form = Context.APIRequest.CreateFormData().Set("token", OperatorToken);
        await Context.APIRequest.PostAsync($"{Server.Url}/sign-in/token", new APIRequestContextOptions { Form = form });

        (await Context.CookiesAsync()).ShouldNotContain(cookie => cookie.Name == SignInCookie.Name);
    }

    [Fact]
    public async Task Body_IsDownloadedOnlyByWhoHasSignedInToRead()
    {
        GiveTokens();
        const string Body = "/queue/out/orders@billing/1/body";
        (await Context.APIRequest.GetAsync(Body)).Url.ShouldContain("/sign-in?to=");
        await Page.GotoAsync("/audit");
        await SignInAsync(ReaderToken);
        await ReadyAsync();
        (await Context.APIRequest.GetAsync(Body)).Headers["content-disposition"].ShouldStartWith("attachment;");

        Server.SignIn.Withdraw(ReaderToken);

        (await Context.APIRequest.GetAsync(Body)).Url.ShouldContain("/sign-in?to=");
    }

    [Fact]
    public async Task Management_WithoutTheRight_IsNeverAsked()
    {
        GiveTokens();
        var guarded = new GuardedManagement(Management, new Operator(new Nobody(), Server.SignIn));

        await Should.ThrowAsync<NotAllowedException>(() => guarded.RetryPeerAsync("billing", TestContext.Current.CancellationToken));
        await Should.ThrowAsync<NotAllowedException>(() => guarded.ReadStateAsync(TestContext.Current.CancellationToken));

        Management.Acts.ShouldBeEmpty();
    }

    private void GiveTokens()
    {
        Server.SignIn.Give(OperatorToken, "anna", DashboardRights.Read | DashboardRights.Operate);
        Server.SignIn.Give(ReaderToken, "jo", DashboardRights.Read);
        Server.SignIn.Give(SenderToken, "application", DashboardRights.None);
    }

    private async Task SignInAsync(string token)
    {
        await Page.GetByLabel("Token").FillAsync(token);
        await Button("Sign in").ClickAsync();
    }
}
