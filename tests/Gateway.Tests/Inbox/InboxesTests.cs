using Gateway.Client.Wire;
using Gateway.Inbox;
using Gateway.Store.Messages;
using Gateway.Tests.Intake;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Inbox;

public sealed class InboxesTests
{
    private readonly InboxBench _bench = new();

    [Fact]
    public void Receive_SendsInOrderAndNoMoreThanTheCredit()
    {
        _bench.Enqueue("q", "a", "b", "c");
        _bench.Receive("1", "q", credit: 2);
        _bench.TakeBodies("1").ShouldBe("a1 b1");

        _bench.Receive("1", "q", credit: 1);
        _bench.Enqueue("q", "d");
        _bench.TakeBodies("1").ShouldBe("c1");
    }

    [Fact]
    public void Receive_TwoConsumers_TakeTurns()
    {
        _bench.Receive("1", "q", credit: 10);
        _bench.Receive("2", "q", credit: 10);
        _bench.Enqueue("q", "a", "b", "c", "d");

        _bench.TakeDeliveries("1").Count.ShouldBe(2);
        _bench.TakeDeliveries("2").Count.ShouldBe(2);
    }

    [Fact]
    public void Receive_MessagesCommittedWithTheRead_AreDeliveredOnce()
    {
        _bench.Enqueue("q", "a");
        _bench.Inboxes.Receive("1", new Request.Receive(RequestId.FromNumber(1), "q", 10, null), new SentReplies());
        _bench.Enqueue("q", "b");
        _bench.Receive("2", "q", credit: 10);
        _bench.Enqueue("q", "c");

        _bench.TakeDeliveries("2").Count.ShouldBeLessThanOrEqualTo(2);
        _bench.Inboxes.ProtectedUpTo(QueueId.Inbound("q")).ShouldBe(3);
    }

    [Theory]
    [InlineData("")]
    [InlineData("q@here")]
    [InlineData("two words")]
    public void Receive_WhatIsNoQueue_IsBadDestination(string queue)
    {
        _bench.Receive("1", queue, credit: 1);

        _bench.Take("1").ShouldHaveSingleItem().ShouldBeOfType<Reply.Rejected>().Code.ShouldBe(WireCode.BadDestination);
    }

    [Fact]
    public void Receive_SameSubscriptionForAnotherQueue_IsBadRequest_AndStaysOpen()
    {
        _bench.Receive("1", "q", credit: 1);
        _bench.Receive("1", "other", credit: 1);
        _bench.Take("1").ShouldHaveSingleItem().ShouldBeOfType<Reply.Rejected>().Code.ShouldBe(WireCode.BadRequest);

        _bench.Enqueue("q", "a", "b");
        _bench.TakeBodies("1").ShouldBe("a1");
    }

    [Fact]
    public void Receive_OverTheLimit_IsTooManySubscriptions_ForThatConnectionAlone()
    {
        var bench = new InboxBench(limits: new WireLimits { SubscriptionsMax = 1 });
        bench.Receive("1", "q", credit: 1, subscription: 1);
        bench.Receive("1", "q", credit: 1, subscription: 2);
        bench.Receive("2", "q", credit: 1, subscription: 2);

        bench.Take("1").ShouldHaveSingleItem().ShouldBeOfType<Reply.Rejected>().Code.ShouldBe(WireCode.TooManySubscriptions);
        bench.Take("2").ShouldBeEmpty();
    }

    [Fact]
    public void Receive_CreditOverTheLimit_IsTheLimit()
    {
        var bench = new InboxBench(limits: new WireLimits { CreditMax = 2 });
        bench.Receive("1", "q", credit: int.MaxValue);
        bench.Receive("1", "q", credit: int.MaxValue);
        bench.Enqueue("q", "a", "b", "c");

        bench.TakeBodies("1").ShouldBe("a1 b1");
    }

