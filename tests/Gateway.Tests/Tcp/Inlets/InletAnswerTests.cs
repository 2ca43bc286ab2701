using Gateway.Store.Messages;
using Gateway.Tcp;
using Gateway.Tcp.Framing;
using Gateway.Tcp.Inlets;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Tcp.Inlets;

/// <summary>What an inlet writes to its programs: its own answers, and the replies of the far program.</summary>
public sealed class InletAnswerTests
{
    private readonly InletBench _bench = new();

    [Fact]
    public void AFixedAnswer_IsWrittenForEachFrame_OnceItIsDurable()
    {
        var program = _bench.Connect(InletBench.Settings(InletAnswer.Fixed));
        program.Send("a", "b");
        program.Got.ShouldBe("");

        _bench.Store.Run();

        program.Got.ShouldBe("okok");
    }

    [Fact]
    public void AProgramThatDoesNotReadItsAnswers_IsHeldBack()
    {
        var program = _bench.Connect(InletBench.Settings(InletAnswer.Fixed));
        program.Send("a", "b");
        _bench.Store.Run();
        program.Taken.ShouldBe(0);

        program.Heard.OnProgress(written: 4, acknowledged: 0);

        program.Taken.ShouldBe(2);
    }

    [Fact]
    public void AfterTheProgramsEnd_ItsAnswersAreStillWritten_AndThenItIsClosed()
    {
        var program = _bench.Connect(InletBench.Settings(InletAnswer.Fixed));
        program.Send("a");
        program.End(InputEndKind.Finished);
        _bench.Store.Run();
        program.Got.ShouldBe("ok");
        (program.IsFinished, program.HungUp).ShouldBe((true, null));

        program.AcknowledgeAll();

        program.HungUp.ShouldBe("fin");
    }

    [Fact]
    public void AReply_IsWritten_AndCompletedOnceItIsAcknowledged()
    {
        var program = _bench.Connect(InletBench.Settings(InletAnswer.Far));
        _bench.Reply(_bench.Conversation, "one");
        _bench.Reply(_bench.Conversation, "two");
        program.Got.ShouldBe("onetwo");
        Waiting().ShouldBe(2);

        program.Acknowledge(5);
        _bench.Store.Run();
        Waiting().ShouldBe(1);
        program.AcknowledgeAll();
        _bench.Store.Run();

        Waiting().ShouldBe(0);
        (_bench.Status.Replies, _bench.Status.ReplyBytes).ShouldBe((2, 6));
    }

    [Fact]
    public void ARepliesOrder_IsThatOfTheQueue_AlsoAfterARestart()
    {
        _bench.Use(InletBench.Settings(InletAnswer.Far));
        _bench.Reply("unknown-1", "lost");
        var program = _bench.Another();
        foreach (var body in new[] { "a", "b", "c" }) _bench.Reply(_bench.Conversation, body);

        program.Got.ShouldBe("abc");
        _bench.DeadLetters().ShouldHaveSingleItem().ShouldStartWith("in.replies Unclaimed: ");
    }

    [Fact]
    public void AHalfClosedProgram_StillGetsItsReply_AndIsClosedWhenTheFarSideHasFinished()
    {
        var program = _bench.Connect(InletBench.Settings(InletAnswer.Far));
        var conversation = _bench.Conversation;
        program.Send("question");
        program.End(InputEndKind.Finished);
        _bench.Store.Run();
        program.HungUp.ShouldBeNull();

        _bench.Reply(conversation, "answer");
        program.Got.ShouldBe("answer");
        _bench.Reply(conversation, "", TcpNames.Finished);
        (program.IsFinished, program.HungUp).ShouldBe((true, null));
        program.AcknowledgeAll();

        program.HungUp.ShouldBe("fin");
        _bench.Store.Run();
        Waiting().ShouldBe(0);
    }

    [Fact]
    public void AFarSideThatFinishesFirst_LeavesTheProgramsDirectionOpen()
    {
        var program = _bench.Connect(InletBench.Settings() with { Format = new FrameFormat.Stream() });
        _bench.Reply(_bench.Conversation, "", TcpNames.Finished);
        (program.IsFinished, program.HungUp).ShouldBe((true, null));

        program.Send("more");
        program.End(InputEndKind.Finished);
        _bench.Store.Run();

        _bench.Sent().ShouldBe("[began] more1 [finished]");
        program.HungUp.ShouldBe("fin");
    }

    [Fact]
    public void AResetOfTheFarSide_ResetsTheProgram_AfterEverythingBeforeIt()
    {
        var program = _bench.Connect(InletBench.Settings() with { Format = new FrameFormat.Stream() });
        _bench.Reply(_bench.Conversation, "last words");
        _bench.Reply(_bench.Conversation, "", TcpNames.WasReset);
        program.IsStopped.ShouldBeFalse();

        program.AcknowledgeAll();
        program.IsStopped.ShouldBeTrue();
        program.End(InputEndKind.Stopped);
        _bench.Store.Run();

        program.HungUp.ShouldBe("reset");
        _bench.Sent().ShouldBe("[began]");
    }

