using Gateway.Store;
using Gateway.Store.Commands;
using Gateway.Store.Disk;
using Gateway.Tests.Store.Disk;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Store;

/// <summary>A disk whose last byte is taken while the store runs, the reserve included: what has no room waits, and nothing ends.</summary>
public sealed class StoreWithoutRoomTests
{
    private const long Ample = 1L << 40;
    private const int BodyBytes = 100_000;

    private readonly SimulatedDisk _disk = new() { IsEnforced = true, FreeBytes = Ample };

    private int Volumes => _disk.List().Count(name => name.StartsWith("groups-", StringComparison.Ordinal) && name.EndsWith(".data", StringComparison.Ordinal));

    [Fact]
    public void WhatHasNoRoom_Waits_WhatIsNew_IsRefused_AndWhatReads_Reads()
    {
        using var store = Open(reserveBytes: 0);
        for (var number = 1; number <= 20; number++) store.ExecuteWhatCan([Enqueue(number)]).ShouldBeEmpty();
        _disk.FreeBytes = 0;
        _disk.OthersTakeAll = true;

        IReadOnlyList<StoreCommand> waiting = [];
        for (var number = 1; waiting.Count == 0; number++)
        {
            waiting = store.ExecuteWhatCan([StoreCommands.Complete(StoreCommands.Jobs, number)]);
            store.Maintain();
        }

        var completed = 20 - StoreCommands.Numbers(store, StoreCommands.Jobs).Count;
        var enqueue = Enqueue(21);
        StoreCommand purge = new PurgeCommand(StoreCommands.Jobs, [completed + 2], _ => { });
        IReadOnlyList<StoredMessage> found = [];
        var read = new ReadQueueCommand(StoreCommands.Jobs, 0, 1, 1, messages => found = messages);
        store.ExecuteWhatCan([.. waiting, enqueue, purge, read]).ShouldBe([.. waiting, purge]);
        read.Complete();
        found.ShouldHaveSingleItem().Number.ShouldBe(completed + 1);
        enqueue.Full!.ShouldContain("the disk takes no more");
        store.Maintain();
        store.Obstacle.ShouldNotBeNull();

        _disk.FreeBytes = Ample;
        _disk.OthersTakeAll = false;
        store.ExecuteWhatCan([.. waiting, purge]).ShouldBeEmpty();
        StoreCommands.Numbers(store, StoreCommands.Jobs).ShouldBe(Enumerable.Range(completed + 3, 20 - completed - 2).Select(number => (long)number));
        store.Check().ShouldBeEmpty();
        Upkeep(store);
        store.Obstacle.ShouldBeNull();
        store.ExecuteWhatCan([Enqueue(22)]).ShouldBeEmpty();
    }

    [Fact]
    public void AStoreThatMustWrite_ToBeOpened_SaysWhatTheDiskRefuses()
    {
        using var store = Open(reserveBytes: 0);
        _disk.FreeBytes = 0;
        _disk.OthersTakeAll = true;

        var failed = Should.Throw<StoreFailedException>(() =>
        {
            for (var run = 1; run < 10_000; run++) RunCount.Next(store, Guid.NewGuid());
        });

        DiskRefusedException.In(failed).ShouldNotBeNull("or a start would not wait");
    }

    [Fact]
    public void AVolumeMadeAhead_IsBegunWithoutAnInode_AndWhatIsKeptBackStaysWhole()
    {
        using var store = Open(StoreSettings.KeptBackBytes);
        var number = 1;
        for (; number <= 50; number++) Execute(store, Enqueue(number));
        _disk.FilesMax = _disk.List().Count;

        for (; Volumes == 1; number++)
        {
            var enqueue = Enqueue(number);
            Execute(store, enqueue);
            enqueue.Full.ShouldBeNull();
        }

        _disk.List().Count(name => name.StartsWith(DiskReserve.Prefix, StringComparison.Ordinal)).ShouldBe(DiskReserve.FilesWanted);
        Execute(store, Enqueue(number));
        store.Obstacle.ShouldBeNull();
    }

    [Fact]
    public void AVolumeThatCannotBeOpenedNow_IsNotDamaged_AndItsReadersWait()
    {
        using var store = Open(StoreSettings.KeptBackBytes);
        for (var number = 1; Volumes < 6; number++) Execute(store, Enqueue(number));
        _disk.RefusesOpening = true;

        IReadOnlyList<StoredMessage> found = [];
        var read = new ReadQueueCommand(StoreCommands.Jobs, 0, 1, 1, messages => found = messages);
        store.ExecuteWhatCan([read]).ShouldBe([read]);
        store.Maintain();
        store.Obstacle!.Why.ShouldContain("cannot be read");
        store.State.DamagedCount.ShouldBe(0);

        _disk.RefusesOpening = false;
        store.ExecuteWhatCan([read]).ShouldBeEmpty();
        read.Complete();
        found.ShouldHaveSingleItem().Number.ShouldBe(1);
    }

    private MessageStore Open(long reserveBytes) =>
        MessageStore.Open(new LiteBlockStore(_disk, NullLoggerFactory.Instance, reserveBytes), new StoreSettings { VolumeBytes = 8 << 20 }, TestStore.FirstId);

    private static EnqueueCommand Enqueue(int seed) => StoreCommands.Enqueue(StoreCommands.Jobs, StoreCommands.Message(seed, BodyBytes));

    private static void Execute(MessageStore store, StoreCommand command)
    {
        store.Execute([command]);
        store.Maintain();
    }

    private static void Upkeep(MessageStore store)
    {
        for (var step = 0; step < 50; step++) store.Maintain();
    }
}
