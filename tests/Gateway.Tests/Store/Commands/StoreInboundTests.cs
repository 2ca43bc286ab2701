using Gateway.Store.Commands;
using Gateway.Store.Messages;
using Shouldly;
using Xunit;
using static Gateway.Tests.Store.StoreCommands;

namespace Gateway.Tests.Store.Commands;

public sealed class StoreInboundTests
{
    private static readonly Guid _sender = new("00000000-0000-0000-0000-00000000000a");
    private static readonly Guid _other = new("00000000-0000-0000-0000-00000000000b");

    [Theory]
    [MemberData(nameof(StoreCases.Ends), MemberType = typeof(StoreCases))]
    public void WhatIsHereAlready_IsRecognisedForEver(StoreEngine engine, StoreEnd end)
    {
        using var store = new TestStore(engine, new StoreSettings { SnapshotGroups = 1, AcceptedIdsMax = 1 });
        store.Execute(Inbound(_sender, 0, 1, 2, 5));
        store.Execute(Complete(Jobs, 1), Complete(Jobs, 2), Complete(Jobs, 3));

        store.Reopen(end);
        var again = Inbound(_sender, 0, 1, 2, 5);
        store.Execute(again);

        again.Position.ShouldBe(5);
        again.HasGap.ShouldBeFalse();
        again.Placed.ShouldBeEmpty();
        Numbers(store.Store, Jobs).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(StoreCases.Engines), MemberType = typeof(StoreCases))]
    public void Overlap_StoresOnlyWhatIsNew(StoreEngine engine)
    {
        using var store = new TestStore(engine);
        store.Execute(Inbound(_sender, 0, 1, 2, 5));

        var batch = Inbound(_sender, 1, 2, 5, 7, 8);
        store.Execute(batch);

        batch.Position.ShouldBe(8);
        batch.Placed.Select(placed => (placed.Message.Number, placed.Message.Message.Id)).ShouldBe([(4, Id(7)), (5, Id(8))]);
    }

    [Theory]
    [MemberData(nameof(StoreCases.Engines), MemberType = typeof(StoreCases))]
    public void BatchThatDoesNotFollow_IsNotStored(StoreEngine engine)
    {
        using var store = new TestStore(engine);
        store.Execute(Inbound(_sender, 0, 1));

        var batch = Inbound(_sender, 2, 3, 4);
        store.Execute(batch);

        batch.HasGap.ShouldBeTrue();
        batch.Position.ShouldBe(1);
        Numbers(store.Store, Jobs).ShouldBe([1]);
    }

    [Theory]
    [MemberData(nameof(StoreCases.Engines), MemberType = typeof(StoreCases))]
    public void TwoBatchesInOneGroup_FollowEachOther(StoreEngine engine)
    {
        using var store = new TestStore(engine);
        var (first, second, lost) = (Inbound(_sender, 0, 3), Inbound(_sender, 3, 4), Inbound(_sender, 5, 6));

        store.Execute(first, second, lost);

        (first.Position, second.Position, lost.Position).ShouldBe((3, 4, 4));
        lost.HasGap.ShouldBeTrue();
    }

    [Theory]
    [MemberData(nameof(StoreCases.Ends), MemberType = typeof(StoreCases))]
    public void EachSenderStoreHasItsOwnPositions(StoreEngine engine, StoreEnd end)
    {
        using var store = new TestStore(engine);
        store.Execute(Inbound(_sender, 0, 4), Inbound(_other, 0, 1, 2));
        store.Execute(new StoreInboundCommand(_sender, "else", 0, [new(9, Message(9))], _ => { }));

        store.Reopen(end);

        Positions(store, _sender, "jobs", "none", "else").ShouldBe([4, 0, 9]);
        Positions(store, _other, "jobs", "else").ShouldBe([2, 0]);
        Positions(store, Guid.Empty, "jobs").ShouldBe([0]);
        Numbers(store.Store, Jobs).ShouldBe([1, 2, 3]);
    }

    private static IReadOnlyList<long> Positions(TestStore store, Guid sender, params string[] queues)
    {
        IReadOnlyList<long>? found = null;
        store.Execute(new ReadPositionsCommand(sender, queues, positions => found = [.. positions.Select(position => position.Number)]));
        return found.ShouldNotBeNull();
    }
}
