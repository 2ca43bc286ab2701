using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Gateway.Links.Receiving;
using Gateway.Management;
using Gateway.Store.Messages;
using Gateway.Tests.Management;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Composition;

/// <summary>A store that answers nothing, as when its disk hangs: the gateway says so of itself, and answers those who ask.</summary>
public sealed class StalledStoreTests
{
    private static readonly TimeSpan _patience = StoreWait.PatienceOf(new LinkSettings { Limits = new LinkLimits(1, 1, 1) });

    private readonly ManagementBench _bench = new();

    public StalledStoreTests()
    {
        _bench.Welcome("there");
        _bench.Run();
    }

    [Fact]
    public void ItsLinks_AreLocalDisk_UntilItAnswers()
    {
        var link = _bench.Core.Outgoing["there"];
        Ask();
        Pass(_patience * 5 / 6);
        (link.Status.Cause, link.Status.IsWell).ShouldBe((LinkCause.None, true));

        Pass(_patience / 6);
        (link.Status.State, link.Status.Cause, link.Status.IsWell).ShouldBe((LinkState.Up, LinkCause.LocalDisk, false));
        link.Status.Evidence.ShouldStartWith("this gateway's own store has not answered since ");
        link.Status.Advice.ShouldContain("the disk if it does not respond");

        _bench.Run();
        (link.Status.Cause, link.Status.IsWell).ShouldBe((LinkCause.None, true));
        link.History.Changes.Select(change => (change.State, change.Cause)).TakeLast(2)
            .ShouldBe([(LinkState.Up, LinkCause.LocalDisk), (LinkState.Up, LinkCause.None)]);
    }

    [Fact]
    public void ALinkThatComesUpMeanwhile_SaysSoToo()
    {
        Ask();
        Pass(_patience);
        var link = _bench.Core.Outgoing["far"];
        link.OnConnected();
        link.OnFrame(new LinkFrame.Welcome(new GatewayIdentity("far", Guid.NewGuid(), Guid.NewGuid(), 0, Run: 1),
            new LinkLimits(100_000, 1_000_000, 1000), _bench.Clock.NowUnixMs));

        (link.Status.State, link.Status.Cause).ShouldBe((LinkState.Up, LinkCause.LocalDisk));
    }

    [Fact]
    public void WhoeverAskedBeforeOrAsksMeanwhile_IsToldWithoutTheStore_AndHealthIsUnhealthy()
    {
        var told = new List<GatewayState>();
        _bench.Management.ReadState(told.Add);
        Pass(_patience);
        _bench.Management.ReadState(told.Add);

        told.Count.ShouldBe(2);
        told.ShouldAllBe(state => state.StoreStalledSince != null && Health.Of(state).Status == HealthStatus.Unhealthy);
        Findings.OfIntake(told[^1]).ShouldHaveSingleItem().Code.ShouldBe("store-stalled");
        told[^1].Links.Single(link => link.Status.Peer == "there").Status.Cause.ShouldBe(LinkCause.LocalDisk);

        _bench.Run();
        Pass(TimeSpan.FromSeconds(1));
        var after = _bench.ReadState();
        (after.StoreStalledSince, Health.IntakeObstaclesOf(after).Any()).ShouldBe((null, false));
    }

    [Fact]
    public void AStoreThatAnswersAllTheTime_HoweverMuchWaits_DoesNotStall()
    {
        for (var i = 0; i < 20; i++)
        {
            Ask();
            Pass(_patience / 2);
            _bench.ExecuteAhead();
            _bench.RunOnce();
        }

        _bench.Core.Outgoing["there"].Status.Cause.ShouldBe(LinkCause.None);
    }

    [Fact]
    public void AStoreThatNobodyAsked_DoesNotStall()
    {
        PassOne(TimeSpan.FromHours(1));

        _bench.Core.Outgoing["there"].Status.Cause.ShouldNotBe(LinkCause.LocalDisk);
    }

    private void Ask() => _bench.Management.ReadQueue(QueueId.Inbound("orders"), _ => { });

    /// <summary>Time passes, in which the store does nothing, and the loop ticks now and then.</summary>
    private void Pass(TimeSpan time)
    {
        for (var step = 0; step < 5; step++) PassOne(time / 6);
        PassOne(time - (time / 6 * 5));
    }

    private void PassOne(TimeSpan time)
    {
        _bench.Clock.Advance(_bench.Clock.Now + time);
        // The link hears its peer.
        foreach (var link in _bench.Core.Outgoing.Values.Where(link => link.Status.State == LinkState.Up))
            link.OnFrame(new LinkFrame.Ping(0));
        _bench.Core.Tick();
    }
}
