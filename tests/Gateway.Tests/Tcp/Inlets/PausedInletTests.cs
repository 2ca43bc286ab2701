using Shouldly;
using Xunit;

namespace Gateway.Tests.Tcp.Inlets;

public sealed class PausedInletTests
{
    private readonly InletBench _bench = new();

    [Fact]
    public void APausedInlet_AcceptsNobody_AndReadsNothing_UntilItIsResumed()
    {
        var program = _bench.Connect();

        _bench.Book.Pause("in");
        _bench.Doors.Held.ShouldBe([InletBench.Address]);
        program.IsHeld.ShouldBeTrue();
        program.HungUp.ShouldBeNull();

        _bench.Book.Resume("in");
        _bench.Doors.Held.ShouldBeEmpty();
        program.IsHeld.ShouldBeFalse();
    }

    [Fact]
    public void WhatWasReadBefore_GoesOn_AndRepliesCome()
    {
        var program = _bench.Connect();
        // The second one waits for the first.
        program.Send("a");
        program.Send("b");
        _bench.Book.Pause("in");
        _bench.Store.Run();
        _bench.Reply(_bench.Conversation, "reply");

        _bench.Sent().ShouldBe("a1 b2");
        program.Got.ShouldBe("reply");
    }

    [Fact]
    public void AnInletThatBeginsPaused_OrBeginsAnew_IsHeldFromTheStart()
    {
        _bench.Book.Pause("in");
        _bench.Use(InletBench.Settings());
        _bench.Doors.Held.ShouldBe([InletBench.Address]);

        _bench.Use(InletBench.Settings() with { ConnectionsMax = 5 });
        _bench.Doors.Held.ShouldBe([InletBench.Address]);

        // One that was on its way as it was paused.
        _bench.Another().IsHeld.ShouldBeTrue();
    }

    [Fact]
    public void AnInletThatIsNotPaused_IsNotHeld()
    {
        _bench.Book.Pause("other");
        var program = _bench.Connect();

        _bench.Doors.Held.ShouldBeEmpty();
        program.IsHeld.ShouldBeFalse();
    }

    [Fact]
    public void TheTimeOfThePause_IsNotIdle()
    {
        var idle = TimeSpan.FromMinutes(1);
        var program = _bench.Connect(InletBench.Settings() with { IdleTimeout = idle });
        _bench.Book.Pause("in");
        _bench.After(idle * 3);
        program.IsStopped.ShouldBeFalse();

        _bench.Book.Resume("in");
        _bench.After(idle / 2);
        program.IsStopped.ShouldBeFalse();
        _bench.After(idle);
        program.IsStopped.ShouldBeTrue();
    }
}
