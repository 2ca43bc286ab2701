using Gateway.Store;
using Gateway.Store.Commands;
using Gateway.Store.Disk.Pages;
using Gateway.Store.Messages;
using Gateway.Store.Records;
using Gateway.Tests.Store.Disk;
using Shouldly;
using Xunit;
using static Gateway.Tests.Store.StoreCommands;

namespace Gateway.Tests.Store.Repair;

/// <summary>The readable parts of a damaged store are saved piece by piece, and the missing ones are named.</summary>
public sealed class StoreRepairTests
{
    private const string First = "groups-0000000000000000001";
    private const int BodyBytes = 2_900;
    private const int Seed = 20_250_701;

    private static readonly StoreSettings _settings = new() { SnapshotGroups = 1_000_000 };
    private static readonly Guid _sender = new("00000000-0000-0000-0000-00000000000a");

    [Theory]
    [InlineData(StoreEnd.Closed)]
    [InlineData(StoreEnd.Killed)]
    public void ASoundStore_IsCopiedWhole(StoreEnd end)
    {
        var (disk, contents) = Sample(end);

        using var repaired = new RepairedStore(disk);

        repaired.Report.IsComplete.ShouldBeTrue(string.Join('\n', Gateway.Store.Repair.RepairText.Lines(repaired.Report)));
        StoreDamage.Contents(repaired.Store).ShouldBe(contents, ignoreOrder: true);
        repaired.Store.StoreId.ShouldBe(TestStore.FirstId);
        repaired.Store.State.Position(_sender, Jobs.Name).Number.ShouldBe(12);
        repaired.Store.State.Accepted.Count.ShouldBe(24);
        repaired.Store.State.DeadLetters.Select(letter => (letter.Number, letter.Queue, letter.MessageNumber, letter.Text))
            .ShouldBe([(1, Orders, 4, "not wanted")]);
        var returned = repaired.Store.State.Find(Jobs).ShouldNotBeNull();
        (returned.DeliveredUpTo, returned.Returned[2].Deliveries).ShouldBe((3, 5));
        repaired.TakesNewMessages();
    }

    /// <summary>An early version of the link took what no consumer can read.</summary>
    [Fact]
    public void AMessageThatIsNotValid_BecomesADeadLetter_WithTheReason()
    {
        var disk = new SimulatedDisk();
        using (var blocks = StoreDamage.Blocks(disk))
        {
            var store = MessageStore.Open(blocks, _settings, TestStore.FirstId);
            store.Execute([Enqueue(Orders, Message(1), Message(2) with { Headers = "no json"u8.ToArray() }, Message(4))]);
        }

        using var repaired = new RepairedStore(disk);

        Read(repaired.Store, Orders).Select(message => message.Message.Id).ShouldBe([Id(1), Id(4)]);
        var letter = repaired.Store.State.DeadLetters.ShouldHaveSingleItem();
        (letter.Queue, letter.MessageNumber, letter.Reason).ShouldBe((Orders, 2, DeadLetterReason.Rejected));
        letter.Text.ShouldContain("headers are not JSON");
        (repaired.Report.IsComplete, repaired.Report.DeadLetters).ShouldBe((true, 1));
        repaired.TakesNewMessages();
    }

    [Fact]
    public void NumbersAreNotGivenAgain_NotEvenByQueuesThatAreForgotten()
    {
        var (disk, _) = Sample(StoreEnd.Closed);

        var enqueue = Enqueue(QueueId.Outgoing("other", "archive"), Message(5_000));
        var repaired = new RepairedStore(disk);
        using (repaired)
        {
            repaired.Store.State.Queues.ShouldAllBe(queue => queue.LastNumber >= 1_000_000_000_000);
            repaired.Store.Execute([enqueue]);
            enqueue.Placed[0].Message.Number.ShouldBeGreaterThan(1_000_000_000_000);
        }

        using var again = new RepairedStore(repaired.Disk);
        again.Store.State.NumbersAfter.ShouldBeGreaterThan(enqueue.Placed[0].Message.Number);
    }

