using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Links.Causes;

public sealed class LinkDiagnosisTests
{
    private static readonly DateTimeOffset _start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void EndsAtOneIdleAge_AreAnIdleCut()
    {
        var changes = Ends(LinkCause.ResetByPeer, quiet: [300, 302, 299, 301, 2]);

        LinkPatterns.Find(changes).ShouldContain(pattern => pattern.Cause == LinkCause.IdleCut && pattern.Count == 4);
        LinkDiagnosis.Candidates(Status(LinkCause.ResetByPeer, LinkState.Down), changes)[0].Cause.ShouldBe(LinkCause.IdleCut);
    }

    [Fact]
    public void EndsAtAnyAge_AreNoPattern() =>
        LinkPatterns.Find(Ends(LinkCause.ResetByPeer, quiet: [12, 40, 100, 350, 900])).ShouldBeEmpty();

    [Fact]
    public void EndsAtOneAgeOfTheConnection_AreNamed() =>
        LinkPatterns.Find(Ends(LinkCause.ClosedByPeer, quiet: [0, 0, 0, 0], up: [3600, 3601, 3599, 3600]))
            .ShouldContain(pattern => pattern.Text.Contains("at the age of 60 min"));

    [Fact]
    public void RestartsOfThePeer_AreCounted_WithItsUptime()
    {
        var changes = new[] { 0, 600, 1190 }
            .Select(second => new LinkChange(_start.AddSeconds(second + 5), LinkState.Up, LinkCause.PeerRestarted, "")
            {
                Incarnation = Guid.NewGuid(),
                PeerStarted = _start.AddSeconds(second),
            }).ToList();

        LinkPatterns.Find(changes).ShouldHaveSingleItem().Text.ShouldStartWith(
            "the peer was restarted twice, after 10 min in the median");
    }

    [Fact]
    public void EndsInOneHourOfSeveralDays_AreNamed()
    {
        var changes = Enumerable.Range(0, 6).Select(
            day => End(_start.AddDays(day).AddHours(2).AddMinutes(7 * day), LinkCause.ResetByPeer, up: 70 + (50 * day), quiet: 0)).ToList();

        LinkPatterns.Find(changes).ShouldHaveSingleItem().Text.ShouldContain("between 02:00 and 03:00 UTC, on 6 days");
    }

    [Fact]
    public void AReset_HasSeveralCandidates_AndARefusedConnectionOne()
    {
        LinkChange[] wasUp = [new LinkChange(_start, LinkState.Up, LinkCause.None, "")];
        LinkDiagnosis.Candidates(Status(LinkCause.ResetByPeer, LinkState.Down), wasUp).Select(candidate => candidate.Cause)
            .ShouldBe([LinkCause.ResetByPeer, LinkCause.PeerRestarted]);
        LinkDiagnosis.Candidates(Status(LinkCause.ResetByPeer, LinkState.Down), []).Select(candidate => candidate.Cause)
            .ShouldBe([LinkCause.ResetByPeer, LinkCause.WrongService]);
        LinkDiagnosis.Candidates(Status(LinkCause.Refused, LinkState.Down), []).ShouldHaveSingleItem().Cause.ShouldBe(LinkCause.Refused);
        LinkDiagnosis.Candidates(Status(LinkCause.None, LinkState.Up), []).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(nameof(LinkCause.ResetByPeer), nameof(LinkCause.None), "something between the hosts did")]
    [InlineData(nameof(LinkCause.ResetByPeer), nameof(LinkCause.ClosedByPeer), "each side saw the other end the connection")]
    [InlineData(nameof(LinkCause.HalfOpen), nameof(LinkCause.HalfOpen), "lost the packets")]
    [InlineData(nameof(LinkCause.HalfOpen), nameof(LinkCause.ResetByPeer), "the news of that was lost")]
    [InlineData(nameof(LinkCause.GoingAway), nameof(LinkCause.GoingAway), "both sides saw the last connection end as GoingAway")]
    [InlineData(nameof(LinkCause.PeerStuck), nameof(LinkCause.ClosedByPeer), "ended here as PeerStuck")]
    public void TheTwoViewsOfOneEnd_AreCompared(string here, string there, string verdict) =>
        LinkDiagnosis.Compare(Enum.Parse<LinkCause>(here), new LinkEnd(_start, Enum.Parse<LinkCause>(there), "seen"))
            .ShouldContain(verdict);

    [Theory]
    [InlineData(29, false)]
    [InlineData(-31, true)]
    public void AClockThatDiffers_IsWarnedOf(int seconds, bool warned) =>
        (LinkDiagnosis.WarnOfClock(TimeSpan.FromSeconds(seconds)).Length > 0).ShouldBe(warned);

    [Fact]
    public void EachCause_HasAnAdvice()
    {
        foreach (var cause in Enum.GetValues<LinkCause>().Where(cause => cause != LinkCause.None)) LinkAdvice.For(cause).ShouldNotBeEmpty();
    }

    private static LinkStatus Status(LinkCause cause, LinkState state) => new("there", state, cause, _start, "evidence", "");

    private static List<LinkChange> Ends(LinkCause cause, double[] quiet, double[]? up = null) =>
        quiet.Select((seconds, i) => End(_start.AddHours(5 * i), cause, up?[i] ?? 5000 + (3000 * i), seconds)).ToList();

    private static LinkChange End(DateTimeOffset at, LinkCause cause, double up, double quiet) =>
        new(at, LinkState.Down, cause, "ended") { UpSeconds = up, QuietSeconds = quiet };
}
