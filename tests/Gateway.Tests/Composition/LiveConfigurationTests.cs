using Gateway.Client.Wire;
using Gateway.Composition;
using Gateway.Links.Causes;
using Gateway.Links.Fleet;
using Gateway.Links.Protocol;
using Gateway.Store.Messages;
using Gateway.Tests.Management;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Composition;

/// <summary>Another configuration is applied to a core that runs: gateway "here" with its peers "there" and "far".</summary>
public sealed class LiveConfigurationTests
{
    private readonly ManagementBench _bench = new();

    [Fact]
    public void AnAddedPeer_TakesMessages_AndTheLinksOfOthersGoOn()
    {
        _bench.Welcome("there");
        var before = (_bench.Dials("there"), _bench.Core.Outgoing["there"].History.Changes.Count);
        _bench.Enqueue("orders@new", "early").ShouldBeOfType<Reply.Rejected>().Code.ShouldBe(WireCode.NoRoute);

        _bench.Configure(peers: [Peer("there"), Peer("far"), Peer("new")]).ShouldBeTrue();

        _bench.Enqueue("orders@new", "one").ShouldBeOfType<Reply.Accepted>();
        _bench.Welcome("new");
        _bench.TakeSent("new").ShouldBe("one");
        (_bench.Dials("there"), _bench.Core.Outgoing["there"].History.Changes.Count).ShouldBe(before);
        _bench.Core.Outgoing["there"].Status.State.ShouldBe(LinkState.Up);
    }

    [Fact]
    public void WhatPeersMaySee_ChangesAtOnce()
    {
        _bench.Management.Share.ShouldBe(FleetShare.Totals);

        _bench.Configure(share: FleetShare.Nothing, peers: [Peer("there"), Peer("far")]).ShouldBeTrue();

        _bench.Ask<GatewaySummary>(answer => _bench.Management.Summaries.Ask("there", answer)).ShouldBe(GatewaySummary.None);
    }

    [Fact]
    public void ARemovedPeer_KeepsItsMessages_AndGetsThemWhenItIsAddedAgain()
    {
        _bench.Enqueue("orders@far", "one", "two").ShouldBeOfType<Reply.Accepted>();

        _bench.Configure(peers: [Peer("there")]).ShouldBeTrue();

        _bench.Enqueue("orders@far", "three").ShouldBeOfType<Reply.Rejected>().Code.ShouldBe(WireCode.NoRoute);
        _bench.ReadState().Links.Single(link => link.Status.Peer == "far").Status.Cause.ShouldBe(LinkCause.NoRoute);
        _bench.Configure(peers: [Peer("there"), Peer("far")]).ShouldBeTrue();
        _bench.Welcome("far");
        _bench.TakeSent("far").ShouldBe("one two");
    }

    [Fact]
    public void APeerWithAnotherAddress_IsDialedAnew_AndTheOthersAreNot()
    {
        _bench.Welcome("there");
        _bench.Welcome("far");
        var (there, far) = (_bench.Dials("there"), _bench.Dials("far"));

        _bench.Configure(peers: [Peer("there"), ("far", new PeerPlace("tcp://elsewhere:1", ""))]).ShouldBeTrue();

        (_bench.Dials("there"), _bench.Dials("far")).ShouldBe((there, far + 1));
        _bench.Core.Outgoing["far"].Status.State.ShouldBe(LinkState.Connecting);
        _bench.Core.Outgoing["far"].History.Changes.Last().Evidence.ShouldContain("tcp://elsewhere:1");
    }

    [Fact]
    public void AReturningPeer_IsPausedAsItWas_AndItsQueuesToo()
    {
        _bench.Enqueue("orders@far", "one").ShouldBeOfType<Reply.Accepted>();
        _bench.Ask<bool>(answer => _bench.Management.PauseQueue(QueueId.Outgoing("orders", "far"), "", "ann", answer)).ShouldBeTrue();
        _bench.Ask<bool>(answer => _bench.Management.PausePeer("far", "", "ann", answer)).ShouldBeTrue();
        _bench.Configure(peers: [Peer("there")]).ShouldBeTrue();

        _bench.Configure(peers: [Peer("there"), Peer("far")]).ShouldBeTrue();

        _bench.Core.Outgoing["far"].Status.Cause.ShouldBe(LinkCause.PausedByOperator);
        _bench.Ask<bool>(answer => _bench.Management.ResumePeer("far", "ann", answer)).ShouldBeTrue();
        _bench.Welcome("far");
        _bench.TakeSent("far").ShouldBe("");
        _bench.Ask<bool>(answer => _bench.Management.ResumeQueue(QueueId.Outgoing("orders", "far"), "ann", answer)).ShouldBeTrue();
        _bench.TakeSent("far").ShouldBe("one");
    }

    [Fact]
    public void APeerThatIsRemovedWhileItResumes_IsGone()
    {
        _bench.Ask<bool>(answer => _bench.Management.PausePeer("far", "", "ann", answer)).ShouldBeTrue();
        var isResumed = false;
        _bench.Management.ResumePeer("far", "ann", _ => isResumed = true);

        _bench.Configure(peers: [Peer("there")]).ShouldBeTrue();

        isResumed.ShouldBeTrue();
        _bench.Core.Outgoing.Keys.ShouldBe(["there"]);
    }

    [Fact]
    public void AQueueThatIsResumed_WhileItsPeerReturns_IsOpenAfterwards()
    {
        var queue = QueueId.Outgoing("orders", "far");
        _bench.Enqueue("orders@far", "one").ShouldBeOfType<Reply.Accepted>();
        _bench.Ask<bool>(answer => _bench.Management.PauseQueue(queue, "", "ann", answer)).ShouldBeTrue();
        _bench.Configure(peers: [Peer("there")]).ShouldBeTrue();
        _bench.Configure(peers: [Peer("there"), Peer("far")]).ShouldBeTrue();
        _bench.Configure(peers: [Peer("there")]).ShouldBeTrue();
        // Its mark is written only after the store has told what it holds for the peer.
        _bench.Management.ResumeQueue(queue, "ann", _ => { });

        _bench.Configure(peers: [Peer("there"), Peer("far")]).ShouldBeTrue();

        _bench.Welcome("far");
        _bench.TakeSent("far").ShouldBe("one");
    }

    [Fact]
    public void TheLimitsOfTheStore_AreThoseOfTheNewConfiguration()
    {
        _bench.Enqueue("orders@far", "one").ShouldBeOfType<Reply.Accepted>();

        _bench.Configure(new StoreSettings { QueueMessagesMax = 1 }, peers: [Peer("there"), Peer("far")]).ShouldBeTrue();

        _bench.Enqueue("orders@far", "two").ShouldBeOfType<Reply.Rejected>().Code.ShouldBe(WireCode.StoreFull);
    }

    [Fact]
    public void AGatewayThatStops_AppliesNothing()
    {
        _bench.Core.CloseIntake();

        _bench.Configure(peers: [Peer("there"), Peer("far"), Peer("new")]).ShouldBeFalse();

        _bench.Core.Outgoing.Keys.ShouldBe(["there", "far"], ignoreOrder: true);
    }

    private static (string Name, PeerPlace Place) Peer(string name) => (name, ManagementBench.PlaceOf(name));
}
