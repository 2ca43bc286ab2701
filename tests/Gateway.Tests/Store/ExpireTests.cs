using Gateway.Store;
using Shouldly;
using Xunit;
using static Gateway.Tests.Store.StoreCommands;

namespace Gateway.Tests.Store;

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
        sweep.HasMore.ShouldBeFalse();
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
        store.Execute(Enqueue(Orders, Message(1, expiresUnixMs: Noon), Message(2, expiresUnixMs: Noon)), Enqueue(Bills, Message(3, expiresUnixMs: Noon)));
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
        first.HasMore.ShouldBeTrue();
        first.Expired.ShouldBeLessThan(9_000);
        store.Execute(second);

        second.HasMore.ShouldBeFalse();
        (first.Expired + second.Expired).ShouldBe(9_000);
        store.State.DeadLetters.Count.ShouldBe(9_000);
    }
}
