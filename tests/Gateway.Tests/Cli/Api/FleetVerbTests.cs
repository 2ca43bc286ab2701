using System.Text;
using System.Text.Json;
using Gateway.Cli.Shell;
using Gateway.Links.Causes;
using Gateway.Links.Fleet;
using Gateway.Links.Protocol;
using Gateway.Management;
using Gateway.Tests.Management;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Cli.Api;

/// <summary>The fleet on a screen and for programs.</summary>
public sealed class FleetVerbTests : ApiVerbTest
{
    private const string Hostile = "\u001b[2J\u202eforged\n2026-01-01 line";

    [Theory]
    [InlineData(60, "gateway|condition|waiting", "version|certificate|clock")]
    [InlineData(80, "gateway|condition|waiting|oldest", "version|certificate|clock")]
    [InlineData(120, "gateway|condition|link|back|waiting|oldest|for it|told", "version")]
    [InlineData(200, "gateway|condition|link|back|waiting|oldest|for it|dead|disk free|certificate|clock|version|told", "")]
    public async Task NothingIsCut_AndTheLessImportantGivesWay(int width, string shown, string left)
    {
        Gateway.DescribeFleet = _ => Fleet();
        var terminal = TestTerminal.OfWidth(width);
        var output = (MemoryStream)terminal.Terminal.Output;

        (await terminal.RunAsync("fleet", "status", "--gateway", Address)).ShouldBe(ExitCode.FaultFound);

        var text = Encoding.UTF8.GetString(output.ToArray());
        text.Split('\n').ShouldAllBe(line => FoldedText.Width(line) <= width);
        var head = text.Split('\n')[0];
        foreach (var column in shown.Split('|')) head.ShouldContain(column);
        foreach (var column in left.Split('|', StringSplitOptions.RemoveEmptyEntries)) head.ShouldNotContain(column);
        text.Replace("\n", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal)
            .ShouldContain("Itsays:thediskisfull");
        text.ShouldNotContain("\u001b");
        text.ShouldNotContain("\u202e");
    }

    [Fact]
    public async Task TheWorstIsFirst_AndEachSaysWhatItTells()
    {
        Gateway.DescribeFleet = _ => Fleet();

        await RunAsync("fleet", "status");

        var lines = Terminal.Output.Split('\n');
        lines[1].ShouldMatch(
            @"^billing +error +up +down +1,242 +47 min +3 +2 +5 GB +2026-12-24 +90 s behind +9\.1\+12345678 +2 s ago +It says");
        lines[2].ShouldMatch("^archive +well +up +up +3 +does not share: an older version$");
        lines[3].ShouldMatch("^shop +well +here +3 +90 s");
    }

    [Theory]
    [InlineData(0, ExitCode.Ok)]
    [InlineData(1, ExitCode.Ok)]
    [InlineData(2, ExitCode.WarningFound)]
    [InlineData(3, ExitCode.FaultFound)]
    public async Task ExitCode_IsThatOfTheWorst(int condition, object code)
    {
        Gateway.DescribeFleet = state => FleetJudgement.Of(state.Now, [new FleetGateway
        { Name = "shop", Findings = condition == 0 ? [] : [new FleetFinding((Condition)condition, "So it is.")] }]);

        (await RunAsync("fleet", "status")).ShouldBe((ExitCode)code);
    }

    [Fact]
    public async Task Json_IsTheAnswerOfTheApi_WithHostileTextEscaped()
    {
        Gateway.DescribeFleet = _ => Fleet();

        await RunAsync("fleet", "status", "--output", "json");

        var billing = JsonDocument.Parse(Terminal.Output).RootElement.GetProperty("gateways")[0];
        billing.GetProperty("answer").GetString().ShouldBe("summary");
        billing.GetProperty("state").GetProperty("back").GetProperty("cause").GetString().ShouldBe("Refused");
        billing.GetProperty("findings")[1].GetProperty("text").GetString().ShouldBe($"It says: {Hostile}");
        Terminal.Output.ShouldNotContain("\u202e");
    }

    private static FleetState Fleet()
    {
        var now = FakeManagement.Now;
        var billing = Peer("billing") with
        {
            ClockAhead = TimeSpan.FromSeconds(-90),
            IsHere = false,
            SummaryAt = now.AddSeconds(-2),
            Summary = new GatewaySummary
            {
                Share = FleetShare.Everything,
                Version = "9.1+1234567890abcdef",
                Outgoing = new WaitingSum(1242, 5000, 47 * 60_000),
                DeadLetters = 2,
                FreeBytes = 5_000_000_000,
                CertificateUnixMs = new DateTimeOffset(2026, 12, 24, 8, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds(),
                Back = new LinkGlance("shop", LinkState.Down, LinkCause.Refused, new WaitingSum(9, 9, null)),
                Findings = [new FindingGlance(Condition.Error, "the disk is full"), new FindingGlance(Condition.Warning, Hostile)],
            },
        };
        var self = FleetSummaries.Of(FakeManagement.NewState(), FleetShare.Everything);
        return FleetJudgement.Of(now, [
            new FleetGateway { Name = "shop", Answer = PeerAnswer.Summary, Summary = self, SummaryAt = now },
            Peer("archive") with { Answer = PeerAnswer.NotKnown },
            billing with { Findings = FleetJudgement.Judge(billing, [], now) },
        ]);
    }

    private static FleetGateway Peer(string name) => new()
    { Name = name, Link = FakeManagement.NewLink(name, LinkState.Up, LinkCause.None), IsHere = true, Answer = PeerAnswer.Summary };
}
