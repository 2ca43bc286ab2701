using Gateway.Links;
using Gateway.Links.Causes;
using Gateway.Links.Fleet;
using Gateway.Links.Protocol;
using Gateway.Management;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Management;

/// <summary>What of a gateway's state stands in its summary.</summary>
public sealed class FleetSummariesTests
{
    private static readonly DateTimeOffset _expiry = new(2026, 12, 24, 8, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Summary_HasTheCertificatesLastDay_TheDisk_AndTheWorstCondition()
    {
        var state = FakeManagement.NewState() with
        {
            Certificate = new OwnCertificate("CN=shop", "AB", _expiry, "expires soon"),
            DeadLetters = 4,
            FreeBytes = 1,
        };

        var summary = FleetSummaries.Of(state, FleetShare.Totals);

        DateTimeOffset.FromUnixTimeMilliseconds(summary.CertificateUnixMs).ShouldBe(_expiry);
        (summary.FreeBytes, summary.DeadLetters).ShouldBe((1, 4));
        (summary.Condition, summary.Errors, summary.Warnings).ShouldBe((Condition.Error, 1, 2));
        (summary.Outgoing, summary.Links, summary.LinksUp).ShouldBe((new WaitingSum(3, 300, 90_000), 1, 1));
    }

    [Fact]
    public void Summary_NamesTheWorstLinksFirst_AndNoMoreThanItMay()
    {
        var links = Enumerable.Range(10, 40).Select(i => FakeManagement.NewLink($"peer{i}", LinkState.Up, LinkCause.None))
            .Append(FakeManagement.NewLink("late", LinkState.Down, LinkCause.Refused));

        var summary = FleetSummaries.Of(FakeManagement.NewState() with { Links = [.. links] }, FleetShare.Everything);

        summary.Peers.Count.ShouldBe(GatewaySummary.LinksMax);
        summary.Peers.Take(2).Select(peer => peer.Peer).ShouldBe(["late", "peer10"]);
        (summary.Links, summary.LinksUp).ShouldBe((41, 40));
    }

    [Fact]
    public void Summary_ForAPeer_HasTheLinkToIt_AndOnlyThat()
    {
        var state = FakeManagement.NewState();
        var summary = FleetSummaries.Of(state, FleetShare.Totals);

        FleetSummaries.For("billing", summary, state, TimeSpan.FromSeconds(2))
            .ShouldBe(summary with
            { AgeMs = 2000, Back = new LinkGlance("billing", LinkState.Up, LinkCause.None, new WaitingSum(3, 300, 90_000)) });
        FleetSummaries.For("stranger", summary, state, TimeSpan.Zero).Back.ShouldBeNull();
    }
}
