using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Gateway.Store.State;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Links.Causes;

/// <summary>The changes that an outgoing link notes.</summary>
public sealed class LinkHistoryTests
{
    private readonly LinkBench _bench = new();

    [Fact]
    public void EachEnd_IsKept_WithTheAgeOfTheConnectionAndHowLongItWasQuiet()
    {
        _bench.Up();
        _bench.After(TimeSpan.FromSeconds(3));
        _bench.Enqueue("orders", "a");
        _bench.Link.OnFrame(new LinkFrame.Ack("orders", 1));
        _bench.After(TimeSpan.FromSeconds(4));
        _bench.Link.OnLost(LinkCause.ResetByPeer, "reset");

        _bench.Kept.Select(change => change.State).ShouldBe([LinkState.Up, LinkState.Down]);
        _bench.Kept[0].Incarnation.ShouldBe(LinkBench.There.Incarnation);
        (_bench.Kept[1].UpSeconds, _bench.Kept[1].QuietSeconds).ShouldBe((7, 4));
        _bench.Link.History.Changes.ShouldBe(_bench.Kept);
    }

    [Fact]
    public void AttemptsThatFailAlike_AreOneChange()
    {
        _bench.Link.Start();
        for (var attempt = 0; attempt < 5; attempt++)
        {
            _bench.Link.OnLost(LinkCause.Refused, $"refused {attempt}");
            _bench.After(TimeSpan.FromMinutes(1));
        }

        _bench.Kept.ShouldHaveSingleItem().Cause.ShouldBe(LinkCause.Refused);
    }

    [Fact]
    public void WhatWasInDoubt_IsCounted_AndHowItResolved()
    {
        _bench.UpWith(LinkBench.Limits, "orders", "a", "b");
        _bench.Enqueue("orders", "c");
        _bench.Link.OnLost(LinkCause.ResetByPeer, "reset");

        _bench.Link.UnderWay.Doubts.ShouldBe([new InDoubt("orders", 1, 3, 3)]);
        _bench.Kept[^1].InDoubt.ShouldBe([new InDoubt("orders", 1, 3, 3)]);

        _bench.After(TimeSpan.FromMinutes(1));
        _bench.Up(positions: ("orders", 2));

        _bench.Link.UnderWay.Doubts.ShouldBeEmpty();
        _bench.Kept[^1].InDoubt.ShouldBe([new InDoubt("orders", 1, 3, 3, StoredThere: 2, SentAgain: 1)]);
    }

    [Fact]
    public void WhatWasInDoubt_StaysSo_WhileAttemptsFail()
    {
        _bench.Up();
        _bench.Enqueue("orders", "a");
        _bench.Link.OnLost(LinkCause.ResetByPeer, "reset");
        _bench.After(TimeSpan.FromMinutes(1));
        _bench.Link.OnLost(LinkCause.Refused, "refused");

        _bench.Link.UnderWay.Doubts.ShouldBe([new InDoubt("orders", 1, 1, 1)]);
    }

    [Fact]
    public void BothSides_CompareHowTheySawTheLastConnectionEnd()
    {
        _bench.Up();
        _bench.Link.OnLost(LinkCause.ResetByPeer, "reset");
        _bench.After(TimeSpan.FromMinutes(1));
        _bench.Link.OnConnected();
        _bench.TakeSent();
        _bench.Welcome(LinkBench.There);

        _bench.TakeSent().OfType<LinkFrame.LastEnd>().ShouldHaveSingleItem().Cause.ShouldBe(LinkCause.ResetByPeer);

        _bench.Link.OnFrame(new LinkFrame.LastEnd(LinkCause.None, 0, "incarnation x took this place"));

        _bench.Kept[^1].Evidence.ShouldContain("something between the hosts did");
    }

    [Fact]
    public void ARestartedPeer_RemembersNoEnd_AndIsToldNone()
    {
        _bench.Up();
        _bench.Link.OnLost(LinkCause.ResetByPeer, "reset");
        _bench.After(TimeSpan.FromMinutes(1));
        _bench.Link.OnConnected();
        _bench.TakeSent();
        _bench.Welcome(LinkBench.ThereAgain);

        _bench.TakeSent().OfType<LinkFrame.LastEnd>().ShouldBeEmpty();
        _bench.Kept[^1].Cause.ShouldBe(LinkCause.PeerRestarted);
    }

    [Fact]
    public void Retry_DialsAtOnce_WhileDown_AndNotWhileUp()
    {
        _bench.Link.Start();
        _bench.Link.OnLost(LinkCause.Refused, "refused");
        var dials = _bench.Dials;

        _bench.Link.Retry();
        _bench.Dials.ShouldBe(dials + 1);

        _bench.Up();
        _bench.Link.Retry();
        _bench.Dials.ShouldBe(dials + 1);
    }

    [Fact]
    public void APeerWhoseClockIsFarAway_IsAWarningBesideTheCause()
    {
        _bench.Link.Start();
        _bench.Link.OnConnected();
        _bench.Link.OnFrame(new LinkFrame.Welcome(LinkBench.There, LinkBench.Limits, _bench.Clock.NowUnixMs + 90_000));

        _bench.Link.Status.State.ShouldBe(LinkState.Up);
        _bench.Link.Warning.ShouldStartWith("ClockSkew: the peer's clock is 90 s ahead");
    }

    [Fact]
    public void AChange_IsReadBackAsItWasWritten_AndNonsenseIsNone()
    {
        var change = new LinkChange(_bench.Clock.Now, LinkState.Down, LinkCause.HalfOpen, "nothing heard")
        {
            UpSeconds = 3.5,
            QuietSeconds = 1,
            Incarnation = LinkBench.There.Incarnation,
            InDoubt = [new InDoubt("orders", 1, 2, 2)],
        };

        var read = LinkHistory.Read(LinkHistory.Write(change));

        read.ShouldNotBeNull();
        (read with { InDoubt = [] }).ShouldBe(change with { InDoubt = [] });
        read.InDoubt.ShouldBe(change.InDoubt);
        LinkHistory.Read("{\"state\":\"Sideways\"}"u8).ShouldBeNull();
        LinkHistory.Read([1, 2]).ShouldBeNull();
    }

    [Fact]
    public void EvidenceOfAnyLength_InAnyLetters_FitsIntoAnEventOfTheStore()
    {
        _bench.Up();
        for (var queue = 0; queue < 200; queue++) _bench.Enqueue(new string('q', 61) + queue, "a");
        _bench.Link.OnLost(LinkCause.WrongService, new string('\'', 100_000));
        _bench.Link.OnLost(LinkCause.ResetByPeer, new string('\u0001', 100_000));

        _bench.Kept.ShouldAllBe(change => LinkHistory.Write(change).Length <= EventLog.PayloadBytesMax);
        _bench.Kept[^2].InDoubt.ShouldNotBeEmpty();
    }

    [Fact]
    public void OnlyTheLastChanges_AreKept()
    {
        for (var i = 0; i < LinkHistory.ChangesMax + 10; i++)
        {
            _bench.Link.OnLost(i % 2 == 0 ? LinkCause.Refused : LinkCause.Unreachable, $"{i}");
            _bench.Clock.Advance(_bench.Clock.Now + TimeSpan.FromMinutes(6));
        }

        _bench.Link.History.Changes.Count.ShouldBe(LinkHistory.ChangesMax);
        _bench.Link.History.Changes.First().Evidence.ShouldBe("10");
    }
}
