using Gateway.Links.Causes;
using Gateway.Links.Fleet;
using Gateway.Links.Protocol;
using Gateway.Management;
using Gateway.Tests.Management;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Dashboard;

/// <summary>The page of the fleet: the worst first, live, and harmless whatever peers write.</summary>
public sealed class FleetPageTests(BrowserFixture fixture) : DashboardTest(fixture)
{
    private const string Hostile = "<img src=x onerror=alert(1)>\u202eforged";

    private GatewaySummary? _told;

    [Fact]
    public async Task Fleet_ShowsTheWorstFirst_WithWhatEachTells()
    {
        Management.DescribeFleet = Describe;
        _told = Told();
        await OpenAsync("/fleet");

        await SeeAsync("It says: the disk is full");
        (await Page.Locator(".peer h3").AllInnerTextsAsync()).ShouldBe(["billing", "archive", "plant-7"]);
        var billing = Page.Locator(".peer").First;
        foreach (var fact in new[] { "1,242, for 47 min", "2026-12-24", "9.1+12345678", "Down (Refused)", "90 s behind" })
            await billing.GetByText(fact).WaitForAsync();
        await Page.Locator(".peer").Nth(1).GetByText("does not share: an older version").WaitForAsync();
        await billing.GetByText("Its links and queues").ClickAsync();
        await billing.GetByText("plans@mars: 5").WaitForAsync();
    }

    [Fact]
    public async Task Fleet_IsThereAtOnce_AndShowsAnAnswerWhenItComes()
    {
        Management.DescribeFleet = Describe;
        await OpenAsync("/fleet");
        await SeeAsync("nothing yet");

        _told = Told();

        await SeeAsync("It says: the disk is full");
    }

    [Fact]
    public async Task TextOfAPeer_IsShownAsText()
    {
        Management.DescribeFleet = Describe;
        _told = Told() with { Version = Hostile, Findings = [new FindingGlance(Condition.Error, Hostile)] };
        await OpenAsync("/fleet");

        await SeeAsync("<img src=x onerror=alert(1)>·forged");
        (await Page.Locator("img[src=x]").CountAsync()).ShouldBe(0);
        (await Page.ContentAsync()).ShouldNotContain("\u202e");
    }

    private FleetState Describe(GatewayState state)
    {
        var billing = Peer("billing") with
        {
            Answer = _told is null ? PeerAnswer.None : PeerAnswer.Summary,
            ClockAhead = TimeSpan.FromSeconds(-90),
            IsHere = false,
            Summary = _told,
            SummaryAt = state.Now,
        };
        return FleetJudgement.Of(state.Now, [
            new FleetGateway { Name = state.Name, Answer = PeerAnswer.Summary,
                Summary = FleetSummaries.Of(state, FleetShare.Everything), SummaryAt = state.Now },
            Peer("archive") with { Answer = PeerAnswer.NotKnown, Findings = [new FleetFinding(Condition.Warning, "It is slow.")] },
            billing with { Findings = FleetJudgement.Judge(billing, [], state.Now) },
        ]);
    }

    private static FleetGateway Peer(string name) => new()
    { Name = name, Link = FakeManagement.NewLink(name, LinkState.Up, LinkCause.None), IsHere = true };

    private static GatewaySummary Told() => new()
    {
        Share = FleetShare.Everything,
        Version = "9.1+1234567890abcdef",
        Outgoing = new WaitingSum(1242, 5000, 47 * 60_000),
        CertificateUnixMs = new DateTimeOffset(2026, 12, 24, 8, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds(),
        Links = 3,
        LinksUp = 2,
        Back = new LinkGlance("plant-7", LinkState.Down, LinkCause.Refused, new WaitingSum(9, 9, null)),
        Queues = [new QueueGlance(Gateway.Store.Messages.QueueKind.Outgoing, "plans@mars", new WaitingSum(5, 50, null))],
        Findings = [new FindingGlance(Condition.Error, "the disk is full")],
    };
}
