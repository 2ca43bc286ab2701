using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Gateway.Store.Commands;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Links;

/// <summary>
/// A process from which its store was taken over hears from peers what an old copy would hear. It says so of its store, or its name, only
/// once it has proven that it still holds the store.
/// </summary>
public sealed class UnprovenVerdictTests
{
    private readonly LinkBench _bench = new(new StoreBench { CanBeTakenOver = true });

    [Theory]
    [InlineData(nameof(RefusalCode.Forked), nameof(LinkCause.StoreForked), "store renew")]
    [InlineData(nameof(RefusalCode.StoreTwice), nameof(LinkCause.StoreTwice), "store renew")]
    [InlineData(nameof(RefusalCode.Displaced), nameof(LinkCause.DuplicateName), "rename it")]
    public void ARefusalAsOfACopy_IsSaidOnceTheStoreIsProvenToBeHeld(string code, string cause, string advice)
    {
        _bench.Link.Start();
        Refuse(Enum.Parse<RefusalCode>(code));

        ShouldBeInDoubt();
        _bench.Link.Status.Evidence.ShouldContain("no, says the peer");
        _bench.Link.Status.Advice.ShouldNotContain(advice);
        _bench.Link.Status.Advice.ShouldContain("the standby");

        _bench.Store.Run();

        _bench.Link.Status.ShouldSatisfyAllConditions(
            status => status.State.ShouldBe(LinkState.Down),
            status => status.Cause.ToString().ShouldBe(cause),
            status => status.Evidence.ShouldContain("no, says the peer"),
            status => status.Advice.ShouldContain(advice));
        _bench.Kept.Select(change => change.Cause.ToString()).ShouldBe([nameof(LinkCause.HoldInDoubt), cause]);
    }

    [Fact]
    public void AnImpossiblePosition_EndsTheConnectionAtOnce_AndIsSaidLater()
    {
        _bench.Enqueue("orders", "1");
        _bench.Up(null, ("orders", 7));

        ShouldBeInDoubt();
        _bench.IsHungUp.ShouldBeTrue();
        _bench.TakeSent().ShouldNotContain(frame => frame is LinkFrame.Batch);

        _bench.Store.Run();

        _bench.Link.Status.Cause.ShouldBe(LinkCause.StoreForked);
    }

    /// <summary>It may have been made before the store was taken over.</summary>
    [Fact]
    public void AProofThatWasAskedForBeforeTheEvidence_DoesNotCount()
    {
        _bench.Link.Start();
        Refuse(RefusalCode.Forked);
        _bench.Link.Retry();
        Refuse(RefusalCode.Forked);

        _bench.Store.RunOnce();
        ShouldBeInDoubt();

        _bench.Store.RunOnce();
        _bench.Link.Status.Cause.ShouldBe(LinkCause.StoreForked);
    }

    [Fact]
    public void HoweverOftenItIsTried_OneProofAtATimeIsAskedFor()
    {
        _bench.Link.Start();
        for (var i = 0; i < 10; i++)
        {
            Refuse(RefusalCode.Displaced);
            _bench.Link.Retry();
        }

        _bench.Store.Submitted.OfType<ProveHoldCommand>().ShouldHaveSingleItem();
    }

    [Fact]
    public void WhatHasHappenedMeanwhile_IsNotUndone()
    {
        _bench.Link.Start();
        Refuse(RefusalCode.Displaced);
        _bench.Link.Retry();
        _bench.Up();
        _bench.Store.Run();
        _bench.Link.Status.State.ShouldBe(LinkState.Up);

        _bench.Link.OnFrame(new LinkFrame.Refused(RefusalCode.Displaced, "no, says the peer"));
        _bench.Link.Retry();
        _bench.Link.OnLost(LinkCause.Refused, "refused");
        _bench.Store.Run();
        _bench.Link.Status.Cause.ShouldBe(LinkCause.Refused);

        _bench.Link.Retry();
        Refuse(RefusalCode.Displaced);
        _bench.Link.Pause("by an operator");
        _bench.Store.Run();
        _bench.Link.Status.Cause.ShouldBe(LinkCause.PausedByOperator);
    }

    [Fact]
    public void WhatIsProven_Stays_WhileItIsShownAgain()
    {
        _bench.Link.Start();
        Refuse(RefusalCode.Forked);
        _bench.Store.Run();
        _bench.Link.Retry();
        Refuse(RefusalCode.Forked);

        _bench.Link.Status.Cause.ShouldBe(LinkCause.StoreForked);
        _bench.Store.Run();
        _bench.Link.Status.Cause.ShouldBe(LinkCause.StoreForked);
    }

    [Fact]
    public void AStoreInDoubt_IsNotHurriedByThePeersHello()
    {
        _bench.Link.Start();
        Refuse(RefusalCode.Forked);
        for (var i = 0; i < 10; i++) _bench.Link.OnPeerSeen(LinkBench.There);
        _bench.After(TimeSpan.FromSeconds(5));

        _bench.Dials.ShouldBe(1);
    }

    private void Refuse(RefusalCode code)
    {
        _bench.Link.OnConnected();
        _bench.Link.OnFrame(new LinkFrame.Refused(code, "no, says the peer"));
    }

    private void ShouldBeInDoubt() => _bench.Link.Status.ShouldSatisfyAllConditions(
        status => status.State.ShouldBe(LinkState.Down),
        status => status.Cause.ShouldBe(LinkCause.HoldInDoubt));
}
