using Gateway.Store.Commands;
using Gateway.Store.Messages;
using Gateway.Tests.Store.Disk;
using Shouldly;
using Xunit;
using static Gateway.Tests.Store.StoreCommands;

namespace Gateway.Tests.Store;

/// <summary>The size of the store on the disk follows its contents, however much passes through and however long a peer is dead.</summary>
public sealed class StoreSpaceTests
{
    private const int VolumeBytes = 300_000;

    /// <summary>
    /// A volume's size in the engine's pages, with its snapshots, is more than that of its groups; and one is always being filled.
    /// </summary>
    private const long OverheadBytes = 4 * VolumeBytes;

    /// <summary>The log of each volume is as long as it was made.</summary>
    private const long LogBytes = 4_300_000;

    private static readonly StoreSettings _settings = new() { VolumeBytes = VolumeBytes, SnapshotGroups = 100, AcceptedIdsMax = 1_000 };

    [Theory]
    [MemberData(nameof(StoreCases.Engines), MemberType = typeof(StoreCases))]
    public void MessagesOfADeadPeer_KeepNoMoreThanTwiceTheirSize_WhileOthersPass(StoreEngine engine)
    {
        using var store = new TestStore(engine, _settings);
        var passed = 0;
        for (var group = 1; group <= 800; group++)
        {
            if (group % 20 == 0) store.Execute(Enqueue(Orders, Message(-group, 2_000)));
            store.Execute(Enqueue(Bills, Enumerable.Range(1, 10).Select(_ => Message(++passed, 500)).ToList()));
            store.Execute(new AcknowledgeCommand(Bills, passed));

            var held = store.State.Volumes.KeptBytes;
            store.Blocks.Volumes.Sum(volume => volume.SizeBytes).ShouldBeLessThan((2 * held) + OverheadBytes, $"group {group}");
        }

        passed.ShouldBe(8_000);
        Numbers(store.Store, Orders).Count.ShouldBe(40);
        store.Blocks.Volumes.Count.ShouldBeLessThan(4);
    }

    [Fact]
    public void ALargeBacklogThatDrained_LeavesSmallFiles()
    {
        using var store = new TestStore(StoreEngine.Lite, _settings);
        for (var seed = 1; seed <= 600; seed++) store.Execute(Enqueue(Orders, Message(seed, 10_000)));
        FileBytes(store.Disk).ShouldBeGreaterThan(6_000_000);

        for (var number = 1; number <= 600; number += 10) store.Execute(new AcknowledgeCommand(Orders, number + 9));
        while (store.Store.Maintain())
        {
            // Each call is one step.
        }

        store.Blocks.Volumes.Count.ShouldBe(1);
        FileBytes(store.Disk).ShouldBeLessThan((2 * LogBytes) + OverheadBytes);
        store.Reopen(StoreEnd.Killed);
        FileBytes(store.Disk).ShouldBeLessThan((2 * LogBytes) + OverheadBytes);
    }

    private static long FileBytes(SimulatedDisk disk) => disk.List().Sum(name => disk[name].Length);
}
