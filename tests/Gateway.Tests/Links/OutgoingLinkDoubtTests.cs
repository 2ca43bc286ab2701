using Gateway.Links.Protocol;
using Gateway.Store.Commands;
using Gateway.Store.Messages;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Links;

/// <summary>Messages that leave a queue unacknowledged, and messages that may have arrived all the same.</summary>
public sealed class OutgoingLinkDoubtTests
{
    private readonly LinkBench _bench = new();

    [Fact]
    public void Expired_BeforeSending_IsADeadLetter_AndTheNumbersHaveAHole()
    {
        _bench.Enqueue("orders", "1");
        _bench.Enqueue("orders", expires: _bench.Clock.NowUnixMs + 10, "2");
        _bench.Enqueue("orders", "3");
        _bench.Clock.Advance(_bench.Clock.Now.AddSeconds(1));
        _bench.Up();
        _bench.Store.Run();

        var batches = _bench.TakeSent().Cast<LinkFrame.Batch>().ToList();
        string.Join(" ", batches.Select(LinkBench.Bodies)).ShouldBe("1 3");
        batches[1].Previous.ShouldBe(1);
        _bench.Store.State.DeadLetters.ShouldHaveSingleItem().Reason.ShouldBe(DeadLetterReason.Expired);
    }

    [Fact]
    public void Expired_NothingAfterItIsSentBeforeItsDeadLetterIsDurable()
    {
        _bench.Up();
        _bench.Link.OnFrame(new LinkFrame.Ping(0));
        _bench.TakeSent();
        _bench.Enqueue("orders", expires: _bench.Clock.NowUnixMs, "1");
        _bench.TakeSent();

        _bench.Link.OnLost(LinkCause.ResetByPeer, "reset");
        _bench.Enqueue("orders", expires: _bench.Clock.NowUnixMs, "2");
        _bench.Enqueue("orders", "3");
        _bench.Link.OnPeerSeen(LinkBench.There);
        _bench.After(_bench.Settings.BackoffMax);
        _bench.Up();
        _bench.Store.RunOnce();
        _bench.TakeSent().OfType<LinkFrame.Batch>().ShouldBeEmpty();
        _bench.Store.Submitted.ShouldContain(command => command is DeadLetterCommand);

        _bench.Store.Run();
        LinkBench.Bodies(_bench.TakeSent().ShouldHaveSingleItem()).ShouldBe("3");
    }

    [Fact]
    public void TooLargeForThePeer_IsADeadLetter_AndDoesNotStopTheQueue()
    {
        _bench.Up(LinkBench.Limits with { BodyBytesMax = 3 });
        _bench.Enqueue("orders", "long", "ok");

        LinkBench.Bodies(_bench.TakeSent().ShouldHaveSingleItem()).ShouldBe("ok");
        var dead = _bench.Store.State.DeadLetters.ShouldHaveSingleItem();
        dead.Reason.ShouldBe(DeadLetterReason.RefusedByPeer);
        dead.Text.ShouldContain("4 bytes");
    }

    [Fact]
    public void InDoubt_FromSendingUntilThePositionIsKnown()
    {
        _bench.Up();
        _bench.Enqueue("orders", "1", "2");
        _bench.Link.UnderWay.InDoubtUpTo(QueueId.Outgoing("orders", "there")).ShouldBe(2);

        _bench.Link.OnLost(LinkCause.ResetByPeer, "reset");
        _bench.Link.UnderWay.InDoubtUpTo(QueueId.Outgoing("orders", "there")).ShouldBe(2);

        _bench.After(_bench.Settings.BackoffMax);
        _bench.Up(null, ("orders", 2));
        _bench.Link.UnderWay.InDoubtUpTo(QueueId.Outgoing("orders", "there")).ShouldBe(0);
    }

    [Fact]
    public void InDoubt_AfterARestart_CoversWhatTheFormerRunMayHaveSent()
    {
        _bench.Link.AddKnownQueue(QueueId.Outgoing("orders", "there"), 5, sent: null);

        _bench.Link.UnderWay.InDoubtUpTo(QueueId.Outgoing("orders", "there")).ShouldBe(5);
    }

    [Fact]
    public void InDoubt_AfterARestart_IsAsNoted_WhenThereWasNoConnection()
    {
        _bench.Enqueue("orders", "1", "2");
        _bench.Store.State.Marks.ShouldBe(new Dictionary<string, string> { ["sent/orders@there"] = "0 0" });
        _bench.Up();
        _bench.Store.Run();
        _bench.Store.State.Marks.Keys.ShouldNotContain("sent/orders@there");
        _bench.Link.OnLost(LinkCause.ResetByPeer, "reset");
        _bench.Enqueue("orders", "3");
        _bench.Store.State.Marks["sent/orders@there"].ShouldBe("2 2");

        var bench = new LinkBench();
        bench.Link.AddKnownQueue(QueueId.Outgoing("orders", "there"), 3, new SentNote(InDoubtUpTo: 2, Reach: 2));
        bench.Link.UnderWay.InDoubtUpTo(QueueId.Outgoing("orders", "there")).ShouldBe(2);
    }

    [Fact]
    public void Nothing_IsSentBeforeTheNoteThatNothingWasIsGone()
    {
        _bench.Enqueue("orders", "1");

        _bench.Up();
        _bench.TakeSent().ShouldBeEmpty();
        _bench.Store.RunOnce();

        LinkBench.Bodies(_bench.TakeSent().ShouldHaveSingleItem()).ShouldBe("1");
    }
}
