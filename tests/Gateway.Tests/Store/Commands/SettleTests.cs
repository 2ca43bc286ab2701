using Gateway.Store.Commands;
using Gateway.Store.Messages;
using Shouldly;
using Xunit;
using static Gateway.Tests.Store.StoreCommands;

namespace Gateway.Tests.Store.Commands;

/// <summary>How messages leave their queues, or come back to them.</summary>
public sealed class SettleTests
{
    [Theory]
    [MemberData(nameof(StoreCases.Ends), MemberType = typeof(StoreCases))]
    public void Acknowledge_DropsEverythingUpToANumber(StoreEngine engine, StoreEnd end)
    {
        using var store = Filled(engine, Orders);
        store.Execute(new AcknowledgeCommand(Orders, 3));
        store.Execute(new AcknowledgeCommand(Orders, 2), new AcknowledgeCommand(Bills, 9));

        store.Reopen(end);

        Numbers(store.Store, Orders).ShouldBe([4, 5, 6]);
    }

    [Theory]
    [MemberData(nameof(StoreCases.Ends), MemberType = typeof(StoreCases))]
    public void Complete_TakesOneMessageOut_AndOnceMoreDoesNothing(StoreEngine engine, StoreEnd end)
    {
        using var store = Filled(engine, Jobs);
        store.Execute(Complete(Jobs, 2), Complete(Jobs, 2), Complete(Jobs, 99), Complete(Bills, 1));

        store.Reopen(end);
        store.Execute(Complete(Jobs, 2));

        Numbers(store.Store, Jobs).ShouldBe([1, 3, 4, 5, 6]);
    }

    [Theory]
    [MemberData(nameof(StoreCases.Ends), MemberType = typeof(StoreCases))]
    public void Return_IsRememberedUntilTheMessageIsGone(StoreEngine engine, StoreEnd end)
    {
        using var store = Filled(engine, Jobs);
        store.Execute(Return(Jobs, 2, deliveries: 3, notBeforeUnixMs: Noon + 5), Return(Jobs, 4, deliveries: 1), Complete(Jobs, 4),
            Return(Jobs, 4, deliveries: 2));

        store.Reopen(end);

        var found = Read(store.Store, Jobs, after: 1, messagesMax: 1).ShouldHaveSingleItem();
        (found.Number, found.Deliveries, found.NotBeforeUnixMs).ShouldBe((2, 3, Noon + 5));
        store.State.Queues.ShouldHaveSingleItem().Returned.Keys.ShouldBe([2]);
    }

    [Theory]
    [MemberData(nameof(StoreCases.Ends), MemberType = typeof(StoreCases))]
    public void Deliveries_AreCounted_AfterReopening(StoreEngine engine, StoreEnd end)
    {
        using var store = Filled(engine, Jobs);
        store.Execute(new DeliveredCommand(Jobs, 3), new DeliveredCommand(Jobs, 2), Return(Jobs, 1, deliveries: 2),
            Return(Jobs, 6, deliveries: 0));

        store.Reopen(end);

        ReadAll(store.Store, Jobs).Select(stored => stored.Deliveries).ShouldBe([2, 1, 1, 0, 0, 0]);
    }

    [Theory]
    [MemberData(nameof(StoreCases.Ends), MemberType = typeof(StoreCases))]
    public void DeadLetter_LeavesItsQueue_AndIsKeptWithItsReason(StoreEngine engine, StoreEnd end)
    {
        using var store = Filled(engine, Jobs);
        store.Execute(Reject(Jobs, 5, "half a page"), Reject(Jobs, 5), Reject(Jobs, 1), Reject(Jobs, 77), Reject(Bills, 1));

        store.Reopen(end);
        store.Execute(Reject(Jobs, 1), Complete(Jobs, 1), Reject(Jobs, 2));

        Numbers(store.Store, Jobs).ShouldBe([3, 4, 6]);
        store.State.DeadLetters.Select(letter => (letter.Number, letter.MessageNumber)).ShouldBe([(1, 5), (2, 1), (3, 2)]);
        var first = store.State.DeadLetters.First();
        (first.Queue, first.Reason, first.AtUnixMs, first.Text).ShouldBe((Jobs, DeadLetterReason.Rejected, Noon, "half a page"));
    }

    [Theory]
    [MemberData(nameof(StoreCases.Engines), MemberType = typeof(StoreCases))]
    public void WhatIsEnqueuedAndSettledInOneGroup_IsGone(StoreEngine engine)
    {
        using var store = new TestStore(engine);
        store.Execute(Enqueue(Jobs, Message(1), Message(2), Message(3)), Complete(Jobs, 1), new AcknowledgeCommand(Jobs, 2),
            Reject(Jobs, 3), Enqueue(Jobs, Message(4)));

        store.Reopen(StoreEnd.Killed);

        Numbers(store.Store, Jobs).ShouldBe([4]);
        store.State.DeadLetters.ShouldHaveSingleItem().MessageNumber.ShouldBe(3);
    }

    [Theory]
    [MemberData(nameof(StoreCases.Engines), MemberType = typeof(StoreCases))]
    public void Bytes_AreExactWhenNothingOrEverythingIsGone(StoreEngine engine)
    {
        using var store = new TestStore(engine);
        Message[] messages = [Message(1, 10), Message(2, 2_000), Message(3, 50)];
        store.Execute(Enqueue(Orders, messages));
        var queue = store.State.Find(Orders).ShouldNotBeNull();

        queue.Bytes.ShouldBe(messages.Sum(MessageCodec.SizeBytes));
        store.Execute(Complete(Orders, 2));
        queue.Messages.ShouldBe(2);
        store.Check();
        store.Execute(new AcknowledgeCommand(Orders, 3));
        (queue.Messages, queue.Bytes).ShouldBe((0, 0));
    }

    /// <summary>Six messages in three groups.</summary>
    private static TestStore Filled(StoreEngine engine, QueueId queue)
    {
        var store = new TestStore(engine, new StoreSettings { SnapshotGroups = 4 });
        for (var seed = 1; seed <= 5; seed += 2) store.Execute(Enqueue(queue, Message(seed), Message(seed + 1)));
        return store;
    }
}
