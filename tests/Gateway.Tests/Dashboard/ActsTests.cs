using Gateway.Management;
using Gateway.Tests.Management;
using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Dashboard;

/// <summary>
/// The acts of an operator on the pages: each asks, is requested of the gateway in the operator's name, and its end is shown.
/// </summary>
public sealed class ActsTests(BrowserFixture fixture) : DashboardTest(fixture)
{
    [Fact]
    public async Task PurgeMatches_SaysHowMany_ThenPurgesThoseOfTheFilter()
    {
        await OpenAsync("/queue/out/orders@billing");
        await Button("Filter").ClickAsync();
        await Page.GetByLabel("Header").FillAsync("customer=4007");
        await Button("Apply").ClickAsync();
        await SeeAsync("24 messages.");

        await Button("Purge matches…").ClickAsync();
        await Dialog.GetByText("24 messages").WaitForAsync();
        await Dialog.GetByLabel("Why").FillAsync("customer is gone");
        await InDialog("Purge").ClickAsync();

        await SeeAsync("orders@billing: 24 messages purged.");
        Management.Requested.ShouldNotBeNull();
        Management.Requested.Kind.ShouldBe(OperationKind.Purge);
        Management.Requested.Queue.ShouldBe(FakeManagement.Orders);
        Management.Requested.Filter.Headers["customer"].ShouldBe("4007");
        Management.Requested.Why.ShouldBe("customer is gone");
        Management.Requested.IncludeInDoubt.ShouldBeFalse();
        Management.Operations.Single().Who.ShouldBe("local (dashboard)");
    }

    [Fact]
    public async Task PurgeAll_SaysHowMany_AndDoesNothingWhenDeclined()
    {
        await OpenAsync("/queue/out/orders@billing");

        await Button("Purge all…").ClickAsync();
        await Dialog.GetByText("1,204 messages would be hit: all of orders@billing.").WaitForAsync();
        await InDialog("Keep things as they are").ClickAsync();
        await Dialog.WaitForAsync(new LocatorWaitForOptions { State = WaitForSelectorState.Detached });
        await Button("Purge all…").ClickAsync();
        await Dialog.WaitForAsync();
        await Page.Keyboard.PressAsync("Escape");
        await Dialog.WaitForAsync(new LocatorWaitForOptions { State = WaitForSelectorState.Detached });

        Management.Requested.ShouldBeNull();
    }

    [Fact]
    public async Task PurgeOne_AsksAndGoesBackToTheListWithoutIt()
    {
        await OpenAsync("/queue/out/prices@billing");
        await Page.GetByRole(AriaRole.Row).Filter(new LocatorFilterOptions
        {
            Has =
            Page.GetByRole(AriaRole.Cell, new PageGetByRoleOptions { Name = "3", Exact = true })
        }).GetByRole(AriaRole.Link).ClickAsync();
        await Heading("Its way so far").WaitForAsync();
        new Uri(Page.Url).AbsolutePath.ShouldEndWith("/3");

        await Button("Purge…").ClickAsync();
        await Dialog.GetByText("1 message would be hit").WaitForAsync();
        await InDialog("Purge").ClickAsync();

        await SeeAsync("37 messages.");
        Management.Requested!.Number.ShouldBe(3);
    }

    [Fact]
    public async Task Redirect_WantsADestination_AndTellsWhyItWasNotBegun()
    {
        await OpenAsync("/queue/out/prices@billing");

        await Button("Redirect all…").ClickAsync();
        await InDialog("Redirect").ClickAsync();
        await Dialog.GetByText("Say where they shall go.").WaitForAsync();
        await Dialog.GetByLabel("Destination").FillAsync("nowhere@nobody");
        await InDialog("Redirect").ClickAsync();

        await SeeAsync("There is no peer nobody.");
    }

    [Fact]
    public async Task PausePeer_AsksWhy_AndResumeNeedsNoQuestion()
    {
        await OpenAsync("/link/warehouse");

        await Button("Pause").ClickAsync();
        await Dialog.GetByLabel("Why").FillAsync("stocktaking");
        await InDialog("Pause").ClickAsync();
        await SeeAsync("Paused by local (dashboard)");
        await SeeAsync("stocktaking");
        await Button("Resume").ClickAsync();
        await SeeAsync("warehouse is resumed.");
        await Button("Retry now").ClickAsync();
        await SeeAsync("warehouse is being tried now.");

        Management.Acts.ShouldBe(
            ["pause warehouse 'stocktaking' local (dashboard)", "resume warehouse local (dashboard)", "retry warehouse local (dashboard)"]);
    }

