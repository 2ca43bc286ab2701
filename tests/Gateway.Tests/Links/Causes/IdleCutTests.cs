using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Gateway.Links.Sending;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Links.Causes;

/// <summary>
/// When connections are cut for being quiet, and when they only seem to be. Quiet is counted in frames, heartbeats included.
/// </summary>
public sealed class IdleCutTests
{
    private static readonly DateTimeOffset _start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>They were found to be an idle cut, above what the incarnations prove.</summary>
    [Fact]
    public void RestartsThatThePeersRunsProve_AreNoIdleCut_AndComeFirst()
    {
        var changes = new List<LinkChange>();
        for (var i = 0; i < 4; i++)
        {
            var at = _start.AddMinutes(10 * i);
            changes.Add(End(at, LinkCause.ResetByPeer, quiet: 13));
            changes.Add(new LinkChange(at.AddSeconds(3), LinkState.Up, LinkCause.PeerRestarted, "")
            { Incarnation = Guid.NewGuid(), PeerStarted = at.AddSeconds(2) });
        }

        LinkPatterns.Find(changes).ShouldNotContain(pattern => pattern.Cause == LinkCause.IdleCut);
        changes.Add(End(_start.AddHours(1), LinkCause.ResetByPeer, quiet: 13));
        Candidates(changes)[0].ShouldBe(LinkCause.PeerRestarted);
    }

    [Theory]
    [InlineData(17, 5.0)]
    [InlineData(12, 1.0)]
    public void EndsAfterTheSameShortSilence_AreAnIdleCut(int ends, double quiet)
    {
        var changes = Enumerable.Range(0, ends)
            .Select(i => End(_start.AddSeconds(37 * i), LinkCause.ResetByPeer, quiet + (0.01 * (i % 3)))).ToList();

        Candidates(changes)[0].ShouldBe(LinkCause.IdleCut);
        LinkPatterns.Find(changes).Single(pattern => pattern.Cause == LinkCause.IdleCut).Count.ShouldBe(ends);
    }

    [Fact]
    public void EndsBetweenHeartbeats_AtAnyMoment_AreNoIdleCut()
    {
        var random = new Random(1);
        for (var link = 0; link < 200; link++)
        {
            var changes = Enumerable.Range(0, 12)
                .Select(i => End(_start.AddSeconds(37 * i), LinkCause.ResetByPeer, random.NextDouble() * 2)).ToList();
            LinkPatterns.Find(changes).ShouldNotContain(pattern => pattern.Cause == LinkCause.IdleCut);
        }
    }

    [Fact]
    public void SilenceThatTheGatewayItselfHasWaitedFor_IsNoIdleCut() =>
        LinkPatterns.Find([.. Enumerable.Range(0, 12).Select(i => End(_start.AddSeconds(37 * i), LinkCause.HalfOpen, 8))])
            .ShouldNotContain(pattern => pattern.Cause == LinkCause.IdleCut);

    [Fact]
    public void WhatSpeaksAgainstIt_IsSaidWithIt()
    {
        var changes = Enumerable.Range(0, 6).Select(i => End(_start.AddMinutes(7 * i), LinkCause.ClosedByPeer, 300)).ToList();
        changes.Add(End(_start.AddHours(2), LinkCause.ResetByPeer, 4));
        changes.Add(End(_start.AddHours(3), LinkCause.ResetByPeer, 90));
        changes.Add(new LinkChange(_start.AddHours(3.1), LinkState.Up, LinkCause.PeerRestarted, ""));

        LinkPatterns.Find(changes).Single(pattern => pattern.Cause == LinkCause.IdleCut).Text.ShouldEndWith(
            "; 1 came at other times; restarts of the peer, 1 more, are not counted");
    }

    [Fact]
    public void HeartbeatsCount_AndTheQuietBeforeAFrameThatWasNotAnswered()
    {
        var clock = new LoopClock();
        clock.Advance(_start);
        var quiet = new LinkQuiet(clock);
        Pass(2);
        quiet.OnSent();
        quiet.OnReceived();
        quiet.Time.ShouldBe(TimeSpan.Zero);

        Pass(5);
        quiet.OnSent();
        Pass(0.1);
        quiet.OnSent();
        quiet.Time.ShouldBe(TimeSpan.FromSeconds(5));
        Pass(6);
        quiet.Time.ShouldBe(TimeSpan.FromSeconds(6));

        void Pass(double seconds) => clock.Advance(clock.Now + TimeSpan.FromSeconds(seconds));
    }

    private static List<LinkCause> Candidates(IReadOnlyCollection<LinkChange> changes) =>
        [.. LinkDiagnosis.Candidates(new LinkStatus("there", LinkState.Down, LinkCause.ResetByPeer, _start, "evidence", ""), changes)
            .Select(candidate => candidate.Cause)];

    private static LinkChange End(DateTimeOffset at, LinkCause cause, double quiet) =>
        new(at, LinkState.Down, cause, "ended") { UpSeconds = 20 + (at.Minute * 17 % 60), QuietSeconds = quiet };
}
