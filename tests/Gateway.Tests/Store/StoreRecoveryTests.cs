using Gateway.Store;
using Gateway.Store.Blocks;
using Gateway.Store.Commands;
using Gateway.Store.Disk;
using Gateway.Store.Disk.Log;
using Gateway.Store.Disk.Pages;
using Gateway.Store.Messages;
using Gateway.Store.Records;
using Gateway.Store.Snapshots;
using Gateway.Tests.Store.Disk;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;
using static Gateway.Tests.Store.StoreCommands;

namespace Gateway.Tests.Store;

/// <summary>The life of groups and snapshots, and what is refused.</summary>
public sealed class StoreRecoveryTests
{
    private const string FirstVolume = "groups-0000000000000000001";

    private static readonly StoreSettings _often = new() { SnapshotGroups = 4 };

    [Theory]
    [MemberData(nameof(StoreCases.Ends), MemberType = typeof(StoreCases))]
    public void VolumesOfADrainedBacklog_AreDropped(StoreEngine engine, StoreEnd end)
    {
        using var store = new TestStore(engine, new StoreSettings { VolumeBytes = 100_000, SnapshotGroups = 10 });
        for (var seed = 1; seed <= 60; seed++) store.Execute(Enqueue(Orders, Message(seed, 10_000)));
        store.Blocks.Volumes.Count.ShouldBeGreaterThan(3);
        store.Execute(new AcknowledgeCommand(Orders, 60));

        store.Reopen(end);
        Upkeep(store);

        store.Blocks.Volumes.Count.ShouldBe(1);
        store.Execute(Enqueue(Orders, Message(61)));
        Numbers(store.Store, Orders).ShouldBe([61]);
    }

    [Theory]
    [MemberData(nameof(StoreCases.Ends), MemberType = typeof(StoreCases))]
    public void MostlyDeadVolumes_AreRewritten_WithWhatIsKeptInThem(StoreEngine engine, StoreEnd end)
    {
        using var store = new TestStore(engine, new StoreSettings { VolumeBytes = 100_000, SnapshotGroups = 10 });
        for (var seed = 1; seed <= 60; seed++)
        {
            store.Execute(Enqueue(Orders, Message(seed, 10_000)));
            if (seed % 10 == 0) store.Execute(Enqueue(Bills, Message(1000 + seed)));
        }

        store.Execute(Reject(Bills, 2));
        store.Execute(new AcknowledgeCommand(Orders, 60));
        Upkeep(store);
        store.Reopen(end);

        store.Blocks.Volumes.Count.ShouldBe(1);
        Numbers(store.Store, Bills).ShouldBe([1, 3, 4, 5, 6]);
        store.State.DeadLetters.Select(letter => letter.MessageNumber).ShouldBe([2]);
    }

    [Fact]
    public void Snapshot_LargerThanABlock_IsReadBackWhole()
    {
        const int messages = 24_000;
        using var store = new TestStore(StoreEngine.Memory, new StoreSettings { SnapshotGroups = 1_000_000 });
        for (var seed = 1; seed <= messages; seed++)
            store.Store.Execute([Enqueue(Orders, Message(seed, 0, expiresUnixMs: Noon + messages))]);
        store.Reopen(StoreEnd.Closed);
        store.Blocks.ReadFrom(BlockKind.Snapshot, SnapshotPlace.Id.Number).Count().ShouldBeGreaterThan(1);
        store.State.Find(Orders)!.Messages.ShouldBe(messages);

        store.Execute(new AcknowledgeCommand(Orders, messages - 1));
        store.Store.WriteSnapshot();
        store.Reopen(StoreEnd.Closed);
        store.Blocks.ReadFrom(BlockKind.Snapshot, SnapshotPlace.Id.Number).Count().ShouldBe(1);
        Numbers(store.Store, Orders).ShouldBe([messages]);
    }

    [Theory]
    [MemberData(nameof(StoreCases.Engines), MemberType = typeof(StoreCases))]
    public void StoreId_IsThatOfTheFirstOpening(StoreEngine engine)
    {
        using var store = new TestStore(engine);
        store.Store.StoreId.ShouldBe(TestStore.FirstId);

        MessageStore.Open(store.Blocks, _often, Guid.Parse("00000000-0000-0000-0000-0000000000ff")).StoreId.ShouldBe(TestStore.FirstId);
    }

