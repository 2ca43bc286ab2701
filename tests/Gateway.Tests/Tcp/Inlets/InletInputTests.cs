using Gateway.Client.Wire;
using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Gateway.Store.Messages;
using Gateway.Tcp;
using Gateway.Tcp.Framing;
using Gateway.Tcp.Inlets;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Tcp.Inlets;

/// <summary>What programs send to an inlet, from their connection into the queue of its destination.</summary>
public sealed class InletInputTests
{
    private readonly InletBench _bench = new();

    [Fact]
    public void Frames_BecomeMessages_InOrder_WithWhereTheyCameFrom()
    {
        var program = _bench.Connect();
        var conversation = _bench.Conversation;
        program.Send("a", "b");
        program.Send("c");
        _bench.Store.Run();
        program.Send("d");
        _bench.Store.Run();

        _bench.Sent().ShouldBe("a1 b2 c3 d4");
        TcpHeaders.Read(_bench.Messages(QueueId.Outgoing("q", "there"))[3].Headers).ShouldBe(new TcpHeaders
        {
            Inlet = "in",
            Conversation = conversation,
            Frame = 4,
            From = "10.0.0.5:5000",
            Reply = "in.replies@here",
            Answer = "nothing",
        });
        program.Taken.ShouldBe(4);
        (_bench.Status.Frames, _bench.Status.Bytes).ShouldBe((4, 8));
    }

    [Fact]
    public void AFrame_CountsAsDealtWith_OnceItIsDurable()
    {
        var program = _bench.Connect();

        program.Send("a");

        program.Taken.ShouldBe(0);
        _bench.Status.Frames.ShouldBe(0);
        _bench.Store.Run();
        program.Taken.ShouldBe(1);
    }

    [Fact]
    public void FramesThatComeMeanwhile_AreOfferedTogether()
    {
        var program = _bench.Connect();
        program.Send("a");
        var before = _bench.Store.Submitted.Count;
        program.Send("b");
        program.Send("c");
        _bench.Store.Submitted.Count.ShouldBe(before);

        _bench.Store.RunOnce();

        _bench.Store.Submitted.ShouldHaveSingleItem();
        _bench.Store.Run();
        _bench.Sent().ShouldBe("a1 b2 c3");
    }

    [Theory]
    [InlineData(2, 1_000_000)]
    [InlineData(1000, 500)]
    public void ManyFrames_AreOfferedWithinTheLimitsOfARequest(int messagesMax, int bytesMax)
    {
        var bench = new InletBench(limits: new WireLimits { BatchMessagesMax = messagesMax, BatchBytesMax = bytesMax });
        var program = bench.Connect();

        program.Send("a", "b", "c", "d", "e");
        program.End(InputEndKind.Finished);
        bench.Store.Run();

        bench.Sent().ShouldBe("a1 b2 c3 d4 e5 [finished]");
    }

    [Fact]
    public void AFullQueue_HoldsTheProgramBack_AndThenItGoesOn_InOrder()
    {
        var bench = new InletBench(new StoreSettings { QueueMessagesMax = 2 });
        var program = bench.Connect();
        program.Send("a", "b");
        bench.Store.Run();
        program.Send("c");
        bench.Store.Run();
        program.Send("d");
        bench.After(TimeSpan.FromSeconds(1));
        (program.Taken, program.HungUp).ShouldBe((2, null));
        bench.Sent().ShouldBe("a1 b2");
        bench.Status.Cause.ShouldBe(LinkCause.None);

        bench.Acknowledge(2);
        bench.After(TimeSpan.FromSeconds(1));

        bench.Sent().ShouldBe("c3 d4");
        program.Taken.ShouldBe(4);
    }

    [Fact]
    public void WhatIsHeldBackForLong_IsTold_UntilItIsTaken()
    {
        var bench = new InletBench(new StoreSettings { QueueMessagesMax = 1 });
        var program = bench.Connect();
        program.Send("a");
        bench.Store.Run();
        program.Send("b");
        bench.Store.Run();
        bench.After(InletBench.Settings().HeldBackTold);

        var told = bench.Status;
        (told.State, told.Cause).ShouldBe((LinkState.Up, LinkCause.LocalQuota));
        told.Evidence.ShouldContain("QueueMessagesMax");
        told.Advice.ShouldNotBeEmpty();
        told.Conversations.Single().Cause.ShouldBe(LinkCause.LocalQuota);

        bench.Acknowledge(1);
        bench.After(TimeSpan.FromSeconds(1));

        bench.Status.Cause.ShouldBe(LinkCause.None);
        bench.Status.Conversations.Single().Cause.ShouldBe(LinkCause.None);
    }

    [Fact]
    public void AStoreThatDoesNotAnswer_IsToldToo()
    {
        var program = _bench.Connect();
        program.Send("a");
        var held = InletBench.Settings().HeldBackTold;
        _bench.Clock.Advance(_bench.Clock.Now + held, _bench.Clock.Uptime + held);
        _bench.Book.Tick();

        _bench.Status.Cause.ShouldBe(LinkCause.LocalDisk);
    }

    [Fact]
    public void ADestinationThatDoesNotExist_HoldsBack_AsWithoutARoute()
    {
        var program = _bench.Connect(InletBench.Settings() with { Destination = "q@nowhere" });
        program.Send("a");
        _bench.After(InletBench.Settings().HeldBackTold);

        _bench.Status.Cause.ShouldBe(LinkCause.NoRoute);
        program.HungUp.ShouldBeNull();
    }

