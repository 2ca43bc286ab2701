using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Gateway.Tcp;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Tcp.Outlets;

/// <summary>A replay window, and a target that ends its connection after each message: it gets each some times, not for ever.</summary>
public sealed class ClosingTargetTests
{
    private static readonly OutletSettings _settings = OutletBench.Settings() with { ReplayWindow = TimeSpan.FromMinutes(5) };

    private readonly OutletBench _bench = new();

    [Fact]
    public void Message_WithWhichTheTargetClosesThreeTimesInOrder_IsCompleted()
    {
        _bench.Enqueue("a");
        var target = _bench.Connect(_settings);
        for (var end = 1; end <= 2; end++)
        {
            CloseInOrder(target);
            _bench.Waiting().ShouldBe("a0");
            target = Return();
            target.Written.ShouldBe("a\n");
        }

        CloseInOrder(target);

        _bench.Waiting().ShouldBeEmpty();
        _bench.Status.Delivered.ShouldBe(1);
        _bench.Status.PossiblySeenTwice.ShouldBe(2);
    }

    [Fact]
    public void Message_ThatAnEndLeavesUnacknowledged_IsNotCounted()
    {
        _bench.Enqueue("a", "b");
        var target = _bench.Connect(_settings);
        for (var end = 1; end <= 3; end++)
        {
            target.Acknowledge(2);
            target.Close();
            _bench.After(TimeSpan.FromSeconds(1));
            target = Return();
        }

        target.Written.ShouldBe("b\n");
        CloseInOrder(target);
        _bench.Waiting().ShouldBe("b0");
    }

    [Fact]
    public void Resets_DoNotCount_AndBeginAnew()
    {
        _bench.Enqueue("a");
        var target = _bench.Connect(_settings);
        for (var round = 0; round < 4; round++)
        {
            CloseInOrder(target);
            target = Return();
            CloseInOrder(target);
            target = Return();
            target.Acknowledge();
            target.Reset();
            _bench.Run();
            _bench.Waiting().ShouldBe("a0");
            target = Return();
        }
    }

    [Fact]
    public void TargetThatResetsWhatWasBehindItsMessage_GetsThemOneByOne_UntilOneIsDeliveredByTime()
    {
        _bench.Enqueue("a", "b", "c");
        var target = _bench.Connect(_settings);
        for (var end = 1; end <= 3; end++)
        {
            target.Written.ShouldBe("a\nb\nc\n");
            target.Acknowledge();
            target.Reset();
            _bench.Run();
            target = Return();
        }

        target.Written.ShouldBe("a\n");
        for (var end = 1; end <= 3; end++)
        {
            CloseInOrder(target);
            target = Return();
        }

        target.Written.ShouldBe("b\n");
        target.Acknowledge();
        _bench.After(_settings.ReplayWindow);

        target.Written.ShouldBe("b\nc\n");
        _bench.Enqueue("d");
        target.Written.ShouldBe("b\nc\nd\n");
    }

    [Fact]
    public void EndsWithoutADelivery_StayInSight_UntilOneDelivers()
    {
        _bench.Enqueue("a");
        var target = _bench.Connect(_settings);
        for (var end = 1; end <= 3; end++)
        {
            target.Acknowledge();
            target.Reset();
            _bench.Run();
            target = Return();
            _bench.Status.PresentCause.ShouldBe(end < 3 ? LinkCause.None : LinkCause.ResetByPeer);
        }

        (_bench.Status.State, _bench.Status.IsWell).ShouldBe((LinkState.Up, false));
        _bench.Status.Evidence.ShouldEndWith("; 3 connections in a row ended before a message was delivered");
        _bench.Status.Advice.ShouldContain("set the outlet's ReplayWindow to 0");
        target.Acknowledge();
        _bench.After(_settings.ReplayWindow);

        _bench.Status.IsWell.ShouldBeTrue();
    }

    [Fact]
    public void IdleConnectionsThatTheTargetEnds_AreNotCounted()
    {
        var target = _bench.Connect(_settings);
        for (var end = 1; end <= 5; end++)
        {
            target.Close();
            target = Return();
        }

        _bench.Status.IsWell.ShouldBeTrue();
        _bench.Enqueue("a", "b");
        target.Written.ShouldBe("a\nb\n");
    }

    /// <summary>The target has read all that was sent, and closes its connection.</summary>
    private void CloseInOrder(FakeTarget target)
    {
        target.Acknowledge();
        target.Close();
        _bench.Run();
    }

    /// <summary>The time of the next attempt comes, and the target is there.</summary>
    private FakeTarget Return()
    {
        var before = _bench.Targets.Dialed.Count;
        for (var step = 0; _bench.Targets.Dialed.Count == before && step < 1000; step++) _bench.After(TimeSpan.FromMilliseconds(10));
        _bench.Up(_bench.Targets.Last);
        return _bench.Targets.Last;
    }
}