    /// <summary>Each page of each file in turn: whatever it is for, what is left is saved.</summary>
    [Theory]
    [InlineData(StoreEnd.Closed, false)]
    [InlineData(StoreEnd.Killed, false)]
    [InlineData(StoreEnd.Closed, true)]
    [InlineData(StoreEnd.Killed, true)]
    [Kind(Kind.Slow)]
    public void AnyPage_Damaged_CostsWhatIsReported(StoreEnd end, bool withItsCopies)
    {
        var (disk, contents) = Sample(end);
        var (complete, cost, gone) = (0, 0, Gone(contents));
        foreach (var name in Files(disk))
        {
            foreach (var (number, place) in UsedPlace.In(disk, name).Index())
            {
                var damaged = Copy(disk);
                place.Flip(damaged, number * 977 % PageFrame.Size, number % 8);
                if (withItsCopies) FlipCopies(damaged, place, place.Pages(disk));
                using var repaired = new RepairedStore(damaged);
                repaired.HoldsAllButWhatIsReported(contents, $"{place}", gone);
                repaired.Report.Damage.ShouldContain(line => line.Contains(name, StringComparison.Ordinal));
                repaired.Store.StoreId.ShouldBe(TestStore.FirstId);
                if (repaired.Report.IsComplete) complete++;
                else cost++;
                repaired.TakesNewMessages();
            }
        }

        complete.ShouldBeGreaterThan(5);
        if (withItsCopies) cost.ShouldBeGreaterThan(5);
    }

    [Theory]
    [InlineData(".data")]
    [InlineData(".log")]
    public void AMissingFile_IsAVolumeLess_OrNothing(string suffix)
    {
        var (disk, contents) = Sample(StoreEnd.Closed);
        foreach (var volume in new[] { First, Volumes(disk)[^1], "ids" })
        {
            var damaged = Copy(disk);
            damaged.Delete(volume + suffix);
            using var repaired = new RepairedStore(damaged);
            repaired.HoldsAllButWhatIsReported(contents, volume + suffix, Gone(contents));
            repaired.Report.Damage.ShouldContain($"{volume}{suffix} is missing");
            repaired.TakesNewMessages();
        }
    }

    [Fact]
    public void AMissingVolume_CostsItsMessages_ByTheirNumbers()
    {
        var (disk, contents) = Sample(StoreEnd.Closed);
        disk.Delete(First + ".data");
        disk.Delete(First + ".log");

        using var repaired = new RepairedStore(disk);

        repaired.HoldsAllButWhatIsReported(contents, First);
        repaired.Report.Queues.Single(queue => queue.Queue == Orders).Missing.ToString().ShouldBe("2-3, 5-16");
        repaired.Report.Queues.Single(queue => queue.Queue == Jobs).Missing.ToString().ShouldBe("1-8");
        repaired.Report.MissingLetters.ShouldHaveSingleItem().Number.ShouldBe(1);
    }

    [Fact]
    [Kind(Kind.Slow)]
    public void ATruncatedFile_CostsWhatWasInItsEnd()
    {
        var (disk, contents) = Sample(StoreEnd.Closed);
        for (var frames = disk[First + ".data"].Length / PageFrame.Size; frames >= 0; frames--)
        {
            var damaged = Copy(disk);
            damaged[First + ".data"].SetLength((frames * PageFrame.Size) + (frames % 3 * 1_000));
            damaged[First + ".data"].Flush();
            using var repaired = new RepairedStore(damaged);
            repaired.HoldsAllButWhatIsReported(contents, $"{frames} frames", Gone(contents));
            repaired.TakesNewMessages();
        }
    }

    [Fact]
    public void WhatTheDiskRefusesToRead_IsLikeDamage()
    {
        var (disk, contents) = Sample(StoreEnd.Closed);
        for (var read = 1; read < 1_000; read += 37)
        {
            var failing = Copy(disk);
            failing.FailReadAt = read;
            using var repaired = new RepairedStore(failing, isStable: false);
            repaired.HoldsAllButWhatIsReported(contents, $"read {read}", Gone(contents));
        }
    }