    [Fact]
    public void AReplyToAnEndedConversation_IsADeadLetter_AndAnEventIsDone()
    {
        var program = _bench.Connect();
        var conversation = _bench.Conversation;
        program.Break();
        _bench.Store.Run();

        _bench.Reply(conversation, "late");
        _bench.Reply(conversation, "", TcpNames.Finished);

        _bench.DeadLetters().ShouldBe(
            [$"in.replies Unclaimed: the conversation {conversation} has ended, and outlet out has sent this for it"]);
        Waiting().ShouldBe(0);
        _bench.Status.Unclaimed.ShouldBe(1);
    }

    [Fact]
    public void AReplyThatTheProgramHasNotAcknowledged_WhenItsConversationEnds_IsADeadLetter()
    {
        var program = _bench.Connect(InletBench.Settings(InletAnswer.Far));
        _bench.Reply(_bench.Conversation, "one");
        _bench.Reply(_bench.Conversation, "two");
        program.Acknowledge(3);
        program.Break();
        _bench.Store.Run();

        _bench.DeadLetters().Count.ShouldBe(1);
        Waiting().ShouldBe(0);
    }

    [Fact]
    public void WithNextConversation_AReply_WaitsForTheNextOfItsHost()
    {
        var program = _bench.Connect(InletBench.Settings() with { Unclaimed = UnclaimedReplies.NextConversation });
        var conversation = _bench.Conversation;
        _bench.Reply(conversation, "a");
        program.Break();
        _bench.Store.Run();
        _bench.Reply(conversation, "b");
        _bench.Another("10.0.0.6:5000").Got.ShouldBe("");

        var next = _bench.Another("10.0.0.5:5001");
        next.Got.ShouldBe("ab");
        _bench.Reply(conversation, "c");
        next.Got.ShouldBe("abc");
        next.AcknowledgeAll();
        _bench.Store.Run();

        Waiting().ShouldBe(0);
        _bench.DeadLetters().ShouldBeEmpty();
    }

    [Fact]
    public void WithNextConversation_AReplyOfAnEarlierRun_IsADeadLetter()
    {
        var settings = InletBench.Settings() with { Unclaimed = UnclaimedReplies.NextConversation };
        _bench.Connect(settings);
        var conversation = _bench.Conversation;
        _bench.Restart();
        _bench.Connect(settings);

        _bench.Reply(conversation, "late");

        _bench.DeadLetters().Count.ShouldBe(1);
    }

    [Fact]
    public void RepliesThatWait_AreBounded_AndHoldUpNoOthers()
    {
        var program = _bench.Connect(InletBench.Settings() with { Unclaimed = UnclaimedReplies.NextConversation });
        var gone = _bench.Conversation;
        program.Break();
        _bench.Store.Run();
        for (var i = 0; i < 1001; i++) _bench.Reply(gone, "x");
        _bench.DeadLetters().Count.ShouldBe(1);

        var other = _bench.Another("10.0.0.6:1");
        _bench.Reply(_bench.Conversation, "mine");

        other.Got.ShouldBe("mine");
    }

    [Fact]
    public void AProgramThatReadsNothing_LosesItsConversation_AndNobodyElseDoes()
    {
        var settings = InletBench.Settings(InletAnswer.Far);
        var program = _bench.Connect(settings);
        _bench.Reply(_bench.Conversation, "unread");
        var other = _bench.Another();
        _bench.Reply(_bench.Conversation, "read");
        other.AcknowledgeAll();
        _bench.After(settings.WriteTimeout);

        program.IsStopped.ShouldBeTrue();
        program.End(InputEndKind.Stopped);
        _bench.Store.Run();
        program.HungUp.ShouldBe("reset");
        other.HungUp.ShouldBeNull();
        _bench.DeadLetters().Count.ShouldBe(1);
        _bench.Sent().ShouldBe("[reset]");
    }

    [Fact]
    public void AProgramThatReadsSlowly_KeepsItsConversation()
    {
        var settings = InletBench.Settings(InletAnswer.Far);
        var program = _bench.Connect(settings);
        _bench.Reply(_bench.Conversation, "slowly");
        for (var i = 1; i < 5; i++)
        {
            _bench.After(settings.WriteTimeout - TimeSpan.FromSeconds(1));
            program.Acknowledge(i);
        }

        program.IsStopped.ShouldBeFalse();
    }

    private int Waiting() => _bench.Messages(QueueId.Inbound("in.replies")).Count;
}