    [Fact]
    public void NewerFormat_IsRefused_WithBothVersions()
    {
        var blocks = new MemoryBlockStore();
        blocks.Roll(firstGroup: 1, [new Block(new BlockId(BlockKind.Identity, 1), new byte[] { 7, 0, 0, 0, 1, 2, 3 })]);

        var refused = Should.Throw<StoreFailedException>(() => MessageStore.Open(blocks, _often, Guid.Empty));

        refused.Message.ShouldContain("format 7");
        refused.Message.ShouldContain($"format {MessageStore.FormatVersion}");
    }

    [Fact]
    public void StoreThatCannotBeOpened_LeavesNoBlocksOpen()
    {
        var blocks = new ObservedBlockStore();
        blocks.Roll(firstGroup: 1, [new Block(new BlockId(BlockKind.Identity, 1), new byte[3])]);

        Should.Throw<StoreFailedException>(() => MessageStore.Open(blocks, _often, Guid.Empty));

        blocks.IsDisposed.ShouldBeTrue();
    }

    [Fact]
    public void WhatTheStart_HasRead_IsForgottenBeforeAnythingIsWritten()
    {
        var blocks = new ObservedBlockStore();
        blocks.Roll(firstGroup: 1, [MessageStore.Identity(Guid.NewGuid())]);

        using var store = MessageStore.Open(blocks, _often, Guid.Empty);

        (blocks.ReadSinceForgotten, blocks.Writes).ShouldBe((false, 0));
    }

    [Fact]
    public void AnyBlock_WithAFlippedBit_IsRefusedOrQuarantined()
    {
        var blocks = Sample();
        var contents = ContentsOf(blocks);
        foreach (var block in AllBlocks(blocks))
        {
            var step = block.Id is (BlockKind.Group, 3) ? 1 : Math.Max(1, block.Bytes.Length / 200);
            for (var offset = 0; offset < block.Bytes.Length; offset += step)
            {
                var bytes = block.Bytes.ToArray();
                bytes[offset] ^= (byte)(1 << (offset % 8));
                var damaged = Replace(blocks, block.Id, bytes);

                RefusesOrQuarantines(damaged, contents, $"{block.Id}, offset {offset}");
            }
        }
    }

    [Fact]
    public void AnyBlock_CutShort_IsRefusedOrQuarantined()
    {
        var blocks = Sample();
        var contents = ContentsOf(blocks);
        foreach (var block in AllBlocks(blocks))
        {
            foreach (var length in new[] { 0, 3, 19, 20, block.Bytes.Length - 1 })
            {
                RefusesOrQuarantines(Replace(blocks, block.Id, block.Bytes[..length].ToArray()), contents, $"{block.Id}, {length} bytes");
            }
        }
    }

