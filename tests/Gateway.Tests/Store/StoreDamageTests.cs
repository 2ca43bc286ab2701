using Gateway.Store;
using Gateway.Store.Commands;
using Gateway.Store.Disk.Log;
using Gateway.Store.Disk.Pages;
using Gateway.Store.Messages;
using Gateway.Store.Records;
using Gateway.Tests.Store.Disk;
using Shouldly;
using Xunit;
using static Gateway.Tests.Store.StoreCommands;

namespace Gateway.Tests.Store;

/// <summary>
/// Bytes that changed on the disk: they cost the messages they were, and nothing else, and nobody is told that these were never there.
/// </summary>
public sealed class StoreDamageTests
{
    private const string First = "groups-0000000000000000001";
    private const int Groups = 12;
    private const int GroupsOfFirst = 8;
    /// <summary>A group nearly fills a page, so that the loss of a page is that of one group.</summary>
    private const int BodyBytes = 2_900;

    private const int Seed = 20_250_701;

    private static readonly StoreSettings _settings = new() { SnapshotGroups = 1_000_000 };

    /// <summary>
    /// A page's checksum sees every byte alike; the checksum of the group itself is tried byte by byte where there are no pages.
    /// </summary>
    [Fact]
    public void BytesOfAGroup_Flipped_CostThatGroupAlone()
    {
        var (disk, contents) = Sample();
        var (offset, length) = StoreDamage.Find(disk, First + ".data", GroupOf(disk, 3));
        for (var position = offset - 16; position < offset + length + 4; position += 97)
        {
            var damaged = Copy(disk);
            damaged[First + ".data"].Flip(position, position % 8);
            using var store = StoreDamage.Open(damaged, _settings);

            StoreDamage.ServesTheRest(store, contents, $"byte {position - offset} of the group");

            store.State.Damaged.Select(entry => entry.Group).ShouldBe([3, 3]);
        }
    }

    [Fact]
    public void AnyByteOfTheFiles_Flipped_IsRefusedOrCostsWhatIsListed()
    {
        var (disk, contents) = Sample();
        var random = new Random(Seed);
        var names = disk.List().Where(name => name.EndsWith(".data", StringComparison.Ordinal)
            || name.EndsWith(".log", StringComparison.Ordinal)).ToList();
        var (refused, degraded) = (0, 0);
        for (var round = 0; round < 150; round++)
        {
            var damaged = Copy(disk);
            var file = names[random.Next(names.Count)];
            var position = random.NextInt64(Math.Min(disk[file].Length, 20 * PageFrame.Size));
            damaged[file].Flip(position, random.Next(8));
            try
            {
                using var store = StoreDamage.Open(damaged, _settings);
                StoreDamage.ServesTheRest(store, contents, $"byte {position} of {file}");
                degraded += store.State.DamagedCount > 0 ? 1 : 0;
            }
            catch (Exception e) when (e is StoreFailedException or StoreFormatException or CorruptPageException)
            {
                refused++;
            }
        }

        refused.ShouldBeGreaterThan(0);
        degraded.ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData(StoreEnd.Closed)]
    [InlineData(StoreEnd.Disposed)]
    [InlineData(StoreEnd.Killed)]
    public void WhatIsDamaged_StaysListed_AfterARestart(StoreEnd end)
    {
        var (disk, contents) = Sample();
        Spoil(disk, 3);
        var blocks = StoreDamage.Blocks(disk);
        var store = MessageStore.Open(blocks, _settings, TestStore.FirstId);
        Numbers(store, Orders).ShouldBe([1, 2, 3, 4, .. Enumerable.Range(7, 18).Select(number => (long)number)]);
        store.State.Damaged.Select(entry => (entry.Queue, entry.Numbers(), entry.Messages)).ShouldBe([(Orders, "5-6", 2), (Jobs, "3", 1)]);
        if (end == StoreEnd.Closed) store.Close();
        else if (end == StoreEnd.Disposed) store.Dispose();
        blocks.Abandon();

        using var again = StoreDamage.Open(disk, _settings);

        again.State.DamagedCount.ShouldBe(3);
        again.State.Damaged.Select(entry => (entry.Queue, entry.Numbers(), entry.Why))
            .ShouldBe(store.State.Damaged.Select(entry => (entry.Queue, entry.Numbers(), entry.Why)));
        StoreDamage.ServesTheRest(again, contents, end.ToString());
        again.Check().ShouldAllBe(fault => fault.Contains(First, StringComparison.Ordinal));
    }

