using Gateway.Store.Messages;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Inbox;

/// <summary>Queues by the thousand: what is remembered of them, and what an event has to do with them.</summary>
public sealed class ManyInboxesTests
{
    private const int Many = 3000;

    private readonly InboxBench _bench = new();

    [Fact]
    public void Queues_ThatNobodyReceivesFrom_AreNotRemembered()
    {
        for (var i = 0; i < Many; i++) _bench.Enqueue($"reply{i}", "a");

        _bench.Inboxes.Remembered.ShouldBe((0, 0));
    }

    [Fact]
    public void AConsumer_OfAQueueThatIsNotRemembered_GetsWhatItHolds_AndWhatComes()
    {
        _bench.Enqueue("orders", "a", "b");
        _bench.Restart();

        _bench.Receive("c1", "orders", credit: 10);
        _bench.Enqueue("orders", "c");

        _bench.TakeBodies("c1").ShouldBe("a1 b1 c1");
    }

    [Fact]
    public void AConsumer_OfAQueueThatNeverWas_GetsTheFirstMessage()
    {
        _bench.Receive("c1", "orders", credit: 10);

        _bench.Enqueue("orders", "a");

        _bench.TakeBodies("c1").ShouldBe("a1");
    }

    [Fact]
    public void AQueueUsedOnce_IsForgotten_WithTheConsumerOrWithTheLastLease()
    {
        for (var i = 0; i < Many; i++)
        {
            _bench.Enqueue($"reply{i}", "a");
            _bench.Receive("c1", $"reply{i}", credit: 1);
            var delivery = _bench.TakeDeliveries("c1").ShouldHaveSingleItem();
            if (i % 3 == 0) _bench.Complete("c1", delivery);
            _bench.Stop("c1");
            if (i % 3 == 1) _bench.Complete("c1", delivery);
            _bench.Take("c1");
        }

        _bench.Lose("c1");

        _bench.Inboxes.Remembered.ShouldBe((0, 0));
        _bench.Inboxes.NextTick.ShouldBe(TimeSpan.MaxValue);
    }

    [Fact]
    public void TimeConcerns_OnlyTheQueuesWithSomethingDue()
    {
        for (var i = 0; i < Many; i++) _bench.Receive($"c{i}", $"queue{i}", credit: 1);
        _bench.Inboxes.NextTick.ShouldBe(TimeSpan.MaxValue);
        _bench.Enqueue("queue7", "a");
        Enumerable.Range(0, Many).Where(i => _bench.Inboxes.ProtectedUpTo(QueueId.Inbound($"queue{i}")) > 0).ShouldBe([7]);

        _bench.Abandon("c7", _bench.TakeDeliveries("c7")[0], TimeSpan.FromSeconds(5));

        (_bench.Inboxes.NextTick - _bench.Clock.Uptime).ShouldBe(TimeSpan.FromSeconds(5));
        _bench.Receive("c7", "queue7", credit: 1);
        _bench.After(TimeSpan.FromSeconds(5));
        _bench.TakeBodies("c7").ShouldBe("a2");
    }

    [Fact]
    public void WhatWaitsToBeDeliveredAgain_ExpiresWithinASecond()
    {
        _bench.EnqueueUntil("orders", _bench.Clock.NowUnixMs + 60_000, "a");
        _bench.Receive("c1", "orders", credit: 1);
        _bench.Abandon("c1", _bench.TakeDeliveries("c1")[0]);

        for (var i = 0; i < 61; i++) _bench.After(TimeSpan.FromSeconds(1));

        _bench.Waiting("orders").ShouldBe(0);
        _bench.Store.State.DeadLetters.Count.ShouldBe(1);
    }
}