    [Fact]
    public void MissingGroup_IsRefused_WhenItIsNewerThanTheSnapshot_AndElseQuarantined()
    {
        var blocks = Sample();
        var contents = ContentsOf(blocks);
        var groups = AllBlocks(blocks).Where(block => block.Id.Kind == BlockKind.Group).Select(block => block.Id).ToList();
        groups.Count.ShouldBeGreaterThan(4);

        // The last one alone cannot be missed: that it was written is known from nowhere else.
        foreach (var group in groups.SkipLast(1))
        {
            RefusesOrQuarantines(Replace(blocks, group, null), contents, group.ToString()).ShouldContain("missing");
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void MissingPartOfASnapshot_IsRefused(int part)
    {
        var blocks = new MemoryBlockStore();
        var store = MessageStore.Open(blocks, _often, TestStore.FirstId);
        for (var seed = 1; seed <= 600; seed++)
            store.Execute([Enqueue(Orders, Message(seed, 0)), Reject(Orders, seed, new string('x', 1000))]);
        store.Close();
        blocks.ReadFrom(BlockKind.Snapshot, 0).Select(block => block.Id.Number).ShouldBe([1, 2, 3, 4]);

        blocks.Write([], [new BlockId(BlockKind.Snapshot, part)]);

        Should.Throw<StoreFailedException>(() => MessageStore.Open(blocks, _often, TestStore.FirstId));
    }

    [Fact]
    public void Check_SaysWhatIsWrong()
    {
        var blocks = Sample();
        using var store = MessageStore.Open(blocks, _often, TestStore.FirstId);
        store.Check().ShouldBeEmpty();

        blocks.Write([new Block(new BlockId(BlockKind.Group, 99), new byte[] { 1 })], [new BlockId(BlockKind.Group, 1)]);

        store.Check().ShouldBe(
            ["group 99 is damaged.", "group 1 is needed and is not there.", $"group 99 is there, beyond 14, the last one written."],
            ignoreOrder: true);
    }

    [Fact]
    public void AfterAFailedWrite_TheBlocksTakeNothingMore()
    {
        var disk = new SimulatedDisk();
        var group = new BlockId(BlockKind.Group, 1);
        using (var store = new TestStore(StoreEngine.Lite, disk: disk)) store.Execute(Enqueue(Orders, Message(1, 3_000)));
        using (var volume = LiteVolume.Open(disk, FirstVolume)) volume.Checkpoint();

        using var blocks = new LiteBlockStore(disk, NullLoggerFactory.Instance);
        FlipEveryDataPage(disk);
        Should.Throw<StoreFailedException>(() => blocks.Write([new Block(group with { Number = 2 }, new byte[10])], []));
        FlipEveryDataPage(disk);

        Should.Throw<StoreFailedException>(() => blocks.Write([new Block(group with { Number = 3 }, new byte[10])], []));
        Should.Throw<StoreFailedException>(() => blocks.Read(group));
        blocks.Check().ShouldNotBeEmpty();
    }

    private static void FlipEveryDataPage(SimulatedDisk disk)
    {
        for (var page = 1; page < disk[FirstVolume + ".data"].Length / PageFrame.Size; page++)
            disk[FirstVolume + ".data"].Flip((page * (long)PageFrame.Size) + 4_000, 3);
    }

    /// <summary>
    /// A store with a snapshot, groups before and after it, ids in blocks and a dead letter; one message in each group is kept.
    /// </summary>
    private static MemoryBlockStore Sample()
    {
        var blocks = new MemoryBlockStore();
        var store = MessageStore.Open(blocks, _often, TestStore.FirstId);
        for (var seed = 1; seed <= 7; seed++)
        {
            store.Execute([Enqueue(Orders, Message(seed), Message(seed + 100)), Inbound(TestStore.FirstId, seed - 1, seed),
                Complete(Orders, seed * 2)]);
            store.Execute([Reject(Jobs, seed), Enqueue(Bills, Message(seed + 200))]);
            while (seed == 4 && store.Maintain())
            {
                // Each call is one step.
            }
        }

        store.Dispose();
        return blocks;
    }

    private static IEnumerable<Block> AllBlocks(MemoryBlockStore blocks) =>
        Enum.GetValues<BlockKind>().SelectMany(kind => blocks.ReadFrom(kind, 0)).ToList();

    private static MemoryBlockStore Replace(MemoryBlockStore blocks, BlockId id, byte[]? bytes)
    {
        var copy = new MemoryBlockStore();
        copy.Roll(firstGroup: 1, []);
        copy.Write(AllBlocks(blocks).Where(block => block.Id != id).ToList(), []);
        if (bytes is not null) copy.Write([new Block(id, bytes)], []);
        return copy;
    }

    private static Dictionary<(QueueId Queue, long Number), string> ContentsOf(MemoryBlockStore blocks)
    {
        using var store = MessageStore.Open(blocks, _often, TestStore.FirstId);
        return StoreDamage.Contents(store);
    }

    /// <summary>Gives what was said about it.</summary>
    private static string RefusesOrQuarantines(
        MemoryBlockStore blocks, Dictionary<(QueueId Queue, long Number), string> contents, string what)
    {
        try
        {
            using var store = MessageStore.Open(blocks, _often, TestStore.FirstId);
            StoreDamage.ServesTheRest(store, contents, what);
            store.State.DamagedCount.ShouldBeGreaterThan(0, what);
            return store.State.Damaged[0].Why;
        }
        catch (StoreFailedException refused)
        {
            return refused.Message;
        }
    }

    private static void Upkeep(TestStore store)
    {
        while (store.Store.Maintain())
        {
            // Each call is one step.
        }

        store.Check();
    }
}
