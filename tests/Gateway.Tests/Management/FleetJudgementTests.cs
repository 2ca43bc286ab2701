using Gateway.Links.Causes;
using Gateway.Links.Fleet;
using Gateway.Links.Protocol;
using Gateway.Management;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Management;

/// <summary>The worst first, and why.</summary>
public sealed class FleetJudgementTests
{
    private static readonly DateTimeOffset _now = FakeManagement.Now;

    [Fact]
    public void Gateways_AreInTheOrderOfTheirCondition_ThenOfTheLongestWait_ThenOfTheMessages()
    {
        var fleet = FleetJudgement.Of(_now, [
            Gateway("well", Condition.Well, 9_000, 9),
            Gateway("notice", Condition.Notice, 0, 0),
            Gateway("error", Condition.Error, 0, 1),
            Gateway("warning-many", Condition.Warning, 5_000, 80),
            Gateway("warning-old", Condition.Warning, 6_000, 2),
            Gateway("warning-few", Condition.Warning, 5_000, 3),
            Gateway("also-notice", Condition.Notice, 0, 0),
        ]);

        fleet.Gateways.Select(gateway => gateway.Name).ShouldBe(
            ["error", "warning-old", "warning-many", "warning-few", "also-notice", "notice", "well"]);
    }

    [Fact]
    public void APeer_IsQuotedWhereItNamesItsFindings_AndCountedWhereItGivesTotals()
    {
        Judge(new GatewaySummary { Share = FleetShare.Totals, Condition = Condition.Error, Errors = 1, Warnings = 2 })
            .ShouldBe([new FleetFinding(Condition.Error, "It reports 1 problem and 2 warnings of its own.", "Its own pages name them.")]);
        Judge(new GatewaySummary
        {
            Share = FleetShare.Everything,
            Errors = 2,
            Warnings = 0,
            Findings = [new FindingGlance(Condition.Error, "the disk is full")],
        }).ShouldBe([new FleetFinding(Condition.Error, "It says: the disk is full"),
            new FleetFinding(Condition.Error, "It reports 1 problem more of its own.", "Its own pages name them.")]);
    }

    [Theory]
    [InlineData(nameof(PeerAnswer.Silent), "does not answer")]
    [InlineData(nameof(PeerAnswer.Unreadable), "could not be read")]
    public void APeerThatIsUpAndAnswersNothingUseful_NeedsAttention(string answer, string says)
    {
        var finding = FleetJudgement.Judge(Peer(null) with { Answer = Enum.Parse<PeerAnswer>(answer) }, [], _now).ShouldHaveSingleItem();

        (finding.Condition, finding.Text.Contains(says, StringComparison.Ordinal)).ShouldBe((Condition.Warning, true));
    }

    [Fact]
    public void APeerOfAnOlderVersion_OrOneThatSharesNothing_IsWell()
    {
        FleetJudgement.Judge(Peer(null) with { Answer = PeerAnswer.NotKnown }, [], _now).ShouldBeEmpty();
        Judge(GatewaySummary.None).ShouldBeEmpty();
        FleetWords.Told(PeerAnswer.NotKnown, share: null, ageSeconds: null).ShouldBe("does not share: an older version");
        FleetWords.Told(PeerAnswer.Summary, FleetShare.Nothing, ageSeconds: 3).ShouldBe("does not share");
        FleetWords.Told(PeerAnswer.Silent, FleetShare.Totals, ageSeconds: 30).ShouldBe("no answer; 30 s ago");
    }

    private static IReadOnlyList<FleetFinding> Judge(GatewaySummary summary) => FleetJudgement.Judge(Peer(summary), [], _now);

    private static FleetGateway Peer(GatewaySummary? summary) => new()
    {
        Name = "billing",
        Link = FakeManagement.NewLink("billing", LinkState.Up, LinkCause.None),
        Answer = PeerAnswer.Summary,
        Summary = summary,
        SummaryAt = _now,
    };

    private static FleetGateway Gateway(string name, Condition condition, long oldestMs, long messages) => new()
    {
        Name = name,
        Summary = new GatewaySummary { Share = FleetShare.Totals, Outgoing = new WaitingSum(messages, 1, oldestMs) },
        Findings = condition == Condition.Well ? [] : [new FleetFinding(condition, "so it is")],
    };
}
