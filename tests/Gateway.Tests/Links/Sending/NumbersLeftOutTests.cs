using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Gateway.Store.Commands;
using Gateway.Store.Messages;
using Gateway.Store.State;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Links.Sending;

/// <summary>
/// A message leaves its queue unsent, and what follows it is sent. A copy of the store from before still has the message, and the peer
/// stands above its number: that is no acknowledgement, or the message would vanish without a trace.
/// </summary>
public sealed class NumbersLeftOutTests
{
    private static readonly QueueId _orders = QueueId.Outgoing("orders", "there");

    private readonly LinkBench _bench = new();

    [Fact]
    public void AMessageThatExpired_IsToldAsGone_WithWhatIsSentAfterIt()
    {
        _bench.Enqueue("orders", "1");
        _bench.Enqueue("orders", _bench.Clock.NowUnixMs + 1000, "2");
        _bench.Enqueue("orders", "3");
        var copied = Copied();
        _bench.After(TimeSpan.FromSeconds(2));

        SendAll().ShouldBe("1,3");
        IsForeignTo(copied).ShouldBeTrue();
    }

    [Fact]
    public void AMessageThatAnOperatorRemoved_IsToldAsGone_WithWhatIsSentAfterIt()
    {
        _bench.Enqueue("orders", "1", "2", "3");
        var copied = Copied();
        _bench.Store.Submit(new PurgeCommand(_orders, [2], _ => { }));
        _bench.Store.Run();

        SendAll().ShouldBe("1,3");
        IsForeignTo(copied).ShouldBeTrue();
    }

    [Fact]
    public void WhatFollows_WhenItIsSentOnALaterConnection_TellsItToo()
    {
        _bench.Enqueue("orders", "1", "2", "3");
        var copied = Copied();
        _bench.Up();
        _bench.Store.Run();
        _bench.TakeSent();
        _bench.Link.OnFrame(new LinkFrame.Ack("orders", 1));
        _bench.Link.OnLost(LinkCause.ResetByPeer, "reset");
        _bench.Store.Run();
        IsForeignTo(copied).ShouldBeFalse();

        _bench.Store.Submit(new DeadLetterCommand(_orders, 2, DeadLetterReason.Operator, _bench.Clock.NowUnixMs, "moved", () => { }));
        _bench.Store.Run();
        _bench.After(_bench.Settings.BackoffMax);
        _bench.Up(LinkBench.Limits, ("orders", 1));
        SendAll().ShouldBe("3");
        IsForeignTo(copied).ShouldBeTrue();
    }

    [Fact]
    public void WithoutANumberLeftOut_WhatLeftAnotherQueue_TellsNothing()
    {
        _bench.Enqueue("bills", "a");
        _bench.Enqueue("orders", "1", "2");
        var copied = Copied();
        _bench.Store.Submit(new PurgeCommand(QueueId.Outgoing("bills", "there"), [1], _ => { }));
        _bench.Store.Run();

        SendAll().ShouldBe("1,2");
        IsForeignTo(copied).ShouldBeFalse();
    }

    /// <summary>The group that follows all that is here.</summary>
    private long Copied()
    {
        var queue = _bench.Store.State.Find(_orders)!;
        return queue.Find(queue.LastNumber)!.Value.Group + 1;
    }

    private string SendAll()
    {
        if (_bench.Link.Status.State != LinkState.Up) _bench.Up();
        _bench.Store.Run();
        var batches = _bench.TakeSent().OfType<LinkFrame.Batch>().Where(batch => batch.Queue == "orders");
        return string.Join(',', batches.Select(LinkBench.Bodies));
    }

    /// <summary>Whether a run on a copy, which begins with this group, finds that what was sent is not of its history.</summary>
    private bool IsForeignTo(long firstGroup)
    {
        var own = _bench.Self;
        var runs = RunList.Empty
            .With(new StoreRun(own.Run, own.Incarnation, 1))
            .With(new StoreRun(own.Run + 1, Guid.NewGuid(), firstGroup));
        var known = new KnownRun(own.Run, own.Incarnation, own.Name) { Group = _bench.Link.Past.SentGroup };

        return new OwnPast { Runs = runs }.IsForeign(known);
    }
}
