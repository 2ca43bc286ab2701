using Gateway.Links.Protocol;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Simulation;

/// <summary>Stories about machines that go on from a snapshot of their memory and disk, in the same run.</summary>
public sealed class SetBackScenarioTests
{
    private readonly Scenario _world = new(profile => profile with { HasCopies = true, HasSetBacks = true });

    /// <summary>
    /// Two batches were under way when the snapshot was taken. The first time they were stored together, the second time each in a group of
    /// its own, the last in the one of which the sender knew: so the group showed nothing. The position did while the sender's run lived,
    /// after the link had been up for a moment at each attempt; a later run only wrote it into its history.
    /// </summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AReceiverSetBack_WithBatchesUnderWay_ThatTakeMoreGroupsThanBefore_IsSeen(bool isSenderRestarted)
    {
        _world.Send("a", "orders@b");
        _world.PassSeconds(1);
        _world["b"].SlowFlush(TimeSpan.FromSeconds(0.5));
        _world.Send("a", "bills@b");
        _world.Send("a", "orders@b");
        _world.PassSeconds(0.2);
        var snapshot = _world.Snapshot("b");
        _world.PassSeconds(1);
        _world.Send("a", "orders@b");
        _world.PassSeconds(1);
        _world["a"].State.Queues.Sum(queue => queue.Messages).ShouldBe(0);

        if (isSenderRestarted) _world.Stop("a");
        _world.SetBack("b", snapshot);
        _world.StoreOneByOne("b");
        if (isSenderRestarted) _world.Start("a");
        _world.PassSeconds(3);

        // Between two attempts the simulator sees that it is not up.
        _world.Link("a", "b").Cause.ShouldBe(LinkCause.PeerWentBack);
        _world.Send("a", "orders@b");
        _world.PassSeconds(3);
        _world.Link("a", "b").Cause.ShouldBe(LinkCause.PeerWentBack);
        _world.Finish();
    }
}
