using Gateway.Store;
using Gateway.Store.Blocks;
using Gateway.Store.Commands;
using Gateway.Store.Disk.Files;
using Gateway.Store.Messages;
using Gateway.Tests.Store.Disk;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Store.Blocks;

/// <summary>
/// A disk without an inode, or without a right, while the store runs: what was made ahead serves, what cannot be read waits, and nothing
/// ends.
/// </summary>
public sealed class StoreWithoutRoomTests
{
    private const long Ample = 1L << 40;
    private const int BodyBytes = 100_000;

    private readonly SimulatedDisk _disk = new() { IsEnforced = true, FreeBytes = Ample };

    private int Volumes => _disk.List().Count(
        name => name.StartsWith("groups-", StringComparison.Ordinal) && name.EndsWith(".data", StringComparison.Ordinal));

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

    /// <summary>With the limit the newest volume was half full; without it, it is not, and nothing else would ask for the next.</summary>
    [Fact]
    public void ANextVolume_ThatALimitOfFileSizesRefused_IsTriedAgain_WhenTheLimitIsGone()
    {
        const long VolumeBytes = 64 << 20;
        using var store = Open(StoreSettings.KeptBackBytes, VolumeBytes);
        for (var number = 1; number <= 60; number++) Execute(store, Enqueue(number));
        _disk.FileBytesMax = 3 << 20;
        Maintain(store);
        store.Obstacle.ShouldNotBeNull().Why.ShouldContain("the next volume cannot be made");

        _disk.FileBytesMax = long.MaxValue;
        Maintain(store);

        store.Obstacle.ShouldBeNull();
        var enqueue = Enqueue(61);
        Execute(store, enqueue);
        enqueue.Full.ShouldBeNull();
    }

    private static void Maintain(MessageStore store)
    {
        for (var step = 0; step < 50; step++) store.Maintain();
    }

    private MessageStore Open(long reserveBytes, long volumeBytes = 8 << 20) =>
        MessageStore.Open(new LiteBlockStore(_disk, NullLoggerFactory.Instance, reserveBytes),
            new StoreSettings { VolumeBytes = volumeBytes }, TestStore.FirstId);

    private static EnqueueCommand Enqueue(int seed) => StoreCommands.Enqueue(StoreCommands.Jobs, StoreCommands.Message(seed, BodyBytes));

    private static void Execute(MessageStore store, StoreCommand command)
    {
        store.Execute([command]);
        store.Maintain();
    }
}
