using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Gateway.Store.Messages;
using Gateway.Tcp;
using Gateway.Tcp.Inlets;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Tcp.Inlets;

/// <summary>The inlets of a gateway: how they begin, change, stop, and begin again.</summary>
public sealed class InletBookTests
{
    private const string Elsewhere = "tcp://127.0.0.1:701";

    private readonly InletBench _bench = new();

    [Fact]
    public void AnAddressThatIsTaken_IsToldWithItsCause_AndTriedAgain()
    {
        _bench.Doors.AreShut = true;
        _bench.Use(InletBench.Settings());
        var status = _bench.Status;
        (status.State, status.Cause, status.Evidence).ShouldBe((LinkState.Down, LinkCause.LocalPolicy, "the address is taken"));
        status.Advice.ShouldContain("Address");

        _bench.Doors.AreShut = false;
        _bench.After(TimeSpan.FromSeconds(1));

        (_bench.Status.State, _bench.Status.Address).ShouldBe((LinkState.Up, InletBench.Address));
    }

    [Fact]
    public void WhatIsLeftWhenTheGatewayStops_IsToldToTheFarSideByTheNextRun()
    {
        var bench = new InletBench(new StoreSettings { QueueMessagesMax = 1 });
        var program = bench.Connect();
        program.Send("a");
        bench.Store.Run();
        program.Send("b");
        bench.Store.Run();
        bench.Book.SayGoodbye();
        bench.Store.Run();
        bench.Acknowledge(1);

        bench.Restart();
        bench.Use(InletBench.Settings());

        bench.Sent().ShouldBe("[restarted]");
    }

    [Fact]
    public void AnUnchangedInlet_KeepsItsConnections_AndAnotherIsAdded()
    {
        var program = _bench.Connect(InletBench.Settings(InletAnswer.Fixed));

        _bench.Use(InletBench.Settings(InletAnswer.Fixed), InletBench.Settings() with { Name = "more", Address = Elsewhere });
        program.Send("a");
        _bench.Store.Run();

        (program.IsStopped, program.Got).ShouldBe((false, "ok"));
        _bench.Doors.Listening.ShouldBe([InletBench.Address, Elsewhere]);
    }

    [Fact]
    public void AChangedInlet_BeginsAnew_AndWhatWasReadIsTaken()
    {
        var program = _bench.Connect();
        program.Send("a");

        _bench.Use(InletBench.Settings() with { Destination = "other@there" });
        program.IsStopped.ShouldBeTrue();
        program.Send("b");
        program.End(InputEndKind.Stopped);
        _bench.Store.Run();
        _bench.Another().Send("c");
        _bench.Store.Run();

        program.HungUp.ShouldBe("fin");
        _bench.Sent().ShouldBe("a1 b2 [reset]");
        _bench.Messages(QueueId.Outgoing("other", "there")).Count.ShouldBe(1);
    }

    [Fact]
    public void AnInletThatIsLeftOut_EndsInOrder_AndItsAddressPassesToAnother()
    {
        var program = _bench.Connect();
        _bench.Use(InletBench.Settings() with { Name = "more" });

        program.IsStopped.ShouldBeTrue();
        _bench.Doors.Listening.ShouldBe([InletBench.Address]);
        _bench.Status.Settings.Name.ShouldBe("more");
    }

    [Fact]
    public void RepliesOfAnInletThatIsLeftOut_CanBeReceivedByOthers()
    {
        var program = _bench.Connect(InletBench.Settings(InletAnswer.Far));
        _bench.Reply(_bench.Conversation, "a");
        _bench.Use();
        program.End(InputEndKind.Stopped);
        _bench.Store.Run();

        program.HungUp.ShouldBe("fin");
        _bench.Inboxes.Remembered.ShouldBe((0, 0));
        _bench.Messages(QueueId.Inbound("in.replies")).Count.ShouldBe(1);
        _bench.DeadLetters().ShouldBeEmpty();
    }

    [Fact]
    public void Close_MakesDurableWhatWasRead_AnswersIt_AndIsDrainedThen()
    {
        var program = _bench.Connect(InletBench.Settings(InletAnswer.Fixed));
        program.Send("a");
        _bench.Intake.IsClosed = true;
        _bench.Book.Close();
        _bench.Doors.Listening.ShouldBeEmpty();
        program.Send("b");
        program.End(InputEndKind.Stopped, "pie");
        _bench.Book.IsDrained.ShouldBeFalse();

        _bench.Store.Run();

        _bench.Book.IsDrained.ShouldBeTrue();
        (program.Got, program.HungUp).ShouldBe(("okok", "fin"));
        _bench.Sent().ShouldBe("a1 b2 [reset]");
        _bench.DeadLetters().Count.ShouldBe(1);
    }

    [Fact]
    public void SayGoodbye_ResetsAProgramWhoseFramesCouldNotBeStored()
    {
        var program = _bench.Connect(InletBench.Settings() with { Destination = "q@nowhere" });
        program.Send("a");
        _bench.Book.Close();
        program.End(InputEndKind.Stopped);
        _bench.Store.Run();
        _bench.Book.IsDrained.ShouldBeFalse();

        _bench.Book.SayGoodbye();

        program.HungUp.ShouldBe("reset");
    }

    [Fact]
    public void ARunAfterAKill_TellsTheFarSide_BeforeAnyFrame_ThatAllIsOver()
    {
        _bench.Connect().Send("a");
        _bench.Store.Run();
        _bench.Restart();

        _bench.Connect().Send("b");
        _bench.Store.Run();

        _bench.Sent().ShouldBe("a1 [restarted] b1");
    }

    [Fact]
    public void ANewRun_ThatCannotBeTold_HoldsBackTheFrames()
    {
        var bench = new InletBench(new StoreSettings { QueueMessagesMax = 1 });
        bench.Connect().Send("a");
        bench.Store.Run();
        bench.Restart();
        bench.Connect().Send("b");
        bench.After(InletBench.Settings().HeldBackTold);
        bench.Status.Cause.ShouldBe(LinkCause.LocalQuota);
        bench.Acknowledge(1);
        bench.After(TimeSpan.FromSeconds(1));
        bench.Sent().ShouldBe("[restarted]");
        bench.Acknowledge(2);
        bench.After(TimeSpan.FromSeconds(1));

        bench.Sent().ShouldBe("b1");
    }

    [Fact]
    public void ARunAfterAnOrderlyStop_HasNothingToTell()
    {
        var program = _bench.Connect();
        program.Send("a");
        _bench.Store.Run();
        _bench.Book.Close();
        program.End(InputEndKind.Stopped);
        _bench.Store.Run();
        _bench.Book.SayGoodbye();
        _bench.Store.Run();
        _bench.Restart();

        _bench.Use(InletBench.Settings());

        _bench.Sent().ShouldBe("a1 [reset]");
    }

    [Fact]
    public void ARunWithoutConversations_TellsNothing_EvenIfItsPredecessorDid()
    {
        _bench.Connect();
        _bench.Store.Run();
        _bench.Restart();
        _bench.Use(InletBench.Settings());
        _bench.Restart();

        _bench.Use(InletBench.Settings());

        _bench.Sent().ShouldBe("[restarted]");
    }

    [Fact]
    public void NothingIsDue_WhileNothingWaits()
    {
        _bench.Connect().Send("a");
        _bench.Store.Run();
        _bench.After(InletBench.Settings().HeldBackTold);

        _bench.Book.NextTick.ShouldBe(TimeSpan.MaxValue);
    }
}