    [Fact]
    public void Complete_IsAnsweredWhenDurable_AndTheMessageIsGone()
    {
        _bench.Receive("1", "q", credit: 10);
        _bench.Enqueue("q", "a");
        var delivery = _bench.TakeDeliveries("1").Single();

        _bench.Complete("1", delivery).ShouldBeOfType<Reply.Settled>();
        _bench.Waiting("q").ShouldBe(0);
        _bench.Inboxes.ProtectedUpTo(QueueId.Inbound("q")).ShouldBe(0);
    }

    [Fact]
    public void Settle_Twice_IsLeaseLost()
    {
        _bench.Receive("1", "q", credit: 1);
        _bench.Enqueue("q", "a");
        var delivery = _bench.TakeDeliveries("1").Single();
        _bench.Complete("1", delivery);

        _bench.Complete("1", delivery).ShouldBeOfType<Reply.Rejected>().Code.ShouldBe(WireCode.LeaseLost);
        _bench.Abandon("1", delivery).ShouldBeOfType<Reply.Rejected>().Code.ShouldBe(WireCode.LeaseLost);
    }

    [Fact]
    public void Settle_FromAnotherConnection_IsLeaseLost()
    {
        _bench.Receive("1", "q", credit: 1);
        _bench.Enqueue("q", "a");
        var delivery = _bench.TakeDeliveries("1").Single();

        _bench.Complete("2", delivery).ShouldBeOfType<Reply.Rejected>().Code.ShouldBe(WireCode.LeaseLost);
        _bench.Complete("1", delivery).ShouldBeOfType<Reply.Settled>();
    }

    [Fact]
    public void Abandon_ComesBackAtOnce()
    {
        _bench.Receive("1", "q", credit: 2);
        _bench.Enqueue("q", "a");
        _bench.Abandon("1", _bench.TakeDeliveries("1").Single()).ShouldBeOfType<Reply.Settled>();

        _bench.TakeBodies("1").ShouldBe("a2");
    }

    [Fact]
    public void Abandon_WithDelay_ComesBackThen_AndLetsOthersPass()
    {
        _bench.Receive("1", "q", credit: 3);
        _bench.Enqueue("q", "a", "b");
        var first = _bench.TakeDeliveries("1")[0];
        _bench.Abandon("1", first, TimeSpan.FromSeconds(5));
        _bench.Enqueue("q", "c");
        _bench.TakeBodies("1").ShouldBe("c1");

        _bench.Receive("1", "q", credit: 1);
        _bench.After(TimeSpan.FromSeconds(5) - TimeSpan.FromMilliseconds(1));
        _bench.TakeBodies("1").ShouldBe("");
        _bench.After(TimeSpan.FromMilliseconds(1));
        _bench.TakeBodies("1").ShouldBe("a2");
    }

    [Fact]
    public void Abandon_WithDelay_ThenARestart_StillWaits()
    {
        _bench.Receive("1", "q", credit: 1);
        _bench.Enqueue("q", "a");
        _bench.Abandon("1", _bench.TakeDeliveries("1").Single(), TimeSpan.FromSeconds(5));
        _bench.Restart();
        _bench.Receive("1", "q", credit: 1);
        _bench.TakeBodies("1").ShouldBe("");

        _bench.After(TimeSpan.FromSeconds(5));
        _bench.TakeBodies("1").ShouldBe("a2");
    }

    [Fact]
    public void Reject_IsADeadLetterWithTheReason()
    {
        _bench.Receive("1", "q", credit: 1);
        _bench.Enqueue("q", "a");
        _bench.Reject("1", _bench.TakeDeliveries("1").Single(), "wrong colour").ShouldBeOfType<Reply.Settled>();

        var dead = _bench.Store.State.DeadLetters.ShouldHaveSingleItem();
        (dead.Reason, dead.Text).ShouldBe((DeadLetterReason.Rejected, "wrong colour"));
        _bench.Waiting("q").ShouldBe(0);
    }

