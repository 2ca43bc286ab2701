using Gateway.Dashboard.Access;
using Gateway.Doctor;
using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Dashboard;

/// <summary>The page of a link runs the doctor, and shows what it finds.</summary>
public sealed class ExamineTests(BrowserFixture fixture) : DashboardTest(fixture)
{
    private const string Examine = "Examine";

    [Fact]
    [Needs("axe")]
    public async Task TheFindings_AreShownTheHeaviestFirst_BelowTheVerdict()
    {
        await OpenAsync("/link/billing");

        await Button(Examine).ClickAsync();
        await Assertions.Expect(Button("Examining…")).ToBeDisabledAsync();
        Server.Doctor.Next.SetResult(Diagnosis.Of(
        [
            new DoctorFinding(FindingIds.Handles, Verdict.Ok, "40 of 1,024 handles open"),
            new DoctorFinding(FindingIds.DialBack, Verdict.Fault, "it failed (ConnectTimeout)")
            { About = "billing", Meaning = "The way back ends.", Advice = "Open the port." },
        ]));

        await Heading("Examination").WaitForAsync();
        await SeeAsync("The fault to look at first is dial-back (billing): it failed (ConnectTimeout).");
        var rows = Page.Locator("section[aria-labelledby=examination] li");
        (await rows.AllInnerTextsAsync()).Select(row => row.ReplaceLineEndings(" ")).ShouldBe(
        [
            "Fault dial-back (billing): it failed (ConnectTimeout). The way back ends. Open the port.",
            "Ok handles: 40 of 1,024 handles open.",
        ]);
        Server.Doctor.Examined.ShouldBe(["billing"]);
        (await ViolationsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task ADoctorThatIsBusy_IsSaid()
    {
        Server.Doctor.Next.SetException(new DoctorBusyException());
        await OpenAsync("/link/billing");

        await Button(Examine).ClickAsync();

        await SeeAsync("The doctor is examining already.");
        await Button(Examine).WaitForAsync();
    }

    [Fact]
    public async Task WithoutTheRightToOperate_TheDoctorIsNotAsked()
    {
        Server.SignIn.Give("reader", "jo", DashboardRights.Read);
        Server.Doctor.Next.SetResult(Diagnosis.Of([]));
        var guarded = new GuardedDoctor(Server.Doctor, new Operator(new Nobody(), Server.SignIn));

        await Should.ThrowAsync<NotAllowedException>(() => guarded.ExamineAsync("billing", TestContext.Current.CancellationToken));

        Server.Doctor.Examined.ShouldBeEmpty();
    }
}
