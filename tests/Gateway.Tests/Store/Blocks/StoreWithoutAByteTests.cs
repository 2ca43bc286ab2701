using Gateway.Store;
using Gateway.Store.Blocks;
using Gateway.Store.Commands;
using Gateway.Store.Disk.Files;
using Gateway.Store.Disk.Log;
using Gateway.Store.Messages;
using Gateway.Tests.Store.Disk;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Store.Blocks;

/// <summary>
/// A disk whose last byte is taken while the store runs, and nothing is kept back: what has no room waits, and nothing ends.
/// </summary>
public sealed class StoreWithoutAByteTests
{
    private const long Ample = 1L << 40;
    private const int BodyBytes = 100_000;
    private const int StepsMax = 20_000;

    private readonly SimulatedDisk _disk = new() { IsEnforced = true, FreeBytes = Ample };

    [Fact]
    public void WhatHasNoRoom_Waits_WhatIsNew_IsRefused_AndWhatReads_Reads()
    {
        using var store = Open();
        for (var number = 1; number <= 20; number++) store.ExecuteWhatCan([Enqueue(number)]).ShouldBeEmpty();
        _disk.FreeBytes = 0;
        _disk.OthersTakeAll = true;

        IReadOnlyList<StoreCommand> waiting = [];
        // Room that was taken in advance lasts for a while.
        for (var step = 1; waiting.Count == 0; step++)
        {
            step.ShouldBeLessThan(StepsMax);
            waiting = store.ExecuteWhatCan([StoreCommands.Return(StoreCommands.Jobs, 20, deliveries: step)]);
            store.Maintain();
        }

        var enqueue = Enqueue(21);
        StoreCommand purge = new PurgeCommand(StoreCommands.Jobs, [2], _ => { });
        IReadOnlyList<StoredMessage> found = [];
        var read = new ReadQueueCommand(StoreCommands.Jobs, 0, 1, 1, messages => found = messages);
        store.ExecuteWhatCan([.. waiting, enqueue, purge, read]).ShouldBe([.. waiting, purge]);
        read.Complete();
        found.ShouldHaveSingleItem().Number.ShouldBe(1);
        enqueue.Full!.ShouldContain("the disk takes no more");
        store.Maintain();
        store.Obstacle.ShouldNotBeNull();

        _disk.FreeBytes = Ample;
        _disk.OthersTakeAll = false;
        store.ExecuteWhatCan([.. waiting, purge]).ShouldBeEmpty();
        StoreCommands.Numbers(store, StoreCommands.Jobs).ShouldBe([1, .. Enumerable.Range(3, 18).Select(number => (long)number)]);
        store.Check().ShouldBeEmpty();
        Upkeep(store);
        store.Obstacle.ShouldBeNull();
        store.ExecuteWhatCan([Enqueue(22)]).ShouldBeEmpty();
    }

    [Fact]
    public void AStoreThatMustWrite_ToBeOpened_SaysWhatTheDiskRefuses()
    {
        using var store = Open();
        _disk.FreeBytes = 0;
        _disk.OthersTakeAll = true;

        var failed = Should.Throw<StoreFailedException>(() =>
        {
            for (var run = 1; run < 10_000; run++) RunCount.Next(store, Guid.NewGuid());
        });

        DiskRefusedException.In(failed).ShouldNotBeNull("or a start would not wait");
    }

    private MessageStore Open() =>
        MessageStore.Open(new LiteBlockStore(_disk, NullLoggerFactory.Instance), new StoreSettings { VolumeBytes = 8 << 20 },
            TestStore.FirstId);

    private static EnqueueCommand Enqueue(int seed) => StoreCommands.Enqueue(StoreCommands.Jobs, StoreCommands.Message(seed, BodyBytes));

    private static void Upkeep(MessageStore store)
    {
        for (var step = 0; step < 50; step++) store.Maintain();
    }
}