    [Fact]
    public void Retries_AreSoonAtFirst_AndThenEverySecond()
    {
        _bench.Connect(InletBench.Settings() with { Destination = "q@nowhere" }).Send("a");
        var waits = new List<TimeSpan>();
        while (waits.Count < 12)
        {
            var wait = _bench.Book.NextTick - _bench.Clock.Uptime;
            waits.Add(wait);
            _bench.After(wait);
        }

        waits[0].ShouldBe(TimeSpan.FromMilliseconds(20));
        waits.Max().ShouldBe(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void AConversationThatEndsInOrder_IsToldToTheFarSide_AndClosed()
    {
        var program = _bench.Connect();
        program.Send("a");
        program.End(InputEndKind.Finished);
        program.HungUp.ShouldBeNull();

        _bench.Store.Run();

        _bench.Sent().ShouldBe("a1 [finished]");
        program.HungUp.ShouldBe("fin");
        _bench.Status.Open.ShouldBe(0);
    }

    [Fact]
    public void AConversationThatIsReset_KeepsWhatWasWhole_AndIsToldAsReset()
    {
        var program = _bench.Connect();
        program.Send("a");
        program.Break();
        _bench.Store.Run();

        _bench.Sent().ShouldBe("a1 [reset]");
        _bench.Status.Open.ShouldBe(0);
    }

    [Fact]
    public void WithoutEnds_NothingIsTold()
    {
        var program = _bench.Connect(InletBench.Settings() with { SendsEnds = false });
        program.Send("a");
        program.End(InputEndKind.Finished);
        _bench.Store.Run();

        _bench.Sent().ShouldBe("a1");
    }

    [Theory]
    [InlineData(false, "finished")]
    [InlineData(true, "reset")]
    public void APieceOfAFrame_IsADeadLetterOfTheDestination_BeforeTheEnd(bool isBroken, string told)
    {
        var program = _bench.Connect();
        program.Send("a");
        if (isBroken) program.Break("pie");
        else program.End(InputEndKind.Finished, "pie");
        _bench.Store.Run();

        _bench.Sent().ShouldBe($"a1 [{told}]");
        _bench.DeadLetters().ShouldHaveSingleItem().ShouldStartWith("q@there Incomplete: the conversation ");
        _bench.Status.Incomplete.ShouldBe(1);
    }

    [Fact]
    public void APiece_WaitsForRoom_LikeAFrame()
    {
        var bench = new InletBench(new StoreSettings { QueueMessagesMax = 1 });
        var program = bench.Connect(InletBench.Settings() with { SendsEnds = false });
        program.Send("a");
        program.End(InputEndKind.Finished, "pie");
        bench.Store.Run();
        bench.DeadLetters().ShouldBeEmpty();
        program.HungUp.ShouldBeNull();

        bench.Acknowledge(1);
        bench.After(TimeSpan.FromSeconds(1));

        bench.DeadLetters().Count.ShouldBe(1);
        program.HungUp.ShouldBe("fin");
    }

    [Fact]
    public void WhatIsNoFrame_ClosesItsConversation_AndLeavesTheRest()
    {
        var program = _bench.Connect();
        var other = _bench.Another();
        program.Send("a");
        program.End(InputEndKind.NotAFrame);
        _bench.Store.Run();
        other.Send("b");
        _bench.Store.Run();

        _bench.Sent().ShouldBe("a1 [reset] b1");
        program.HungUp.ShouldBe("fin");
        other.HungUp.ShouldBeNull();
        _bench.Status.NotFrames.ShouldBe(1);
        _bench.DeadLetters().ShouldBeEmpty();
    }

    [Fact]
    public void AStream_TellsItsBeginning_BeforeAnythingIsSent_AndItsEnd()
    {
        var program = _bench.Connect(InletBench.Settings() with { Format = new FrameFormat.Stream(), SendsEnds = false });
        _bench.Sent().ShouldBe("[began]");

        program.Send("a");
        program.End(InputEndKind.Finished);
        _bench.Store.Run();

        _bench.Sent().ShouldBe("[began] a1 [finished]");
        program.HungUp.ShouldBeNull();
    }

    [Fact]
    public void AnIdleConversation_IsEnded_WithItsPiece()
    {
        var idle = TimeSpan.FromMinutes(1);
        var program = _bench.Connect(InletBench.Settings() with { IdleTimeout = idle });
        _bench.After(idle - TimeSpan.FromSeconds(1));
        program.Send("a");
        _bench.After(TimeSpan.FromSeconds(2));
        program.Arrived = 5;
        _bench.After(idle);
        program.IsStopped.ShouldBeFalse();

        _bench.After(idle);
        program.IsStopped.ShouldBeTrue();
        program.End(InputEndKind.Stopped, "pie");
        _bench.Store.Run();

        program.HungUp.ShouldBe("fin");
        _bench.Sent().ShouldBe("a1 [finished]");
        _bench.DeadLetters().Count.ShouldBe(1);
    }

    [Fact]
    public void ConversationsOfTwoRuns_HaveDifferentIds()
    {
        _bench.Connect();
        var first = _bench.Conversation;
        _bench.Restart();
        _bench.Connect();

        _bench.Conversation.ShouldNotBe(first);
    }

    [Fact]
    public void Refusals_AreCounted()
    {
        _bench.Use(InletBench.Settings());
        _bench.Doors.Refuse(InletBench.Address, 3);

        _bench.Status.Refused.ShouldBe(3);
    }
}
