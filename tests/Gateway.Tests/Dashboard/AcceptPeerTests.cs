using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Dashboard;

/// <summary>A peer whose store was put back is accepted on the page of its link.</summary>
public sealed class AcceptPeerTests(BrowserFixture fixture) : DashboardTest(fixture)
{
    private const string Accept = "Accept as it stands…";

    [Fact]
    public async Task APeerThatWentBack_IsAccepted_AfterAQuestionThatTellsWhatIsLost()
    {
        Management.WentBack = true;
        await OpenAsync("/link/billing");
        await SeeAsync("PeerWentBack");

        await Button(Accept).ClickAsync();
        await Dialog.GetByText("4 to 6 of queue orders").WaitForAsync();
        await InDialog("Keep things as they are").ClickAsync();
        await Dialog.WaitForAsync(new LocatorWaitForOptions { State = WaitForSelectorState.Detached });
        Management.Acts.ShouldBeEmpty();
        await Button(Accept).ClickAsync();
        await InDialog("Accept").ClickAsync();

        await SeeAsync("billing is accepted: the link goes on from where it stands.");
        Management.Acts.ShouldBe(["accept billing local (dashboard)"]);
        await Button(Accept).WaitForAsync(new LocatorWaitForOptions { State = WaitForSelectorState.Detached });
    }

    [Fact]
    public async Task AnAcceptanceThatSomebodyElseGaveMeanwhile_IsSaid()
    {
        Management.WentBack = true;
        await OpenAsync("/link/billing");
        await Button(Accept).ClickAsync();
        await Dialog.WaitForAsync();
        await Management.AcceptPeerAsync("billing", "jo", TestContext.Current.CancellationToken);
        await InDialog("Accept").ClickAsync();

        await SeeAsync("The link to billing does not wait for that any more.");
    }

    [Fact]
    public async Task ALinkThatIsDownForAnotherCause_OffersNoAcceptance()
    {
        await OpenAsync("/link/billing");
        await SeeAsync("Refused");

        (await Button(Accept).CountAsync()).ShouldBe(0);
    }
}