    [Fact]
    public void WithoutAnyIdentity_ItIsAnotherStore_AndSaysSo()
    {
        var (disk, contents) = Sample(StoreEnd.Closed);
        var identity = TestStore.FirstId.ToByteArray(bigEndian: true);
        foreach (var volume in Volumes(disk)) SpoilPages(disk, volume, [1, 0, 0, 0, .. identity]);

        using var repaired = new RepairedStore(disk);

        repaired.Report.IsNewStoreId.ShouldBeTrue();
        repaired.Store.StoreId.ShouldBe(RepairedStore.OtherId);
        repaired.HoldsAllButWhatIsReported(contents, "identity", Gone(contents));
    }

    [Fact]
    public void WithoutAnySnapshot_AllGroupsAreReplayed()
    {
        var (disk, contents) = Sample(StoreEnd.Closed);
        foreach (var name in Files(disk)) SpoilSnapshots(disk, name);

        using var repaired = new RepairedStore(disk);

        repaired.Report.SnapshotGroup.ShouldBeNull();
        StoreDamage.Contents(repaired.Store).ShouldBe(contents, ignoreOrder: true);
        repaired.Store.State.Position(_sender, Jobs.Name).Number.ShouldBe(12);
        repaired.Store.State.DeadLetters.Count.ShouldBe(1);
    }

    /// <summary>A position behind a lost group would say that what was in it is here; so the peer is asked for it again.</summary>
    [Fact]
    public void BehindALostGroup_PositionsAreSetBack()
    {
        var (disk, _) = Sample(StoreEnd.Killed);
        var volume = Volumes(disk)[^1];
        StoreDamage.SettleLog(disk, volume);
        Spoil(disk, volume + ".data", Message(10, BodyBytes).Body.Span[..64]);
        Spoil(disk, volume + ".log", Message(10, BodyBytes).Body.Span[..64]);

        using var repaired = new RepairedStore(disk);

        repaired.Report.LostGroups.IsEmpty.ShouldBeFalse();
        repaired.Report.HasStalePositions.ShouldBeTrue();
        repaired.Store.State.Position(_sender, Jobs.Name).Number.ShouldBeInRange(1, 9);
        repaired.Report.Queues.Single(queue => queue.Queue == Jobs).Missing.Contains(10).ShouldBeTrue();
    }

    [Fact]
    public void WhatWasPutAsideAsDamaged_AndCanBeRead_IsBackWithANewNumber()
    {
        var (disk, contents) = Sample(StoreEnd.Closed);
        using (var store = StoreDamage.Open(disk, _settings)) store.Execute([new QuarantineCommand(3)]);

        using var repaired = new RepairedStore(disk);

        repaired.Report.Queues.Single(queue => queue.Queue == Orders).Renumbered.ShouldBe(2);
        var numbers = Numbers(repaired.Store, Orders);
        numbers.ShouldNotContain(5);
        numbers.Count.ShouldBe(contents.Keys.Count(place => place.Queue == Orders));
        numbers[^1].ShouldBeGreaterThan(1_000_000_000_000);
        repaired.TakesNewMessages();
    }

    /// <summary>
    /// Two volumes; two messages to a peer and one from a peer in each group; some gone, some returned, one a dead letter.
    /// </summary>
    private static (SimulatedDisk Disk, Dictionary<(QueueId Queue, long Number), string> Contents) Sample(StoreEnd end)
    {
        var disk = new SimulatedDisk();
        Dictionary<(QueueId Queue, long Number), string> contents = [];
        for (var group = 1; group <= 12; group += 8)
        {
            var blocks = StoreDamage.Blocks(disk);
            var store = MessageStore.Open(blocks, _settings with { VolumeBytes = 1 }, TestStore.FirstId);
            if (group > 1) store.Maintain();
            for (var seed = group; seed < group + 8 && seed <= 12; seed++)
            {
                store.Execute([
                    Enqueue(Orders, Message(seed * 2, BodyBytes), Message((seed * 2) + 1, BodyBytes)),
                    new StoreInboundCommand(_sender, Jobs.Name, seed - 1, [new NumberedMessage(seed, Message(seed, BodyBytes))],
                        _ => { })]);
            }

            if (group == 1) store.Execute([new AcknowledgeCommand(Orders, 1), Reject(Orders, 4)]);
            else store.Execute([new DeliveredCommand(Jobs, 3), Return(Jobs, 2, deliveries: 5)]);
            contents = StoreDamage.Contents(store);
            if (end == StoreEnd.Closed || group == 1) store.Close();
            blocks.Abandon();
        }

        if (end == StoreEnd.Closed)
        {
            foreach (var name in Volumes(disk)) StoreDamage.SettleLog(disk, name);
        }

        return (Copy(disk), contents);
    }