    [Fact]
    public void Release_DoesNotCount()
    {
        var bench = new InboxBench(new InboxSettings { DeliveriesMax = 1 });
        bench.Receive("1", "q", credit: 100);
        bench.Enqueue("q", "a");
        for (var i = 0; i < 5; i++)
        {
            var delivery = bench.TakeDeliveries("1").Single();
            delivery.Message.Deliveries.ShouldBe(1);
            bench.Release("1", delivery).ShouldBeOfType<Reply.Settled>();
        }

        bench.Restart();
        bench.Receive("1", "q", credit: 1);
        bench.TakeBodies("1").ShouldBe("a1");
    }

    [Fact]
    public void DeliveredTooOften_IsADeadLetter()
    {
        var bench = new InboxBench(new InboxSettings { DeliveriesMax = 3 });
        bench.Receive("1", "q", credit: 100);
        bench.Enqueue("q", "a", "b");
        for (var i = 1; i <= 3; i++)
            bench.Abandon("1", bench.TakeDeliveries("1").First(delivery => InboxBench.Describe(delivery) == $"a{i}"));

        bench.Store.State.DeadLetters.ShouldHaveSingleItem().Reason.ShouldBe(DeadLetterReason.TooManyDeliveries);
        bench.Waiting("q").ShouldBe(1);
    }

    [Fact]
    public void ConnectionLost_WhatItHeldIsWithOthersAtOnce_InOrder()
    {
        _bench.Receive("1", "q", credit: 3);
        _bench.Enqueue("q", "a", "b", "c");
        _bench.Receive("2", "q", credit: 10);
        _bench.Lose("1");

        _bench.TakeBodies("2").ShouldBe("a2 b2 c2");
    }

    [Fact]
    public void ConnectionLost_TheLastConsumer_NothingIsKeptInMemory_AndTheCountStays()
    {
        _bench.Receive("1", "q", credit: 3);
        _bench.Enqueue("q", "a", "b", "c");
        _bench.Lose("1");
        _bench.Inboxes.ProtectedUpTo(QueueId.Inbound("q")).ShouldBe(0);
        _bench.Store.Submitted.ShouldBeEmpty();

        _bench.Receive("2", "q", credit: 3);
        _bench.TakeBodies("2").ShouldBe("a2 b2 c2");
    }

    [Fact]
    public void Restart_WhatWasDeliveredCounts()
    {
        _bench.Receive("1", "q", credit: 2);
        _bench.Enqueue("q", "a", "b", "c");
        _bench.Restart();
        _bench.Receive("1", "q", credit: 3);

        _bench.TakeBodies("1").ShouldBe("a2 b2 c1");
    }

    [Fact]
    public void Stop_NothingFollows_AndWhatIsHeldStaysLeased()
    {
        _bench.Receive("1", "q", credit: 10);
        _bench.Enqueue("q", "a");
        var delivery = _bench.TakeDeliveries("1").Single();
        _bench.Stop("1");
        _bench.Enqueue("q", "b");

        _bench.Take("1").ShouldHaveSingleItem().ShouldBeOfType<Reply.Stopped>();
        _bench.Complete("1", delivery).ShouldBeOfType<Reply.Settled>();
        _bench.Receive("1", "q", credit: 10);
        _bench.TakeBodies("1").ShouldBe("b1");
    }

    [Fact]
    public void Stop_OfAnUnknownSubscription_IsStopped()
    {
        _bench.Stop("1", subscription: 77);

        _bench.Take("1").ShouldBe([new Reply.Stopped(RequestId.FromNumber(77))]);
    }

    [Fact]
    public void Held_MessagesAreBounded()
    {
        var bench = new InboxBench(new InboxSettings { HeldMessagesMax = 2 });
        bench.Receive("1", "q", credit: 100);
        bench.Enqueue("q", "a", "b", "c");
        var held = bench.TakeDeliveries("1");
        held.Count.ShouldBe(2);

        bench.Complete("1", held[0]);
        bench.TakeBodies("1").ShouldBe("c1");
    }

