using System.Text;
using Gateway.Client.Wire;
using Gateway.Links.Protocol;
using Gateway.Store.Messages;
using Gateway.Tcp;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Tcp.Outlets;

/// <summary>An outlet whose messages are completed by replies, and what targets send on their own.</summary>
public sealed class RepliedOutletTests
{
    private static readonly OutletSettings _replied = OutletBench.Settings(OutletDelivery.Reply);

    private readonly OutletBench _bench = new();

    [Fact]
    public void Reply_CompletesTheMessage_AndLetsTheNextGo()
    {
        _bench.Enqueue("a", "b");
        var target = _bench.Connect(_replied);
        target.Acknowledge();
        target.Written.ShouldBe("a\n");
        _bench.Waiting().ShouldBe("a0 b0");

        target.Send("ok\n");
        _bench.Run();

        target.Written.ShouldBe("a\nb\n");
        target.Taken.ShouldBe(3);
        _bench.Waiting().ShouldBe("b0");
        _bench.Outgoing.ShouldBeEmpty();
    }

    [Fact]
    public void EndOfAConversation_IsNotCompleted_BeforeTheRepliesToItsFrames()
    {
        _bench.Use(_replied with { IsPerConversation = true, UnansweredMax = 2 });
        _bench.Frames("c1", "a");
        _bench.Tell("c1", TcpNames.Finished);
        var target = _bench.Targets.Last;
        _bench.Up(target);

        _bench.Waiting().ShouldBe("a0 0");
        target.IsFinished.ShouldBeFalse();
        target.Send("ok\n");
        _bench.Run();

        target.IsFinished.ShouldBeTrue();
        _bench.Waiting().ShouldBeEmpty();
    }

    [Fact]
    public void SeveralUnanswered_AreAnsweredByCount()
    {
        _bench.Enqueue("a", "b", "c");
        var target = _bench.Connect(_replied with { UnansweredMax = 2 });
        target.Written.ShouldBe("a\nb\n");

        target.Send("1\n", "2\n");
        _bench.Run();

        _bench.Waiting().ShouldBe("c0");
        target.Written.ShouldBe("a\nb\nc\n");
    }

    [Fact]
    public void ReplyForTheInlet_IsDurable_BeforeTheMessageIsGone()
    {
        _bench.Frames("c1", "a");
        var target = _bench.Connect(_replied);
        target.Send("ok\n");
        // The process ends before anything of that is durable.
        _bench.Restart();
        _bench.Outgoing.ShouldBeEmpty();

        target = _bench.Connect(_replied);
        target.Written.ShouldBe("a\n");
        target.Send("ok\n");
        _bench.Run();

        Replies().ShouldBe(["c1/1 ok"]);
        _bench.Waiting().ShouldBeEmpty();
        target.Taken.ShouldBe(3);
    }

    [Fact]
    public void MessageAnsweredTwice_HasOneReply_TheFirst()
    {
        _bench.Frames("c1", "a");
        var target = _bench.Connect(_replied);
        target.Send("first\n");
        // The reply is durable, the completion is not.
        _bench.Store.RunOnce();
        _bench.Restart();

        target = _bench.Connect(_replied);
        target.Send("second\n");
        _bench.Run();

        Replies().ShouldBe(["c1/1 first"]);
        _bench.Waiting().ShouldBeEmpty();
    }

    [Fact]
    public void LossBeforeTheReply_SendsAgain_AndCounts()
    {
        _bench.Enqueue("a", "b");
        var target = _bench.Connect(_replied with { UnansweredMax = 2 });
        target.Acknowledge(2);

        target.Reset();
        _bench.Run();
        _bench.Waiting().ShouldBe("a0 b0");
        var next = Redial();

        next.Written.ShouldBe("a\nb\n");
        _bench.Status.SentAgain.ShouldBe(2);
        _bench.Status.PossiblySeenTwice.ShouldBe(1);
    }

    [Fact]
    public void Refused_IsSentAgainInItsPlace_AfterAPause()
    {
        _bench.Enqueue("a", "b");
        var target = _bench.Connect(_replied with { Accepted = "^ok", Refused = "^no" });
        target.Send("no, busy\n");
        _bench.Run();
        _bench.Status.Cause.ShouldBe(LinkCause.PeerRefuses);
        _bench.Status.Evidence.ShouldEndWith("once of 5: no, busy\\n");
        target.Written.ShouldBe("a\n");

        _bench.After(TimeSpan.FromSeconds(1));
        target.Written.ShouldBe("a\na\n");
        target.Send("ok\n");
        _bench.Run();

        target.Written.ShouldBe("a\na\nb\n");
        _bench.Status.Cause.ShouldBe(LinkCause.None);
        _bench.Status.Refused.ShouldBe(1);
        _bench.Status.Delivered.ShouldBe(1);
    }

    [Fact]
    public void RefusedTooOften_IsADeadLetter_WithTheReply()
    {
        _bench.Enqueue("a", "b");
        var target = _bench.Connect(_replied with { Refused = "^no", AttemptsMax = 2 });
        target.Send("no 1\n");
        _bench.After(TimeSpan.FromSeconds(5));
        target.Send("no 2\n");
        _bench.Run();

        _bench.DeadLetters().ShouldBe(["Rejected: the target refused it twice: no 2\\n"]);
        target.Written.ShouldBe("a\na\nb\n");
        _bench.Waiting().ShouldBe("b0");
    }

