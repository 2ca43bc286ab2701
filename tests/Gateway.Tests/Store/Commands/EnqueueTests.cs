using Gateway.Store.Commands;
using Gateway.Store.Messages;
using Gateway.Store.Records;
using Shouldly;
using Xunit;
using static Gateway.Tests.Store.StoreCommands;

namespace Gateway.Tests.Store.Commands;

public sealed class EnqueueTests
{
    [Theory]
    [MemberData(nameof(StoreCases.Ends), MemberType = typeof(StoreCases))]
    public void Messages_GetNumbersInOrder_AndKeepThemWhenReopened(StoreEngine engine, StoreEnd end)
    {
        using var store = new TestStore(engine);
        store.Execute(Enqueue(Orders, Message(1), Message(2)), Enqueue(Bills, Message(3)), Enqueue(Orders, Message(4)));

        store.Reopen(end);
        store.Execute(Enqueue(Orders, Message(5)));

        var found = ReadAll(store.Store, Orders);
        found.Select(stored => stored.Number).ShouldBe([1, 2, 3, 4]);
        found.Select(stored => stored.Message.Id).ShouldBe([Id(1), Id(2), Id(4), Id(5)]);
        found[2].Message.Body.ToArray().ShouldBe(Message(4).Body.ToArray());
        found[1].Message.Source.ShouldBe("shop");
        Numbers(store.Store, Bills).ShouldBe([1]);
    }

    [Theory]
    [MemberData(nameof(StoreCases.Ends), MemberType = typeof(StoreCases))]
    public void NumbersGoOn_AfterEveryMessageIsGone(StoreEngine engine, StoreEnd end)
    {
        using var store = new TestStore(engine, new StoreSettings { SnapshotGroups = 1 });
        store.Execute(Enqueue(Orders, Message(1), Message(2)));
        store.Execute(new AcknowledgeCommand(Orders, 2));

        store.Reopen(end);
        store.Execute(Enqueue(Orders, Message(3)));

        Numbers(store.Store, Orders).ShouldBe([3]);
    }

    [Theory]
    [MemberData(nameof(StoreCases.Engines), MemberType = typeof(StoreCases))]
    public void FanOut_PutsACopyIntoEachQueue_ThatLeavesOnItsOwn(StoreEngine engine)
    {
        using var store = new TestStore(engine);
        var enqueue = Enqueue([Orders, Bills, Jobs], [Message(1), Message(2)]);
        store.Execute(enqueue);

        enqueue.Placed.Select(placed => (placed.Queue, placed.Message.Number))
            .ShouldBe([(Orders, 1), (Bills, 1), (Jobs, 1), (Orders, 2), (Bills, 2), (Jobs, 2)]);
        store.Execute(new AcknowledgeCommand(Orders, 2), Complete(Jobs, 1));
        Numbers(store.Store, Orders).ShouldBeEmpty();
        Numbers(store.Store, Bills).ShouldBe([1, 2]);
        Numbers(store.Store, Jobs).ShouldBe([2]);
        store.State.Accepted.Count.ShouldBe(2);
    }

    [Theory]
    [MemberData(nameof(StoreCases.Ends), MemberType = typeof(StoreCases))]
    public void RepeatedId_WithTheSameBody_IsAcceptedOnce(StoreEngine engine, StoreEnd end)
    {
        using var store = new TestStore(engine);
        store.Execute(Enqueue(Orders, Message(1)));
        store.Reopen(end);

        var again = Enqueue(Orders, Message(1), Message(2), Message(2));
        store.Execute(again);

        again.Conflict.ShouldBeNull();
        again.Placed.Select(placed => placed.Message.Message.Id).ShouldBe([Id(2)]);
        Numbers(store.Store, Orders).ShouldBe([1, 2]);
    }

    [Theory]
    [MemberData(nameof(StoreCases.Ends), MemberType = typeof(StoreCases))]
    public void RepeatedId_OfASharedMessage_StaysWhereItIs_AlsoWhenReopened(StoreEngine engine, StoreEnd end)
    {
        using var store = new TestStore(engine);
        store.Execute(Shared([Orders, Bills], [true, false], Message(1)));
        store.Reopen(end);

        var again = Shared([Orders, Bills], [false, true], Message(1), Message(2));
        store.Execute(again);

        again.Placed.Select(placed => (placed.Queue, placed.Message.Message.Id)).ShouldBe([(Bills, Id(2))]);
        again.SizeBytes.ShouldBe(Enqueue(Bills, Message(1), Message(2)).SizeBytes);
        Numbers(store.Store, Orders).ShouldBe([1]);
        Numbers(store.Store, Bills).ShouldBe([1]);
    }