    [Fact]
    public void WhatHadLeftItsQueueBefore_IsNotDamaged()
    {
        var (disk, _) = Sample();
        Spoil(disk, 3);
        using var store = StoreDamage.Open(disk, _settings);
        store.Execute([Complete(Orders, 5)]);

        ReadAll(store, Orders);

        store.State.Damaged.Select(entry => (entry.Queue, entry.Numbers(), entry.Messages)).ShouldBe([(Orders, "6", 1), (Jobs, "3", 1)]);
    }

    [Fact]
    public void TheBytesOfADamagedPage_AreSetAside_AndTheEngineGoesOn()
    {
        var (disk, _) = Sample();
        Spoil(disk, 3);
        using var store = StoreDamage.Open(disk, _settings);

        for (var round = 0; round < 20; round++)
        {
            ReadAll(store, Orders);
            store.Execute([Enqueue(Orders, Message(1000 + round))]);
        }

        disk.Quarantine.ShouldHaveSingleItem().Value.Length.ShouldBe(PageFrame.Size);
        ReadAll(store, Orders).Count.ShouldBe((2 * Groups) - 2 + 20);
    }

    [Fact]
    public void Check_NamesADamagedGroup_ThatNobodyHasReadYet()
    {
        var (disk, _) = Sample();
        Spoil(disk, 3);
        using var store = StoreDamage.Open(disk, _settings);

        store.Check().ShouldContain(fault => fault.StartsWith($"group 3 cannot be read: page ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(".data")]
    [InlineData(".log")]
    public void AVolumeThatCannotBeOpened_CostsItsMessages_AndStays(string suffix)
    {
        var (disk, contents) = Sample();
        disk[First + suffix].Flip(100, 3);
        using var store = StoreDamage.Open(disk, _settings);

        StoreDamage.ServesTheRest(store, contents, suffix);

        store.State.DamagedCount.ShouldBe(GroupsOfFirst * 3);
        store.State.Damaged.ShouldAllBe(entry => entry.Why.StartsWith("its volume cannot be opened", StringComparison.Ordinal));
        store.Execute([new AcknowledgeCommand(Orders, 1000)]);
        Upkeep(store);
        disk.Exists(First + ".data").ShouldBeTrue();
    }

    [Fact]
    public void ADamagedNewestVolume_IsWrittenNoMore()
    {
        var (disk, contents) = Sample();
        var newest = VolumesIn(disk)[^1];
        Spoil(disk, Groups - 1, newest);
        using (var store = StoreDamage.Open(disk, _settings))
        {
            store.Execute([Enqueue(Bills, Message(5000))]);
            store.Execute([Complete(Bills, 1)]);
            StoreDamage.ServesTheRest(store, contents, newest);
            store.State.DamagedCount.ShouldBe(3);
        }

        VolumesIn(disk).Count.ShouldBe(3);
        using var again = StoreDamage.Open(disk, _settings);
        StoreDamage.ServesTheRest(again, contents, newest);
    }

    [Fact]
    public void Compaction_PassesOverADamagedGroup_AndLeavesItsVolume()
    {
        var (disk, contents) = Sample();
        Spoil(disk, 3);
        using var store = StoreDamage.Open(disk, _settings);

        store.Compact();

        store.State.DamagedCount.ShouldBe(3);
        VolumesIn(disk)[0].ShouldBe(First);
        StoreDamage.ServesTheRest(store, contents, "after compaction");
    }

    [Fact]
    public void ADamagedDeadLetter_IsListed_WhenItsVolumeIsCompacted()
    {
        var (disk, _) = Sample();
        Spoil(disk, 3);
        using var store = StoreDamage.Open(disk, _settings);
        store.Execute([Reject(Jobs, 3), new AcknowledgeCommand(Orders, 1000)]);
        store.State.DeadLetters.Count.ShouldBe(1);

        store.Compact();

        store.State.DeadLetters.ShouldBeEmpty();
        store.State.Damaged.ShouldHaveSingleItem().DeadLetter.ShouldBe(1);
    }

    [Fact]
    public void Expiry_OfADamagedMessage_IsDamageAndNoFailure()
    {
        var (disk, _) = Sample();
        Spoil(disk, 3);
        using var store = StoreDamage.Open(disk, _settings);

        store.Execute([Expire(NoonTime.AddDays(1))]);

        store.State.DeadLetters.Count.ShouldBe(Groups - 1);
        store.State.Damaged.Select(entry => entry.Group).ShouldBe([3, 3]);
    }

    [Fact]
    public void WhatIsCounted_IsTold()
    {
        var (disk, _) = Sample();
        Spoil(disk, 3);
        using var store = StoreDamage.Open(disk, _settings);
        ReadAll(store, Orders);

        var describe = new DescribeCommand(_ => { });
        store.Execute([describe]);

        describe.Damaged.ShouldBe(3);
    }

    /// <summary>
    /// Two volumes, a message to an application and two to a peer in each group; all of it in snapshots, and in data files.
    /// </summary>
    private static (SimulatedDisk Disk, Dictionary<(QueueId Queue, long Number), string> Contents) Sample()
    {
        var disk = new SimulatedDisk();
        for (var group = 1; group <= Groups; group += GroupsOfFirst)
        {
            // The volume is full as soon as it is begun.
            var blocks = StoreDamage.Blocks(disk);
            var store = MessageStore.Open(blocks, _settings with { VolumeBytes = 1 }, TestStore.FirstId);
            if (group > 1) store.Maintain();
            for (var seed = group; seed < group + GroupsOfFirst && seed <= Groups; seed++)
            {
                store.Execute([Enqueue(Orders, Message(seed * 2, BodyBytes, Noon + 1), Message((seed * 2) + 1, BodyBytes)),
                    Inbound(TestStore.FirstId, seed - 1, seed)]);
            }

            store.Close();
        }

        foreach (var name in VolumesIn(disk)) StoreDamage.SettleLog(disk, name);
        using var sound = StoreDamage.Open(Copy(disk), _settings);
        return (disk, StoreDamage.Contents(sound));
    }

    private static Block GroupOf(SimulatedDisk disk, long number)
    {
        using var blocks = StoreDamage.Blocks(Copy(disk));
        var id = new BlockId(BlockKind.Group, number);
        return new Block(id, blocks.Read(id).ShouldNotBeNull());
    }

    /// <summary>Flips a bit in a group's own bytes.</summary>
    private static void Spoil(SimulatedDisk disk, long group, string volume = First)
    {
        var (offset, length) = StoreDamage.Find(disk, volume + ".data", GroupOf(disk, group));
        disk[volume + ".data"].Flip(offset + (length / 2), 4);
    }

    private static SimulatedDisk Copy(SimulatedDisk disk) => disk.AfterPowerCut(new Random(Seed), newest: 1);

    private static List<string> VolumesIn(SimulatedDisk disk) =>
        [.. disk.List().Where(name => name.StartsWith("groups-", StringComparison.Ordinal)
            && name.EndsWith(".data", StringComparison.Ordinal)).Select(name => name[..^".data".Length])];

    private static void Upkeep(MessageStore store)
    {
        while (store.Maintain())
        {
            // Each call is one step.
        }
    }
}