    [Fact]
    public void Held_BytesAreBounded_ButOneLargeMessageAlwaysPasses()
    {
        var bench = new InboxBench(new InboxSettings { HeldBytesMax = 1 });
        bench.Receive("1", "q", credit: 100);
        bench.Enqueue("q", "a", "b");
        var held = bench.TakeDeliveries("1").ShouldHaveSingleItem();

        bench.Complete("1", held);
        bench.TakeBodies("1").ShouldBe("b1");
    }

    [Fact]
    public void Expired_BeforeDelivery_IsADeadLetter()
    {
        _bench.EnqueueUntil("q", _bench.Clock.NowUnixMs + 1, "a");
        _bench.Clock.Advance(_bench.Clock.Now.AddSeconds(1));
        _bench.Receive("1", "q", credit: 1);
        _bench.Enqueue("q", "b");

        _bench.TakeBodies("1").ShouldBe("b1");
        _bench.Store.State.DeadLetters.ShouldHaveSingleItem().Reason.ShouldBe(DeadLetterReason.Expired);
    }

    [Fact]
    public void Expired_WhileHeld_CanBeCompleted()
    {
        _bench.Receive("1", "q", credit: 1);
        _bench.EnqueueUntil("q", _bench.Clock.NowUnixMs + 10, "a");
        var delivery = _bench.TakeDeliveries("1").Single();
        _bench.Inboxes.ProtectedUpTo(QueueId.Inbound("q")).ShouldBe(1);
        _bench.After(TimeSpan.FromSeconds(1));

        _bench.Complete("1", delivery).ShouldBeOfType<Reply.Settled>();
        _bench.Store.State.DeadLetters.ShouldBeEmpty();
    }

    [Fact]
    public void Expired_WhileHeld_IsNotDeliveredAgain()
    {
        _bench.Receive("1", "q", credit: 2, lease: TimeSpan.FromSeconds(1));
        _bench.EnqueueUntil("q", _bench.Clock.NowUnixMs + 10, "a");
        _bench.TakeDeliveries("1").Count.ShouldBe(1);
        _bench.After(TimeSpan.FromSeconds(1));

        _bench.TakeBodies("1").ShouldBe("");
        _bench.Store.State.DeadLetters.ShouldHaveSingleItem().Reason.ShouldBe(DeadLetterReason.Expired);
        _bench.Inboxes.ProtectedUpTo(QueueId.Inbound("q")).ShouldBe(0);
    }

    [Fact]
    public void Subscriptions_ToEverNewNames_LeaveNothingBehind()
    {
        for (var i = 0; i < 100; i++)
        {
            _bench.Receive("1", $"q{i}", credit: 1);
            _bench.Stop("1");
            _bench.Take("1");
        }

        _bench.Inboxes.Remembered.Queues.ShouldBe(0);
    }

    [Fact]
    public void Leases_SettledLongBeforeTheirEnd_LeaveNothingBehind()
    {
        _bench.Receive("1", "q", credit: 5000, lease: TimeSpan.FromHours(12));
        for (var i = 0; i < 300; i++)
        {
            _bench.Enqueue("q", "x");
            _bench.Complete("1", _bench.TakeDeliveries("1").Single());
        }

        _bench.Inboxes.Remembered.Leases.ShouldBe(0);
    }

    [Fact]
    public void Peek_ShowsWithoutTaking()
    {
        _bench.Enqueue("q", "a", "b", "c");
        Reply? answer = null;
        _bench.Inboxes.Peek(new Request.Peek(RequestId.FromNumber(1), "q", 1, 1), reply => answer = reply);
        _bench.Store.Run();

        answer.ShouldBeOfType<Reply.Peeked>().Messages.ShouldHaveSingleItem().Number.ShouldBe(2);
        _bench.Waiting("q").ShouldBe(3);
    }
}
