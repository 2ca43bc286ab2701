using Gateway.Links.Protocol;
using Gateway.Store.Commands;
using Gateway.Store.Messages;
using Gateway.Store.State;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Links.Sending;

/// <summary>
/// Messages that the disk has lost are left out, and what follows them is sent. A copy of the store from before still has them whole, and
/// must not take the peer's position for their acknowledgement; and a store that was only damaged is not taken for another history.
/// </summary>
public sealed class DamagedNumbersTests
{
    private static readonly QueueId _orders = QueueId.Outgoing("orders", "there");

    private readonly LinkBench _bench = new();

    [Fact]
    public void WhatIsFoundDamaged_WhenItIsReadToBeSent_IsToldAsGone_WithWhatIsSentAfterIt()
    {
        var copied = EnqueueThree();
        _bench.Store.Damage(_orders, 2);

        SendAll().ShouldBe("1,3");
        _bench.Store.State.DamagedCount.ShouldBe(1);
        IsForeignToARunFrom(copied).ShouldBeTrue();
        IsForeignToARunFrom(_bench.Store.LastGroup + 1).ShouldBeFalse();
    }

    [Fact]
    public void WhatWasFoundDamagedBefore_BySomebodyElse_IsToldAsGoneToo()
    {
        var copied = EnqueueThree();
        _bench.Store.Damage(_orders, 2);
        _bench.Store.Submit(new ReadOneCommand(_orders, 2, _ => { }));
        _bench.Store.Run();

        SendAll().ShouldBe("1,3");
        IsForeignToARunFrom(copied).ShouldBeTrue();
    }

    [Fact]
    public void WhenOnlyTheLastIsLeft_TheOnesBeforeItAreToldAsGone()
    {
        var copied = EnqueueThree();
        _bench.Store.Damage(_orders, 1);
        _bench.Store.Damage(_orders, 2);

        SendAll().ShouldBe("3");
        IsForeignToARunFrom(copied).ShouldBeTrue();
    }

    [Fact]
    public void DamageOfWhatHadArrived_TellsNothing()
    {
        _bench.Enqueue("orders", "1", "2");
        var copied = _bench.Store.LastGroup + 1;
        _bench.Store.Submit(new StoreInboundCommand(
            LinkBench.There.StoreId, "bills", 0, [new NumberedMessage(1, _bench.NewMessage("a"))], _ => { }));
        _bench.Store.Run();
        _bench.Store.Damage(QueueId.Inbound("bills"), 1);
        _bench.Store.Submit(new ReadOneCommand(QueueId.Inbound("bills"), 1, _ => { }));
        _bench.Store.Run();

        _bench.Store.State.DamagedCount.ShouldBe(1);
        SendAll().ShouldBe("1,2");
        IsForeignToARunFrom(copied).ShouldBeFalse();
    }

    /// <summary>Gives the first group that a copy, made now, would write.</summary>
    private long EnqueueThree()
    {
        foreach (var body in new[] { "1", "2", "3" }) _bench.Enqueue("orders", body);
        return _bench.Store.LastGroup + 1;
    }

    private string SendAll()
    {
        _bench.Up();
        _bench.Store.Run();
        return string.Join(',', _bench.TakeSent().OfType<LinkFrame.Batch>().Select(LinkBench.Bodies));
    }

    private bool IsForeignToARunFrom(long group)
    {
        var own = _bench.Self;
        var runs = RunList.Empty.With(new StoreRun(own.Run, own.Incarnation, 1)).With(new StoreRun(own.Run + 1, Guid.NewGuid(), group));
        return new OwnPast { Runs = runs }.IsForeign(
            new KnownRun(own.Run, own.Incarnation, own.Name) { Group = _bench.Link.Past.SentGroup });
    }
}
