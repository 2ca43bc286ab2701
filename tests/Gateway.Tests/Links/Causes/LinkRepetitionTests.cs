using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Links.Causes;

/// <summary>A link that comes and goes all the time: its history tells how often, and keeps what was before.</summary>
public sealed class LinkRepetitionTests
{
    private static readonly DateTimeOffset _start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly List<LinkChange> _kept = [];
    private int _happened;

    [Fact]
    public void AFlappingLink_KeepsWhatWasBefore_AndItsFirstAndLastEnds()
    {
        var history = NewHistory();
        history.Add(new LinkChange(_start, LinkState.Down, LinkCause.TlsFailed, "long ago"));
        Flap(history, times: 100_000, every: TimeSpan.FromSeconds(0.6));

        _kept.Count.ShouldBeLessThan(60);
        _happened.ShouldBe(200_001);
        history.Changes.First().Evidence.ShouldBe("long ago");
        history.Changes.Skip(1).First(change => change.State == LinkState.Down).Evidence.ShouldBe("end 0");
        history.Changes.Last(change => change.State == LinkState.Down).Evidence.ShouldEndWith("; the last: end 99999");
        history.Changes.Where(change => change.State == LinkState.Down && change.Cause == LinkCause.ResetByPeer)
            .Sum(change => change.Again ?? 1).ShouldBe(100_000);
    }

    [Fact]
    public void ASummary_TellsHowOftenAndForHowLong()
    {
        var history = NewHistory();
        Flap(history, times: 10 + 57, every: TimeSpan.FromSeconds(5.3));

        _kept.Last(change => change.State == LinkState.Down).Evidence.ShouldBe("again, 56 times in 4 min; the last: end 65");
    }

    [Fact]
    public void AfterALull_ChangesAreKeptAgain_AndWhatWasCountedIsToldFirst()
    {
        var history = NewHistory();
        Flap(history, times: 12, every: TimeSpan.FromSeconds(1));
        history.AddRepeatable(new LinkChange(_start.AddHours(1), LinkState.Down, LinkCause.ResetByPeer, "later") { UpSeconds = 1 });

        _kept.TakeLast(2).Select(change => change.Evidence).ShouldBe(["again, twice in 2 s; the last: end 11", "later"]);
    }

    [Fact]
    public void AtTheEndOfARun_WhatWasCountedIsKept_Once()
    {
        var history = NewHistory();
        Flap(history, times: 15, every: TimeSpan.FromSeconds(1));
        var before = history.Changes.ToList();
        history.KeepCounted();
        history.KeepCounted();

        history.Changes.ShouldBe(before, ignoreOrder: true);
        _kept.Count.ShouldBe(before.Count);
    }

    [Fact]
    public void ALinkThatFlaps_IsNotWellWhileItIsUp_AndSaysWhy_UntilItHolds()
    {
        var bench = new LinkBench();
        for (var i = 0; i < 12; i++)
        {
            bench.Up();
            bench.Link.OnLost(LinkCause.ResetByPeer, "reset");
            bench.After(bench.Settings.BackoffMax);
        }

        bench.Up();
        bench.Link.Status.ShouldSatisfyAllConditions(
            status => status.State.ShouldBe(LinkState.Up),
            status => status.IsWell.ShouldBeFalse(),
            status => status.Cause.ShouldBe(LinkCause.ResetByPeer),
            status => status.Evidence.ShouldBe("12 connections ended in the last five minutes; the last: reset"),
            status => status.Advice.ShouldNotBeEmpty());

        for (var second = 0; second < 320; second++)
        {
            bench.Link.OnFrame(new LinkFrame.Pong(0, bench.Clock.NowUnixMs));
            bench.After(TimeSpan.FromSeconds(1));
        }

        bench.Link.Status.IsWell.ShouldBeTrue();
    }

    [Fact]
    public void ASummary_IsReadBackAsItWasWritten()
    {
        var history = NewHistory();
        Flap(history, times: 12, every: TimeSpan.FromSeconds(1));
        var summary = history.Changes.Last(change => change is { State: LinkState.Down, Again: > 0 });

        var read = LinkHistory.Read(LinkHistory.Write(summary))!;

        (read with { InDoubt = summary.InDoubt, Ends = summary.Ends }).ShouldBe(summary);
        read.Ends!.Count.ShouldBe(2);
        read.Ends.Samples.ShouldBe(summary.Ends!.Samples);
    }

    [Fact]
    public void ASummaryOfAnyLength_StaysSmall_AndItsSamplesAreSpreadOverItsTime()
    {
        var history = NewHistory();
        Flap(history, times: 100_000, every: TimeSpan.FromSeconds(0.6));
        var longest = history.Changes.Where(change => change.State == LinkState.Down).MaxBy(change => change.Again)!;

        LinkHistory.Write(longest).Length.ShouldBeLessThan(2500);
        longest.Ends!.Count.ShouldBe(longest.Again!.Value);
        var middle = longest.At.AddSeconds(-0.3 * longest.Again.Value);
        longest.Ends.Samples.Count(end => end.At < middle).ShouldBeInRange(4, 12);
    }

    private LinkHistory NewHistory() => new("there", new Changes(this));

    private static void Flap(LinkHistory history, int times, TimeSpan every)
    {
        for (var i = 0; i < times; i++)
        {
            var at = _start + (i * every);
            history.AddRepeatable(new LinkChange(at, LinkState.Down, LinkCause.ResetByPeer, $"end {i}") { UpSeconds = 0.5 });
            history.AddRepeatable(new LinkChange(at.AddMilliseconds(10), LinkState.Up, LinkCause.ResetByPeer, $"up {i}"));
        }
    }

    private sealed class Changes(LinkRepetitionTests test) : ILinkChanges
    {
        public void OnChanged(string peer, LinkChange change) => test._kept.Add(change);

        public void OnHappened(string peer, LinkChange change) => test._happened++;
    }
}
