using Gateway.Links.Protocol;
using Gateway.Store.Messages;
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

    /// <summary>
    /// A batch was under way when the snapshot was taken. The first time it found no room, and one of another queue was acknowledged; the
    /// second time it found some, so that as many batches were stored as the sender knew of.
    /// </summary>
    [Fact]
    public void AReceiverSetBack_WhereABatchThatHadNoRoomTakesThePlaceOfAnAcknowledgedOne_IsSeen()
    {
        _world.Send("a", "orders@b");
        _world["b"].FillDisk();
        _world.PassSeconds(1);
        _world["b"].SlowFlush(TimeSpan.FromSeconds(0.5));
        // One by one, they give the store time to look at its disk.
        for (var i = 0; i < 30; i++) _world["b"].Manage(management => management.ReadQueue(QueueId.Inbound("orders"), _ => { }));
        _world.Send("a", "orders@b");
        _world.PassSeconds(0.2);
        var snapshot = _world.Snapshot("b");
        _world.PassSeconds(1);
        WaitingAtA().ShouldBe(1);

        var orders = QueueId.Outgoing("orders", "b");
        _world["a"].Manage(management => management.PauseQueue(orders, "", "ann", _ => { }));
        _world["b"].Storage.FreeBytes = long.MaxValue;
        _world.PassSeconds(1);
        _world.Send("a", "bills@b");
        _world.PassSeconds(1);
        WaitingAtA().ShouldBe(1);
        _world.Stop("a");
        _world.SetBack("b", snapshot);
        _world.StoreOneByOne("b");
        _world["b"].State.Queues.Sum(queue => queue.Messages).ShouldBe(2);
        _world.Start("a");
        _world.PassSeconds(3);

        _world.Link("a", "b").Cause.ShouldBe(LinkCause.PeerWentBack);
        _world["a"].Manage(management => management.ResumeQueue(orders, "ann", _ => { }));
        _world.Finish();
    }

    private long WaitingAtA() => _world["a"].State.Queues.Sum(queue => queue.Messages);
}
