using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Links.Causes;

/// <summary>Patterns in a history that sums up what comes again and again: each end counts, told or only counted.</summary>
public sealed class RepeatedPatternsTests
{
    private static readonly DateTimeOffset _start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly LinkHistory _history = new("there", new NoChanges());
    private DateTimeOffset _now = _start;

    /// <summary>The first ten ends came at any time, and only they were looked at.</summary>
    [Fact]
    public void CutsAfterTheSameSilence_AreAnIdleCut_HoweverTheFirstEndsCame()
    {
        for (var i = 0; i < 10; i++) End(quiet: 1.3 * i);
        for (var i = 0; i < 200; i++) End(quiet: 5 + (0.01 * (i % 5)));

        var found = Find(LinkCause.IdleCut).ShouldNotBeNull();
        found.Count.ShouldBeInRange(200, 204);
        found.Text.ShouldStartWith("about 20");
        found.Text.ShouldContain(" of 210 sudden ends came after 5 s");
        Likeliest.ShouldBe(LinkCause.IdleCut);
    }

    /// <summary>The first ten ends looked like a firewall, and the last one of the summary too.</summary>
    [Fact]
    public void EndsAtAnyMoment_AreNoIdleCut_HoweverTheFirstEndsCame()
    {
        var random = new Random(7);
        for (var i = 0; i < 10; i++) End(quiet: 5);
        for (var i = 0; i < 200; i++) End(quiet: random.NextDouble() * 20);
        End(quiet: 5);

        Find(LinkCause.IdleCut).ShouldBeNull();
    }

    [Fact]
    public void CutsThatAlternateWithOthers_AreCountedByTheirShare()
    {
        for (var i = 0; i < 400; i++) End(quiet: i % 2 == 0 ? 5 : 9.5 - (i % 13 * 0.3));

        Find(LinkCause.IdleCut).ShouldBeNull();
    }

    [Fact]
    public void RestartsThatComeAgainAndAgain_AreRestarts_AndNoIdleCut()
    {
        for (var i = 0; i < 60; i++) End(quiet: 13, isRestart: true);

        Find(LinkCause.IdleCut).ShouldBeNull();
        var restarts = Find(LinkCause.PeerRestarted).ShouldNotBeNull();
        restarts.Count.ShouldBe(59);
        restarts.Text.ShouldStartWith("the peer was restarted 59 times, after 40 s in the median; its last start: 2030-01-01 00:39:");
        LinkPatterns.AreMostlyRestarts(_history.Changes).ShouldBeTrue();
    }

    [Fact]
    public void OneRestart_HasNoMedian()
    {
        for (var i = 0; i < 2; i++) End(quiet: 13, isRestart: true);

        Find(LinkCause.PeerRestarted).ShouldNotBeNull().Text.ShouldStartWith("the peer was restarted once, after 40 s; its last starts: ");
    }

    [Fact]
    public void WhatWasRestartedOften_AndIsCutNow_IsCut()
    {
        for (var i = 0; i < 40; i++) End(quiet: 13, isRestart: true);
        for (var i = 0; i < 40; i++) End(quiet: 300);

        var found = Find(LinkCause.IdleCut).ShouldNotBeNull();
        found.Count.ShouldBe(40);
        found.Text.ShouldEndWith("; restarts of the peer, 40 more, are not counted");
        LinkPatterns.AreMostlyRestarts(_history.Changes).ShouldBeFalse();
        Likeliest.ShouldBe(LinkCause.IdleCut);
    }

    [Fact]
    public void WhatIsCountedOnly_CountsTheSameInTheNextRun()
    {
        for (var i = 0; i < 10; i++) End(quiet: 1.3 * i);
        for (var i = 0; i < 200; i++) End(quiet: 5);
        var before = Find(LinkCause.IdleCut);
        _history.KeepCounted();
        var next = new LinkHistory("there", new NoChanges());
        foreach (var change in _history.Changes) next.Restore(LinkHistory.Read(LinkHistory.Write(change))!);

        LinkPatterns.Find(next.Changes).ShouldContain(before!);
    }

    [Fact]
    public void PacketsThatDoNotPass_AreCountedInAnUnbrokenRow()
    {
        End(quiet: 1);
        for (var i = 0; i < 50; i++) End(quiet: 8, unanswered: 20_000);
        Find(LinkCause.LargePacketsLost).ShouldNotBeNull().Count.ShouldBe(50);

        End(quiet: 1);
        Find(LinkCause.LargePacketsLost).ShouldBeNull();
        for (var i = 0; i < 3; i++) End(quiet: 8, unanswered: 20_000);
        Find(LinkCause.LargePacketsLost).ShouldNotBeNull().Count.ShouldBeLessThan(10);
    }

    [Fact]
    public void TheHourOfEndsThatAreSummedUp_IsKnown()
    {
        for (var day = 0; day < 4; day++)
        {
            _now = _start.AddDays(day).AddHours(3);
            for (var i = 0; i < 60; i++) End(quiet: i % 7);
        }

        LinkPatterns.Find(_history.Changes).Single(pattern => pattern.Text.Contains("03:00", StringComparison.Ordinal)).Text
            .ShouldStartWith("240 of 240 sudden ends came between 03:00 and 04:00 UTC, on 4 days");
    }

    private LinkCause Likeliest => LinkDiagnosis.Candidates(
        new LinkStatus("there", LinkState.Down, LinkCause.ResetByPeer, _now, "evidence", ""), _history.Changes)[0].Cause;

    private LinkPattern? Find(LinkCause cause) => LinkPatterns.Find(_history.Changes).FirstOrDefault(pattern => pattern.Cause == cause);

    /// <summary>A connection ends, and the link comes up again.</summary>
    private void End(double quiet, bool isRestart = false, int unanswered = 0)
    {
        _now = _now.AddSeconds(37);
        _history.AddRepeatable(new LinkChange(_now, LinkState.Down, LinkCause.ResetByPeer, "reset")
        { UpSeconds = 20 + (_now.Second * 17 % 60), QuietSeconds = quiet, UnansweredBytes = unanswered, AnsweredBytesMax = 0 });
        _now = _now.AddSeconds(3);
        _history.AddRepeatable(isRestart
            ? new LinkChange(_now, LinkState.Up, LinkCause.PeerRestarted, "another run") { PeerStarted = _now.AddSeconds(-1) }
            : new LinkChange(_now, LinkState.Up, LinkCause.ResetByPeer, "up"));
    }

    private sealed class NoChanges : ILinkChanges
    {
        public void OnChanged(string peer, LinkChange change)
        {
        }

        public void OnHappened(string peer, LinkChange change)
        {
        }
    }
}
