using Gateway.Store.Commands;
using Gateway.Store.Messages;
using Shouldly;
using Xunit;
using static Gateway.Tests.Store.StoreCommands;

namespace Gateway.Tests.Store.Commands;

public sealed class ReadQueueTests
{
    [Theory]
    [MemberData(nameof(StoreCases.Engines), MemberType = typeof(StoreCases))]
    public void Window_EndsAtTheNumberOfMessages_WhereverGroupsEnd(StoreEngine engine)
    {
        using var store = TenInFiveGroups(engine);

        for (var messagesMax = 1; messagesMax <= 11; messagesMax++)
        {
            for (var after = 0; after <= 10; after++)
            {
                var expected = Enumerable.Range(1, 10).Where(number => number > after).Take(messagesMax).Select(number => (long)number);
                Read(store.Store, Orders, after, messagesMax).Select(stored => stored.Number).ShouldBe(expected);
            }
        }
    }

    [Theory]
    [MemberData(nameof(StoreCases.Engines), MemberType = typeof(StoreCases))]
    public void Window_EndsAtTheBytes_ButHoldsOneMessage(StoreEngine engine)
    {
        using var store = TenInFiveGroups(engine);

        Read(store.Store, Orders, bytesMax: 1).Count.ShouldBe(1);
        Read(store.Store, Orders, bytesMax: 3_500).Count.ShouldBe(3);
        Read(store.Store, Orders, bytesMax: 100_000).Count.ShouldBe(10);
    }

    [Theory]
    [MemberData(nameof(StoreCases.Engines), MemberType = typeof(StoreCases))]
    public void RemovedMessages_AreSkipped(StoreEngine engine)
    {
        using var store = TenInFiveGroups(engine);
        store.Execute(new AcknowledgeCommand(Orders, 3), Complete(Orders, 5), Complete(Orders, 6), Reject(Orders, 9));

        Numbers(store.Store, Orders).ShouldBe([4, 7, 8, 10]);
        Read(store.Store, Orders, after: 4, messagesMax: 2).Select(stored => stored.Number).ShouldBe([7, 8]);
        Read(store.Store, Orders, after: 10).ShouldBeEmpty();
        Read(store.Store, Bills).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(StoreCases.Ends), MemberType = typeof(StoreCases))]
    public void LargeMessages_ComeBackWhole(StoreEngine engine, StoreEnd end)
    {
        int[] sizes = [0, 255 * 1024, 256 * 1024, 300_000, 1024 * 1024, 4 * 1024 * 1024, 1];
        using var store = new TestStore(engine, new StoreSettings { ReadCacheBytes = 1 });
        foreach (var (index, size) in sizes.Index()) store.Execute(Enqueue(Orders, Message(index + 1, size)));

        store.Reopen(end);

        var found = ReadAll(store.Store, Orders, messagesMax: 2);
        found.Select(stored => stored.Message.Body.Length).ShouldBe(sizes);
        foreach (var (index, stored) in found.Index())
            stored.Message.Body.Span.SequenceEqual(Message(index + 1, sizes[index]).Body.Span).ShouldBeTrue();
    }

    [Theory]
    [MemberData(nameof(StoreCases.Engines), MemberType = typeof(StoreCases))]
    public void ReadInOneGroupWithAnEnqueue_SeesIt(StoreEngine engine)
    {
        using var store = new TestStore(engine);
        IReadOnlyList<StoredMessage> found = [];

        store.Execute(new ReadQueueCommand(Orders, 0, 10, 10_000, messages => found = messages), Enqueue(Orders, Message(1)));

        found.ShouldHaveSingleItem().Message.Id.ShouldBe(Id(1));
    }

    [Theory]
    [MemberData(nameof(StoreCases.Engines), MemberType = typeof(StoreCases))]
    public void Describe_TellsWhatEachQueueHolds(StoreEngine engine)
    {
        using var store = TenInFiveGroups(engine);
        store.Execute(new AcknowledgeCommand(Orders, 8), Enqueue(Jobs, Message(50, 10), Message(51, 10)), Reject(Jobs, 1),
            Complete(Jobs, 2));

        var describe = new DescribeCommand(_ => { });
        store.Execute(describe);

        describe.DeadLetters.ShouldBe(1);
        describe.Queues.ShouldBe([
            new QueueDescription(Orders, 2, MessageCodec.SizeBytes(Message(9, 1_000)) + MessageCodec.SizeBytes(Message(10, 1_000)), 9, 10)
                { DeliveredUpTo = 8 },
            new QueueDescription(Jobs, 0, 0, 3, 2)]);
    }

    private static TestStore TenInFiveGroups(StoreEngine engine)
    {
        var store = new TestStore(engine, new StoreSettings { SnapshotGroups = 3 });
        for (var seed = 1; seed <= 9; seed += 2) store.Execute(Enqueue(Orders, Message(seed, 1_000), Message(seed + 1, 1_000)));
        return store;
    }
}