    /// <summary>The messages that had left the queues before.</summary>
    private static Dictionary<(QueueId Queue, long Number), string> Gone(Dictionary<(QueueId Queue, long Number), string> contents)
    {
        using var store = new TestStore(StoreEngine.Memory);
        for (var seed = 1; seed <= 12; seed++)
            store.Execute(Enqueue(Orders, Message(seed * 2, BodyBytes), Message((seed * 2) + 1, BodyBytes)));
        return StoreDamage.Contents(store.Store).Where(entry => !contents.ContainsKey(entry.Key)).ToDictionary();
    }

    private static SimulatedDisk Copy(SimulatedDisk disk) => disk.AfterPowerCut(new Random(Seed), newest: 1);

    private static List<string> Volumes(SimulatedDisk disk) =>
        [.. Files(disk).Where(name => name.StartsWith("groups-", StringComparison.Ordinal)
            && name.EndsWith(".data", StringComparison.Ordinal)).Select(name => name[..^5])];

    private static List<string> Files(SimulatedDisk disk) =>
        [.. disk.List().Where(name => name.EndsWith(".data", StringComparison.Ordinal) || name.EndsWith(".log", StringComparison.Ordinal))];

    /// <summary>
    /// Each batch of the volume's log, of this epoch or of the one before, with the same page in it: without them nothing can take its
    /// place.
    /// </summary>
    private static void FlipCopies(SimulatedDisk disk, UsedPlace damaged, HashSet<uint> pages)
    {
        foreach (var copy in UsedPlace.In(disk, Path.ChangeExtension(damaged.File, ".log"))
            .Where(copy => copy.Epoch is not null && copy.Pages(disk).Overlaps(pages)))
        {
            copy.Flip(disk, 400, 1);
        }
    }

    private static void SpoilSnapshots(SimulatedDisk disk, string name)
    {
        // A snapshot's first record is Counters: 32, 24 bytes long.
        Spoil(disk, name, [32, 24, 0, 0, 0]);
    }

    /// <summary>
    /// Flips a bit in each place of a data file where these bytes stand, and in each batch of the log that has something of their pages: of
    /// zeros among them it has none.
    /// </summary>
    private static void SpoilPages(SimulatedDisk disk, string volume, ReadOnlySpan<byte> found)
    {
        var bytes = new byte[disk[volume + ".data"].Length];
        disk[volume + ".data"].Read(0, bytes);
        Spoil(disk, volume + ".data", found);
        for (var offset = bytes.AsSpan().IndexOf(found); offset >= 0;)
        {
            FlipCopies(disk, new UsedPlace(volume + ".data", 0, 0, null), [(uint)((offset / PageFrame.Size) - 1)]);
            var next = bytes.AsSpan(offset + 1).IndexOf(found);
            offset = next < 0 ? -1 : offset + 1 + next;
        }
    }

    /// <summary>Flips a bit in each place of a file where these bytes stand.</summary>
    private static void Spoil(SimulatedDisk disk, string name, ReadOnlySpan<byte> found)
    {
        var bytes = new byte[disk[name].Length];
        disk[name].Read(0, bytes);
        for (var offset = bytes.AsSpan().IndexOf(found); offset >= 0;)
        {
            disk[name].Flip(offset, 4);
            var next = bytes.AsSpan(offset + 1).IndexOf(found);
            offset = next < 0 ? -1 : offset + 1 + next;
        }
    }

    private sealed class QuarantineCommand(long group) : StoreCommand
    {
        public override void Apply(StoreJournal journal, StoreReader reader) =>
            journal.Quarantine(new Quarantined(group, Noon, "for a test"));
    }
}