    [Fact]
    public async Task PauseQueue_IsShownOnItsPageAndOnTheOverview()
    {
        await OpenAsync("/queue/in/invoices");

        await Button("Pause").ClickAsync();
        await InDialog("Pause").ClickAsync();
        await SeeAsync("It still takes messages.");
        await OpenAsync("/");

        await SeeAsync("invoices was paused by local (dashboard)");
    }

    [Fact]
    public async Task DeadLetters_ReturnOfAGroup_CountsItAndReturnsIt()
    {
        await OpenAsync("/dead-letters");
        await Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Rejected by a consumer" }).ClickAsync();
        await SeeAsync("5 messages.");

        await Button("Return group…").ClickAsync();
        await Dialog.GetByText("5 messages").WaitForAsync();
        await InDialog("Return").ClickAsync();

        await SeeAsync("dead letters: 5 messages returned.");
        Management.Requested!.Queue.ShouldBeNull();
        Management.Requested.Filter.FromQueue.ShouldBe(LivelyDay.Invoices);
    }

    [Fact]
    public async Task Operation_ShowsItsProgressOnEveryPage_AndIsCancelled()
    {
        Day.EndsOperations = false;
        await OpenAsync("/queue/in/invoices");
        await Button("Dead-letter all…").ClickAsync();
        await InDialog("Dead-letter").ClickAsync();
        await Page.GetByRole(AriaRole.Region, new PageGetByRoleOptions { Name = "Running operations" }).GetByText("42 of 84")
            .WaitForAsync();

        await Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Operations" }).ClickAsync();
        await Heading("Dead-letter invoices").WaitForAsync();
        await Button("Cancel").First.ClickAsync();

        await SeeAsync("42 messages dead-lettered before it was cancelled.");
        Management.Acts.ShouldBe(["cancel local (dashboard)"]);
    }

    [Fact]
    public async Task Filter_WhileItSearches_ShowsWhatItHasFound_AndCanBeStopped()
    {
        Management.SearchHold = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await OpenAsync("/queue/out/orders@billing?header=priority%3Dhigh");

        await SeeAsync("14 messages found; searching…");
        await Button("Stop").ClickAsync();
        await SeeAsync("14 messages; stopped.");
        Management.SearchHold.SetResult();
        await Button("Go on").ClickAsync();

        await SeeAsync("158 messages on this page.");
    }

    [Fact]
    public async Task Filter_ThatCannotBeRead_SaysHowToWriteIt()
    {
        await OpenAsync("/queue/out/orders@billing");
        await Button("Filter").ClickAsync();
        await Page.GetByLabel("Older than").FillAsync("yesterday");
        await Button("Apply").ClickAsync();

        await SeeAsync("Write an age as 90s, 15m, 2h or 3d.");
    }

    [Fact]
    public async Task Pages_NextAndPrevious_FollowTheCursor()
    {
        await OpenAsync("/queue/out/orders@billing");
        await SeeAsync("500 messages; there are more.");

        await Button("Next").ClickAsync();
        await Page.GetByRole(AriaRole.Cell, new PageGetByRoleOptions { Name = "501", Exact = true }).WaitForAsync();
        await Button("Previous").ClickAsync();
        await Page.GetByRole(AriaRole.Cell, new PageGetByRoleOptions { Name = "1", Exact = true }).WaitForAsync();
        await Button("Newest").ClickAsync();

        await Page.GetByRole(AriaRole.Cell, new PageGetByRoleOptions { Name = "705", Exact = true }).WaitForAsync();
    }

    [Fact]
    public async Task Table_HoldsOnlyTheRowsThatAreSeen()
    {
        await OpenAsync("/queue/out/orders@billing");
        await SeeAsync("500 messages; there are more.");

        (await Page.Locator("table.messages tbody tr").CountAsync()).ShouldBeLessThan(100);
    }
}