    [Fact]
    public void LastRefusal_IsTheInletsAnswer()
    {
        _bench.Frames("c1", "a");
        var target = _bench.Connect(_replied with { Refused = "^no", AttemptsMax = 1 });

        target.Send("no\n");
        _bench.Run();

        Replies().ShouldBe(["c1/1 no"]);
        _bench.DeadLetters().Count.ShouldBe(1);
    }

    [Fact]
    public void FrameOfAnotherKind_IsNoReply_AndGoesToTheConversation()
    {
        _bench.Frames("c1", "a");
        var target = _bench.Connect(_replied with { Accepted = "^ok" });

        target.Send("news\n");
        _bench.Run();

        Replies().ShouldBe(["c1/1 news"]);
        _bench.Waiting().ShouldBe("a0");
    }

    [Fact]
    public void NoReplyInTime_EndsTheConnection()
    {
        _bench.Enqueue("a");
        var target = _bench.Connect(_replied);
        target.Acknowledge();
        _bench.After(TimeSpan.FromSeconds(29));
        target.IsReset.ShouldBeNull();

        _bench.After(TimeSpan.FromSeconds(1));

        target.IsReset.ShouldBe(true);
        _bench.Status.Cause.ShouldBe(LinkCause.PeerStuck);
        _bench.Status.Evidence.ShouldContain("sent no reply to message");
        Redial().Written.ShouldBe("a\n");
    }

    [Fact]
    public void TargetThatClosesWithoutAReply_GetsTheMessageAgain()
    {
        _bench.Enqueue("a");
        var target = _bench.Connect(_replied);

        target.Close();

        _bench.Status.Cause.ShouldBe(LinkCause.ClosedByPeer);
        Redial().Written.ShouldBe("a\n");
        _bench.Status.PossiblySeenTwice.ShouldBe(1);
    }

    [Fact]
    public void WhatTheTargetSaysOnItsOwn_BelongsToTheConversationOfTheFrameSentLast()
    {
        var target = _bench.Connect();
        _bench.Frames("c1", "a");
        target.Send("one\n");
        _bench.Frames("c2", "b");
        target.Send("two\n", "three\n");
        _bench.Run();

        Replies().ShouldBe(["c1/1 one", "c2/1 two", "c2/2 three"]);
        target.Taken.ShouldBe(14);
    }

    [Fact]
    public void WhatBelongsToNobody_IsADeadLetter_WithItsBytes()
    {
        var target = _bench.Connect();

        target.Send("hello?\n");
        _bench.Run();

        _bench.DeadLetters().ShouldBe(["Unclaimed: the target has sent it, and no conversation is known to which it belongs"]);
        _bench.Status.Unclaimed.ShouldBe(1);
        target.Taken.ShouldBe(7);
    }

    [Fact]
    public void RepliesToAGatewayThatIsNoPeerAnyMore_AreDeadLetters()
    {
        var target = _bench.Connect();
        _bench.FramesFrom("gone", "c1", "a");

        target.Send("one\n");
        _bench.Run();

        _bench.DeadLetters().ShouldHaveSingleItem().ShouldStartWith("Unclaimed: it cannot be sent back to in.replies@gone: ");
    }

    [Fact]
    public void FullStore_HoldsTheTargetBack_AndTheReplyIsNotLost()
    {
        _bench.Frames("c1", "a", "b");
        _bench.Limit(new StoreSettings { QueueMessagesMax = 1 });
        var target = _bench.Connect(_replied);
        target.Send("1\n");
        _bench.Run();
        target.Send("2\n");
        _bench.After(TimeSpan.FromSeconds(3));
        target.Taken.ShouldBe(2);
        _bench.Waiting().ShouldBe("b0");
        _bench.Status.Connections.ShouldHaveSingleItem().Cause.ShouldBe(LinkCause.LocalQuota);

        _bench.Limit(new StoreSettings());
        _bench.After(TimeSpan.FromSeconds(2));

        Replies().ShouldBe(["c1/1 1", "c1/2 2"]);
        target.Taken.ShouldBe(4);
        _bench.Waiting().ShouldBeEmpty();
    }

    [Fact]
    public void GatewayThatStops_StillTakesTheReplies()
    {
        _bench.Frames("c1", "a");
        var target = _bench.Connect(_replied);
        _bench.Intake.IsClosed = true;
        _bench.Book.Close();
        _bench.Book.IsDrained.ShouldBeFalse();

        target.Send("ok\n");
        _bench.Run();

        Replies().ShouldBe(["c1/1 ok"]);
        _bench.Book.IsDrained.ShouldBeTrue();
    }

    private List<string> Replies() => [.. _bench.Outgoing.Select(Describe)];

    private static string Describe(Message message)
    {
        var headers = TcpHeaders.Read(message.Headers);
        headers.Outlet.ShouldBe("out");
        HeadersJson.FindFault(message.Headers.Span).ShouldBeNull();
        return $"{headers.Conversation}/{headers.Frame} {Encoding.UTF8.GetString(message.Body.Span).Trim()}{headers.Event}";
    }

    private FakeTarget Redial()
    {
        var before = _bench.Targets.Dialed.Count;
        for (var step = 0; _bench.Targets.Dialed.Count == before && step < 1000; step++) _bench.After(TimeSpan.FromMilliseconds(10));
        _bench.Up(_bench.Targets.Last);
        return _bench.Targets.Last;
    }
}
