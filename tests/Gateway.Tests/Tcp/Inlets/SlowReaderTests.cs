using Gateway.Inbox;
using Gateway.Store.Messages;
using Gateway.Tcp;
using Gateway.Tcp.Inlets;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Tcp.Inlets;

/// <summary>Programs that take their replies slowly, and others at the same inlet.</summary>
public sealed class SlowReaderTests
{
    private const int Held = 40;

    private readonly InletBench _bench = new(inbox: new InboxSettings { HeldMessagesMax = Held });

    [Fact]
    public void ASlowProgram_HasItsShare_AndTheOthersGoOn_AndItGetsAllInOrder()
    {
        var slow = _bench.Connect();
        var slowId = _bench.Conversation;
        var fast = _bench.Another();
        var fastId = _bench.Conversation;
        for (var i = 0; i < 10 * Held; i++) _bench.Reply(slowId, $"{i},");

        slow.Got.Split(',').Length.ShouldBeInRange(2, Held / 2);
        _bench.Status.Conversations[1].Evidence.ShouldContain("reads slowly");
        for (var i = 0; i < Held; i++)
        {
            _bench.Reply(fastId, "f");
            fast.Got.Length.ShouldBe(i + 1);
            fast.AcknowledgeAll();
        }

        for (var rounds = 0; _bench.Status.Replies < 11 * Held; rounds++)
        {
            slow.AcknowledgeAll();
            _bench.Store.Run();
            rounds.ShouldBeLessThan(10 * Held);
        }

        slow.Got.ShouldBe(string.Concat(Enumerable.Range(0, 10 * Held).Select(i => $"{i},")));
        _bench.Status.Conversations[1].Evidence.ShouldBe("");
        _bench.Messages(QueueId.Inbound("in.replies")).ShouldBeEmpty();
    }

    [Fact]
    public void ManySlowPrograms_StillLeaveRoomForOneThatReads()
    {
        _bench.Use(InletBench.Settings());
        for (var i = 0; i < Held / 8; i++)
        {
            _bench.Another();
            for (var j = 0; j < Held; j++) _bench.Reply(_bench.Conversation, "x");
        }

        var fast = _bench.Another();
        for (var i = 0; i < Held; i++)
        {
            _bench.Reply(_bench.Conversation, "f");
            fast.Got.Length.ShouldBe(i + 1);
            fast.AcknowledgeAll();
        }
    }

    [Fact]
    public void TheEndOfTheFarProgram_ComesAfterTheRepliesThatWaited()
    {
        var slow = _bench.Connect(InletBench.Settings(InletAnswer.Far));
        for (var i = 0; i < Held; i++) _bench.Reply(_bench.Conversation, "x");
        _bench.Reply(_bench.Conversation, "", TcpNames.Finished);
        slow.IsFinished.ShouldBeFalse();

        for (var i = 0; i < Held && !slow.IsFinished; i++)
        {
            slow.AcknowledgeAll();
            _bench.Store.Run();
        }

        (slow.IsFinished, slow.Got.Length).ShouldBe((true, Held));
    }

    [Fact]
    public void AProgramThatSendsNothingMore_StillGetsTheRepliesThatWaited()
    {
        var slow = _bench.Connect();
        for (var i = 0; i < Held; i++) _bench.Reply(_bench.Conversation, "x");
        slow.End(InputEndKind.Finished);
        _bench.Store.Run();

        for (var i = 0; i < Held && slow.HungUp is null; i++)
        {
            slow.AcknowledgeAll();
            _bench.Store.Run();
        }

        (slow.HungUp, slow.Got.Length).ShouldBe(("fin", Held));
    }

    [Fact]
    public void WhatWaitedForAProgramThatIsGone_IsUnclaimed_InOrder()
    {
        var slow = _bench.Connect();
        for (var i = 0; i < 4 * Held; i++) _bench.Reply(_bench.Conversation, $"{i}");

        slow.Break();
        _bench.Store.Run();

        _bench.Status.Unclaimed.ShouldBe(4 * Held);
        _bench.DeadLetters().Count.ShouldBe(4 * Held);
        _bench.Messages(QueueId.Inbound("in.replies")).ShouldBeEmpty();
    }

    [Fact]
    public void WhatWaitedForAProgramThatIsGone_GoesToTheNextOfItsHost_IfThatIsWanted()
    {
        var slow = _bench.Connect(InletBench.Settings() with { Unclaimed = UnclaimedReplies.NextConversation });
        for (var i = 0; i < 4 * Held; i++) _bench.Reply(_bench.Conversation, $"{i},");
        var next = _bench.Another();

        slow.Break();
        _bench.Store.Run();
        for (var i = 0; i < 4 * Held && _bench.Status.Replies < 4 * Held; i++)
        {
            next.AcknowledgeAll();
            _bench.Store.Run();
        }

        next.Got.ShouldBe(string.Concat(Enumerable.Range(0, 4 * Held).Select(i => $"{i},")));
    }

    [Fact]
    public void WhatAnOperatorRemovesMeanwhile_IsNotWaitedFor()
    {
        var slow = _bench.Connect();
        var queue = QueueId.Inbound("in.replies");
        for (var i = 0; i < Held; i++) _bench.Reply(_bench.Conversation, $"{i},");
        var given = slow.Got.Split(',').Length - 1;
        _bench.Inboxes.Hold(queue);
        _bench.Remove(queue, after: given + 2, upTo: Held - 1);
        slow.AcknowledgeAll();
        _bench.Store.Run();
        slow.Got.Split(',').Length.ShouldBe(given + 1);

        _bench.Inboxes.LetGo(queue);
        for (var i = 0; i < Held; i++)
        {
            _bench.Store.Run();
            slow.AcknowledgeAll();
        }

        slow.Got.Split(',')[given..].ShouldBe([$"{given}", $"{given + 1}", $"{Held - 1}", ""]);
        _bench.Messages(queue).ShouldBeEmpty();
    }

    [Fact]
    public void AfterARestart_WhatWaitedIsThere()
    {
        var slow = _bench.Connect();
        for (var i = 0; i < 4 * Held; i++) _bench.Reply(_bench.Conversation, "x");
        slow.Acknowledge(0);

        _bench.Restart();
        _bench.Use(InletBench.Settings());

        _bench.Status.Unclaimed.ShouldBe(4 * Held);
    }
}
