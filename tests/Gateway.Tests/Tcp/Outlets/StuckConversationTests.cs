using Gateway.Links.Protocol;
using Gateway.Store.Messages;
using Gateway.Tcp;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Tcp.Outlets;

/// <summary>A conversation whose target does not read, beside others of the outlet: these go on, and it goes on where it was.</summary>
public sealed class StuckConversationTests
{
    private const int Many = 300;

    /// <summary>512 bytes are held in all.</summary>
    private static readonly OutletSettings _settings = OutletBench.Settings() with { IsPerConversation = true, WindowBytes = 64 };

    private static readonly string[] _bodies = [.. Enumerable.Range(100, Many).Select(number => $"{number}")];

    private readonly OutletBench _bench = new();
    private readonly FakeTarget _stuck;

    public StuckConversationTests()
    {
        _bench.Use(_settings);
        _bench.Frames("c1", _bodies);
        _stuck = _bench.Targets.Last;
        _bench.Up(_stuck);
    }

    [Fact]
    public void Others_WaitForASecondAtMost_AndThenForNothing()
    {
        _bench.Frames("c2", "b");
        _bench.Targets.Dialed.Count.ShouldBe(1);

        _bench.After(TimeSpan.FromSeconds(1));
        var other = _bench.Targets.Last;
        _bench.Up(other);
        other.Written.ShouldBe("b\n");
        other.Acknowledge();
        _bench.Frames("c1", "late");
        _bench.Frames("c2", "c");
        other.Written.ShouldBe("b\nc\n");

        Drain();
        _stuck.Written.ShouldBe(string.Concat(_bodies.Append("late").Select(body => $"{body}\n")));
    }

    [Fact]
    public void WhatIsSetAside_IsHeldByNobody_AndGoesOnInItsOrder_AfterALoss()
    {
        _bench.After(TimeSpan.FromSeconds(1));
        _bench.Inboxes.Remembered.Leases.ShouldBeLessThan(20);
        _stuck.Acknowledge(8);
        _stuck.Reset();
        _bench.Run();

        var next = Return();
        Drain();

        next.Written.ShouldBe(string.Concat(_bodies.Skip(2).Select(body => $"{body}\n")));
    }

    [Fact]
    public void TargetThatIsDown_GetsAllInOrder_WhenItReturns()
    {
        _bench.After(TimeSpan.FromSeconds(1));
        _stuck.Reset();
        _bench.Run();
        for (var attempt = 0; attempt < 3; attempt++)
        {
            Redial().Fail(LinkCause.Refused);
            _bench.Run();
        }

        var next = Return();
        Drain();

        next.Written.ShouldBe(string.Concat(_bodies.Select(body => $"{body}\n")));
    }

    [Fact]
    public void QueueThatIsPaused_LetsNothingBack_UntilItIsResumed()
    {
        var queue = QueueId.Inbound("q");
        _bench.After(TimeSpan.FromSeconds(1));
        _bench.Inboxes.Hold(queue);
        for (var turn = 0; turn < 5; turn++)
        {
            _stuck.Acknowledge();
            _bench.After(TimeSpan.FromSeconds(1));
        }

        var before = _stuck.Written;
        _bench.After(TimeSpan.FromSeconds(5));
        _stuck.Written.ShouldBe(before);
        _bench.Inboxes.LetGo(queue);

        Drain();
        _stuck.Written.ShouldBe(string.Concat(_bodies.Select(body => $"{body}\n")));
    }

    [Fact]
    public void NewRunOfTheInlet_ResetsTheConversation_AfterWhatIsSetAside()
    {
        _bench.Tell("", TcpNames.NewRun);
        _bench.After(TimeSpan.FromSeconds(1));
        _bench.Run();
        _stuck.IsReset.ShouldBeNull();

        for (var turn = 0; turn < 1000 && _stuck.IsReset is null; turn++)
        {
            _stuck.Acknowledge();
            _bench.After(TimeSpan.FromMilliseconds(100));
        }

        _stuck.IsReset.ShouldBe(true);
        _stuck.Written.ShouldBe(string.Concat(_bodies.Select(body => $"{body}\n")));
        _bench.Waiting().ShouldBeEmpty();
    }

    /// <summary>The targets read on until nothing waits.</summary>
    private void Drain()
    {
        for (var turn = 0; turn < 1000 && _bench.Waiting().Length > 0; turn++)
        {
            foreach (var open in _bench.Targets.Dialed.Where(open => open.IsReset is null && open.Written.Length > 0).ToList())
                open.Acknowledge();
            _bench.After(TimeSpan.FromMilliseconds(100));
        }

        _bench.Waiting().ShouldBeEmpty();
    }

    private FakeTarget Return()
    {
        var next = Redial();
        _bench.Up(next);
        return next;
    }

    private FakeTarget Redial()
    {
        var before = _bench.Targets.Dialed.Count;
        for (var step = 0; _bench.Targets.Dialed.Count == before && step < 1000; step++) _bench.After(TimeSpan.FromMilliseconds(10));
        _bench.Targets.Dialed.Count.ShouldBe(before + 1);
        return _bench.Targets.Last;
    }
}