    [Theory]
    [MemberData(nameof(StoreCases.Ends), MemberType = typeof(StoreCases))]
    public void RepeatedId_WithAnotherBody_RefusesTheWholeBatch(StoreEngine engine, StoreEnd end)
    {
        using var store = new TestStore(engine, new StoreSettings { SnapshotGroups = 1 });
        store.Execute(Enqueue(Orders, Message(2)));
        store.Reopen(end);

        var other = Enqueue([Orders], [Message(1), Message(2)], fingerprint: 2);
        store.Execute(other);

        other.Conflict.ShouldBe(Id(2));
        other.Placed.ShouldBeEmpty();
        Numbers(store.Store, Orders).ShouldBe([1]);
        store.State.Accepted.TryGet(Id(1), out _).ShouldBeFalse();
    }

    [Theory]
    [MemberData(nameof(StoreCases.Engines), MemberType = typeof(StoreCases))]
    public void OneIdWithTwoBodies_InOneBatch_RefusesTheWholeBatch(StoreEngine engine)
    {
        using var store = new TestStore(engine);
        var batch = new EnqueueCommand([Orders], [new(Message(1), 1), new(Message(2), 1), new(Message(2), 2)], Noon, _ => { });

        store.Execute(batch);

        batch.Conflict.ShouldBe(Id(2));
        store.State.Queues.ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(StoreCases.Ends), MemberType = typeof(StoreCases))]
    public void Ids_AreForgottenByNumber_TheOldestFirst(StoreEngine engine, StoreEnd end)
    {
        using var store = new TestStore(engine, new StoreSettings { AcceptedIdsMax = 3, SnapshotGroups = 2 });
        for (var seed = 1; seed <= 6; seed++) store.Execute(Enqueue(Orders, Message(seed)));

        store.Reopen(end);

        store.State.Accepted.Last(10).Select(accepted => accepted.Id).ShouldBe([Id(4).Value, Id(5).Value, Id(6).Value]);
        store.Execute(Enqueue(Orders, Message(1), Message(6)));
        Numbers(store.Store, Orders).ShouldBe([1, 2, 3, 4, 5, 6, 7]);
    }

    [Theory]
    [MemberData(nameof(StoreCases.Ends), MemberType = typeof(StoreCases))]
    public void Ids_AreForgottenByAge(StoreEngine engine, StoreEnd end)
    {
        using var store = new TestStore(engine, new StoreSettings { AcceptedIdsAge = TimeSpan.FromSeconds(10), SnapshotGroups = 2 });
        store.Execute(Enqueue([Orders], [Message(1)], atUnixMs: Noon));
        store.Execute(Enqueue([Orders], [Message(2)], atUnixMs: Noon + 1));
        store.Execute(Enqueue([Orders], [Message(3)], atUnixMs: Noon + 10_000));

        store.Reopen(end);

        store.State.Accepted.TryGet(Id(1), out _).ShouldBeFalse();
        store.State.Accepted.TryGet(Id(2), out var fingerprint).ShouldBeTrue();
        fingerprint.ShouldBe(1u);
    }

    [Theory]
    [MemberData(nameof(StoreCases.Engines), MemberType = typeof(StoreCases))]
    public void BlocksOfForgottenIds_AreDeleted(StoreEngine engine)
    {
        using var store = new TestStore(engine, new StoreSettings { AcceptedIdsMax = 4, SnapshotGroups = 2 });

        for (var seed = 1; seed <= 40; seed++) store.Execute(Enqueue(Orders, Message(seed)));

        store.Blocks.ReadFrom(BlockKind.Accepted, 0).Count().ShouldBeLessThanOrEqualTo(3);
    }

    [Theory]
    [MemberData(nameof(StoreCases.Ends), MemberType = typeof(StoreCases))]
    public void BatchLargerThanTheEnginesTransaction_IsStoredWhole(StoreEngine engine, StoreEnd end)
    {
        using var store = new TestStore(engine);
        store.Execute(Enqueue(Orders, Enumerable.Range(1, 60).Select(seed => Message(seed, 250_000)).ToList()));

        store.Reopen(end);

        ReadAll(store.Store, Orders).Select(stored => stored.Message.Id).ShouldBe(Enumerable.Range(1, 60).Select(Id));
    }

    private static EnqueueCommand Shared(IReadOnlyList<QueueId> queues, IReadOnlyList<bool> up, params IReadOnlyList<Message> messages) =>
        new(queues, messages.Select(message => new IncomingMessage(message, 1)).ToList(), Noon, _ => { })
        { Spread = new SharedQueues(queues, up, Turn: 0) };
}
