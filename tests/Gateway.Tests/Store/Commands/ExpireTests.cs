using Gateway.Store.Commands;
using Gateway.Store.Messages;
using Gateway.Store.State;
using Shouldly;
using Xunit;
using static Gateway.Tests.Store.StoreCommands;

namespace Gateway.Tests.Store.Commands;

public sealed class ExpireTests
{
    [Theory]
    [MemberData(nameof(StoreCases.Ends), MemberType = typeof(StoreCases))]
    public void DueMessages_OfEveryQueue_BecomeDeadLetters(StoreEngine engine, StoreEnd end)
    {
        using var store = new TestStore(engine);
        store.Execute(Enqueue([Orders, Jobs], [Message(1), Message(2, expiresUnixMs: Noon), Message(3, expiresUnixMs: Noon + 1)]));
        store.Reopen(end);

        var sweep = Expire(NoonTime);
        store.Execute(sweep);
        store.Reopen(end);

        sweep.Expired.ShouldBe(2);
        sweep.Next.Queues.ShouldBeEmpty();
        Numbers(store.Store, Orders).ShouldBe([1, 3]);
        Numbers(store.Store, Jobs).ShouldBe([1, 3]);
        store.State.DeadLetters.Select(letter => (letter.Queue, letter.MessageNumber, letter.Reason))
            .ShouldBe([(Orders, 2, DeadLetterReason.Expired), (Jobs, 2, DeadLetterReason.Expired)]);
    }

    [Theory]
    [MemberData(nameof(StoreCases.Engines), MemberType = typeof(StoreCases))]
    public void ProtectedNumbers_AreLeft_UntilTheyAreNotProtected(StoreEngine engine)
    {
        using var store = new TestStore(engine);
        store.Execute(Enqueue(Orders, Message(1, expiresUnixMs: Noon), Message(2, expiresUnixMs: Noon)),
            Enqueue(Bills, Message(3, expiresUnixMs: Noon)));
        store.Execute(Enqueue(Orders, Message(4, expiresUnixMs: Noon)));

        store.Execute(Expire(NoonTime, (Orders, 1)));
        Numbers(store.Store, Orders).ShouldBe([1]);
        Numbers(store.Store, Bills).ShouldBeEmpty();

        store.Execute(Expire(NoonTime));
        Numbers(store.Store, Orders).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(StoreCases.Engines), MemberType = typeof(StoreCases))]
    public void MessagesOfTheGroupBeingBuilt_WaitForTheNextSweep(StoreEngine engine)
    {
        using var store = new TestStore(engine);
        var (first, second) = (Expire(NoonTime), Expire(NoonTime));

        store.Execute(Enqueue(Orders, Message(1, expiresUnixMs: Noon)), first);
        store.Execute(second);

        (first.Expired, second.Expired).ShouldBe((0, 1));
    }

    [Theory]
    [MemberData(nameof(StoreCases.Engines), MemberType = typeof(StoreCases))]
    public void ManyAtOnce_AreSweptInPieces(StoreEngine engine)
    {
        using var store = new TestStore(engine);
        for (var group = 0; group < 3; group++)
        {
            store.Execute(Enqueue(Orders, Enumerable.Range((group * 3_000) + 1, 3_000).Select(seed => Message(seed, 10, Noon)).ToList()));
        }

        var (first, second) = (Expire(NoonTime), Expire(NoonTime));
        store.Execute(first);
        first.Next.Queues.ShouldBe([Orders]);
        first.Expired.ShouldBeLessThan(9_000);
        store.Execute(second);

        second.Next.Queues.ShouldBeEmpty();
        (first.Expired + second.Expired).ShouldBe(9_000);
        store.State.DeadLetters.Count.ShouldBe(9_000);
    }

    [Fact]
    public void ManyQueues_AreSweptSomeAtATime_AndEachIsLookedAtOnce()
    {
        using var store = new TestStore(StoreEngine.Memory);
        var queues = Enumerable.Range(0, 1_000).Select(number => QueueId.Outgoing($"reply-{number}", "billing")).ToList();
        store.Execute([.. queues.Select((queue, seed) => Enqueue(queue, Message(seed + 1, 10, Noon - (seed % 7))))]);
        store.Execute(Enqueue(Orders, Message(5_000, expiresUnixMs: Noon + 1)));
        // Those that were sent, and may have arrived, stay due.
        var inDoubt = queues.Where((_, number) => number % 2 == 0).ToDictionary(queue => queue, _ => 1L);

        var (due, looked, steps) = (DueQueues.None, new List<QueueId>(), 0);
        do
        {
            var sweep = new ExpireCommand(NoonTime, due, inDoubt, _ => { });
            store.Execute(sweep);
            due = sweep.Next;
            due.Queues.Count.ShouldBeLessThanOrEqualTo(256);
            looked.AddRange(due.Queues);
            steps++;
        }
        while (due.Queues.Count > 0);

        steps.ShouldBe(5);
        looked.ShouldBe(queues, ignoreOrder: true);
        store.State.DeadLetters.Count.ShouldBe(500);
        store.State.DeadLetters.ShouldAllBe(letter => !inDoubt.ContainsKey(letter.Queue));
    }
}
