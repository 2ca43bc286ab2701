using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Links.Causes;

/// <summary>A peer that is seen again: which run of it, and why it was away.</summary>
public sealed class OutgoingLinkReturnTests
{
    private readonly LinkBench _bench = new();

    [Fact]
    public void Welcome_WithANewIncarnation_IsPeerRestarted()
    {
        _bench.Up();
        _bench.Link.OnLost(LinkCause.ResetByPeer, "reset");
        _bench.After(_bench.Settings.BackoffMax);
        _bench.Link.OnConnected();
        _bench.Welcome(LinkBench.ThereAgain);

        _bench.Link.Status.State.ShouldBe(LinkState.Up);
        _bench.Link.Status.Cause.ShouldBe(LinkCause.PeerRestarted);
        _bench.Link.Status.Evidence.ShouldContain(LinkBench.ThereAgain.Incarnation.ToString("N"));
    }

    [Fact]
    public void Welcome_WithTheSameIncarnationAfterAReset_StaysResetByPeer()
    {
        _bench.Up();
        _bench.Link.OnLost(LinkCause.ResetByPeer, "reset");
        _bench.After(_bench.Settings.BackoffMax);
        _bench.Link.OnConnected();
        _bench.Welcome(LinkBench.There);

        (_bench.Link.Status.State, _bench.Link.Status.Cause).ShouldBe((LinkState.Up, LinkCause.ResetByPeer));
        (_bench.Link.Status.IsCauseOver, _bench.Link.Status.PresentCause).ShouldBe((true, LinkCause.None));
    }

    [Theory]
    [InlineData(LinkState.Down, false, 0, LinkCause.PeerSilent, LinkCause.PeerSilent)]
    [InlineData(LinkState.Connecting, false, 0, LinkCause.PeerSilent, LinkCause.PeerSilent)]
    [InlineData(LinkState.Up, false, 0, LinkCause.PeerSilent, LinkCause.None)]
    [InlineData(LinkState.Up, false, 0, LinkCause.PeerRestarted, LinkCause.None)]
    [InlineData(LinkState.Up, false, 2, LinkCause.PeerSilent, LinkCause.PeerSilent)]
    [InlineData(LinkState.Up, true, 0, LinkCause.ResetByPeer, LinkCause.ResetByPeer)]
    [InlineData(LinkState.Up, false, 0, LinkCause.LocalQuota, LinkCause.LocalQuota)]
    public void TheCauseOfTheLastInterruption_IsThatOfALinkThatIsUp_OnlyWhileItFlapsOrAchievesNothing(
        object state, bool isHindered, int fruitless, object cause, object present)
    {
        var status = new LinkStatus("there", (LinkState)state, (LinkCause)cause, _bench.Clock.Now, "", "")
        { IsHindered = isHindered, Fruitless = fruitless };

        status.PresentCause.ShouldBe((LinkCause)present);
        status.IsCauseOver.ShouldBe((LinkCause)present == LinkCause.None);
    }

    [Fact]
    public void FirstWelcome_OfAnotherRunThanTheHistoryKnows_IsPeerRestarted()
    {
        _bench.Link.History.Restore(Known(LinkBench.There));
        _bench.Link.Start();
        _bench.Link.OnConnected();
        _bench.Welcome(LinkBench.ThereAgain);

        _bench.Link.Status.Cause.ShouldBe(LinkCause.PeerRestarted);
        _bench.Link.Status.Evidence.ShouldContain(LinkBench.ThereAgain.Incarnation.ToString("N"));
        _bench.Link.Status.Evidence.ShouldEndWith(", while this gateway was down or before");
    }

    [Fact]
    public void FirstWelcome_OfTheRunThatTheHistoryKnows_HasNoCause()
    {
        _bench.Link.History.Restore(Known(LinkBench.There));
        _bench.Link.History.Restore(new LinkChange(_bench.Clock.Now, LinkState.Down, LinkCause.ResetByPeer, "cut"));
        _bench.Up();

        (_bench.Link.Status.State, _bench.Link.Status.Cause).ShouldBe((LinkState.Up, LinkCause.None));
    }

    [Fact]
    public void PeerSeen_WhileDown_DialsAtOnce()
    {
        _bench.Up();
        _bench.After(TimeSpan.FromSeconds(1));
        _bench.Link.OnLost(LinkCause.ResetByPeer, "reset");
        _bench.Link.OnPeerSeen(LinkBench.ThereAgain);

        _bench.Dials.ShouldBe(2);
    }

    [Theory]
    [InlineData(2_000)]
    [InlineData(1_000)]
    [InlineData(0)]
    public void PeerSeen_InALaterRunWhileUp_LeavesTheOldConnection_WhateverTheClocksSay(long laterStartedUnixMs)
    {
        _bench.Up();
        _bench.After(TimeSpan.FromSeconds(1));
        _bench.Link.OnPeerSeen(LinkBench.ThereAgain with { StartedUnixMs = laterStartedUnixMs });

        _bench.Dials.ShouldBe(2);
        _bench.Link.Status.Cause.ShouldBe(LinkCause.PeerRestarted);
    }

    [Fact]
    public void PeerSeen_OnANewStoreWhileUp_LeavesTheOldConnection()
    {
        _bench.Up();
        _bench.After(TimeSpan.FromSeconds(1));
        _bench.Link.OnPeerSeen(LinkBench.ThereAgain with { StoreId = Guid.NewGuid(), Run = 1 });

        _bench.Dials.ShouldBe(2);
        _bench.Link.Status.Cause.ShouldBe(LinkCause.PeerRestarted);
    }

    [Fact]
    public void PeerSeen_WithTheSameIncarnationWhileUp_ChangesNothing()
    {
        _bench.Up();
        _bench.Link.OnPeerSeen(LinkBench.There);

        _bench.Dials.ShouldBe(1);
        _bench.Link.Status.State.ShouldBe(LinkState.Up);
    }

    [Fact]
    public void PeerSeen_RightAfterAnAttempt_WaitsForTheShortestBackoff()
    {
        // Two sides that cannot use each other's welcomes would otherwise call each other back without a pause.
        _bench.Up();
        _bench.Link.OnLost(LinkCause.ResetByPeer, "reset");
        for (var i = 0; i < 100; i++) _bench.Link.OnPeerSeen(LinkBench.There);
        _bench.Dials.ShouldBe(1);

        _bench.After(_bench.Settings.BackoffMin);
        _bench.Dials.ShouldBe(2);
    }

    private LinkChange Known(GatewayIdentity peer) =>
        new(_bench.Clock.Now, LinkState.Up, LinkCause.None, "connected for the first time in this run") { Incarnation = peer.Incarnation };
}
