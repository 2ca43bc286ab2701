using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Dashboard;

/// <summary>The pages of inlets and outlets.</summary>
public sealed class TcpPagesTests(BrowserFixture fixture) : DashboardTest(fixture)
{
    [Fact]
    public async Task TheOverview_LeadsToAnInletThatHoldsProgramsBack_AndItsConversations()
    {
        Day.HasPrograms = true;
        await OpenAsync("/");

        await Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "The inlet line-4 has held programs back for 3 min" })
            .ClickAsync();

        await Heading("line-4 Holds back").WaitForAsync();
        await SeeAsync("begins with the length of what follows in 4 bytes, little-endian, at 8 in a header of 12 bytes");
        await Page.GetByRole(AriaRole.Row, new PageGetByRoleOptions { Name = "10.0.4.20:51312 5f3a9c01-214" }).WaitForAsync();
        await SeeAsync("And 40 older connections.");
        await SeeAsync("4 of 4 sudden ends came after 15 min without a frame");
        await SeeAsync("conversation 5f3a9c01-2 with 10.0.4.22:50000: the connection broke");
        await Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "5f3a9c01-214", Exact = true }).ClickAsync();
        await Page.WaitForURLAsync("**/queue/out/orders@billing?header=tcp-conversation%3D5f3a9c01-214");
    }

    [Fact]
    [Needs("axe")]
    public async Task AnInlet_IsPausedWithAReason_AndResumed()
    {
        (Day.HasPrograms, Day.HasTrouble) = (true, false);
        await OpenAsync("/tcp/inlet/line-4");
        await Heading("line-4 Listens").WaitForAsync();

        await Button("Pause").ClickAsync();
        await Dialog.GetByRole(AriaRole.Textbox).FillAsync("the line is moved");
        await InDialog("Pause").ClickAsync();

        await Heading("line-4 Paused").WaitForAsync();
        await SeeAsync("Paused by local (dashboard)");
        await SeeAsync(": the line is moved.");
        await SeeAsync("'gateway tcp resume line-4'");
        (await ViolationsAsync()).ShouldBeEmpty();
        await OpenAsync("/");
        await SeeAsync("The inlet line-4 has been paused by local (dashboard)");

        await OpenAsync("/tcp/inlet/line-4");
        await Button("Resume").ClickAsync();
        await Heading("line-4 Listens").WaitForAsync();
        Management.Acts.ShouldBe(["pause inlet line-4 'the line is moved' local (dashboard)", "resume inlet line-4 local (dashboard)"]);
    }

    [Fact]
    public async Task AnOutlet_TellsWhichProgramWasReplacedByWhich()
    {
        Day.HasPrograms = true;
        await OpenAsync("/tcp");
        await SeeAsync("invoices to 127.0.0.1:9020");
        await Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "press", Exact = true }).ClickAsync();

        await Heading("press Down").WaitForAsync();
        await SeeAsync("Nothing listens on port 9020 of this host.");
        await SeeAsync("Start the program on the target's host, or correct the outlet's Target.");
        await SeeAsync("The program was restarted twice");
        await SeeAsync("receiver (pid 4711) was replaced by receiver (pid 5020, started 12:00:03); 14 frames were in doubt, sent again");
        Day.HasTrouble = false;
        await SeeAsync("The last interruption: PeerRestarted.");
        await Page.GetByRole(AriaRole.Cell, new PageGetByRoleOptions { Name = "after PeerRestarted" }).First.WaitForAsync();
    }

    [Fact]
    public async Task WithoutAny_ThePageSaysWhereTheyAreNamed()
    {
        await OpenAsync("/tcp");

        await SeeAsync("Gateway:Tcp:Inlets");
        await SeeAsync("Gateway:Tcp:Outlets");
    }
}
