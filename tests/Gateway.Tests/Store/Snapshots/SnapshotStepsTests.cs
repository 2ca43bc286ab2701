using Gateway.Store;
using Gateway.Store.Commands;
using Gateway.Store.Messages;
using Gateway.Store.Records;
using Gateway.Store.Snapshots;
using Shouldly;
using Xunit;
using static Gateway.Tests.Store.StoreCommands;

namespace Gateway.Tests.Store.Snapshots;

/// <summary>
/// A snapshot is written in pieces while the store goes on. Whenever the process ends between two of them, an opening finds exactly what
/// was there.
/// </summary>
public sealed class SnapshotStepsTests
{
    private const int LongText = 60_000;

    private static readonly Guid _sender = new("00000000-0000-0000-0000-00000000000a");

    /// <summary>Ids are forgotten while a snapshot is being written, and every snapshot has some pieces.</summary>
    private static readonly StoreSettings _settings = new()
    {
        AcceptedIdsMax = 40,
        SnapshotGroups = 4,
        SnapshotBytes = 100_000_000,
        VolumeBytes = 150_000,
        EmptyQueuesKept = 3,
    };

    [Theory]
    [Kind(Kind.Slow)]
    [InlineData(1)]
    [InlineData(2)]
    public void KilledAfterAnyCommit_TheStoreKnowsWhatItKnew(int seed)
    {
        var random = new Random(seed);
        var blocks = new MemoryBlockStore();
        using var store = MessageStore.Open(blocks, _settings, TestStore.FirstId);
        var (unfinished, rolled) = (0, 0);
        for (var step = 0; step < 150; step++)
        {
            store.Execute(NextGroup(store, random));
            store.Maintain();

            var copy = blocks.Copy();
            if (HasUnfinished(copy)) unfinished++;
            if (copy.Volumes.Count > 1 && !copy.ReadFrom(BlockKind.Snapshot, SnapshotPlace.Id.Number).Any()) rolled++;
            using var reopened = MessageStore.Open(copy, _settings, TestStore.FirstId);
            ViewOf(reopened).ShouldBe(ViewOf(store), $"seed {seed}, step {step}");
            reopened.Check().ShouldBeEmpty();
        }

        unfinished.ShouldBeGreaterThan(20);
        rolled.ShouldBeGreaterThan(0);
    }

    [Theory]
    [Kind(Kind.Slow)]
    [InlineData(11)]
    public void PowerCutAfterAnyCommit_TheStoreKnowsWhatItKnew(int seed)
    {
        var random = new Random(seed);
        using var store = new TestStore(StoreEngine.Lite, _settings);
        for (var step = 0; step < 60; step++)
        {
            store.Store.Execute(NextGroup(store.Store, random));
            store.Store.Maintain();
            if (random.Next(2) == 0) continue;

            using var reopened = new TestStore(StoreEngine.Lite, _settings, store.Disk.AfterPowerCut(random, newest: random.Next(3) * 0.5));
            ViewOf(reopened.Store).ShouldBe(ViewOf(store.Store), $"seed {seed}, step {step}");
        }
    }

    [Fact]
    public void WhatWasNotFinished_IsDeletedBeforeTheNextOne_AndTakesNoRoomForEver()
    {
        var random = new Random(9);
        var blocks = new MemoryBlockStore();
        for (var run = 0; run < 12; run++)
        {
            var store = MessageStore.Open(blocks, _settings with { VolumeBytes = 100_000_000 }, TestStore.FirstId);
            for (var step = 0; step < 6; step++)
            {
                store.Execute(NextGroup(store, random));
                store.Maintain();
            }

            // Killed here.
        }

        using var last = MessageStore.Open(blocks, _settings, TestStore.FirstId);
        while (last.Maintain())
        {
            // Each call is one step.
        }

        last.WriteSnapshot();
        var place = SnapshotPlace.Read(blocks.ReadFrom(BlockKind.Snapshot, 0).First());
        blocks.ReadFrom(BlockKind.Snapshot, SnapshotPlace.Id.Number).Select(block => block.Id.Number)
            .ShouldBe(Enumerable.Range((int)place.First, (int)(place.Last - place.First + 1)).Select(number => (long)number));
        last.Check().ShouldBeEmpty();
    }

    [Fact]
    public void VolumeWhoseSuccessorHasNoSnapshotYet_IsNotDropped()
    {
        var blocks = new MemoryBlockStore();
        using var store = MessageStore.Open(blocks, _settings with { SnapshotGroups = 1_000_000 }, TestStore.FirstId);
        BuryMany(store, 20, firstSeed: 1);
        store.Execute([Enqueue(Orders, Message(5000, 200_000)), new AcknowledgeCommand(Orders, long.MaxValue)]);
        store.Maintain().ShouldBeTrue();
        blocks.Volumes.Count.ShouldBe(2);
        store.Execute([Purge(null, Enumerable.Range(1, 20).Select(number => (long)number).ToList())]);

        while (blocks.Volumes.Count == 2)
        {
            MessageStore.Open(blocks.Copy(), _settings, TestStore.FirstId).State.DeadLetters.ShouldBeEmpty();
            store.Maintain().ShouldBeTrue();
        }

        SnapshotPlace.Read(blocks.ReadFrom(BlockKind.Snapshot, 0).First()).HasSnapshot.ShouldBeTrue();
    }

    /// <summary>Work, not time: how much the largest commit writes does not depend on how many names were ever used.</summary>
    [Theory]
    [InlineData(2_000)]
    [InlineData(60_000)]
    public void NoCommitOfASnapshot_IsLargerThanTwoBlocks(int names)
    {
        var blocks = new ObservedBlockStore();
        using var store = MessageStore.Open(blocks, new StoreSettings(), TestStore.FirstId);
        for (var first = 0; first < names; first += 1000)
        {
            store.Execute([.. Enumerable.Range(first, 1000).Select(name => new StoreInboundCommand(
                _sender, $"reply-{name:d6}", 0, [new NumberedMessage(1, Message(1, 0))], _ => { }))]);
            store.Execute([.. Enumerable.Range(first, 1000).Select(name => new AcknowledgeCommand(
                QueueId.Inbound($"reply-{name:d6}"), long.MaxValue))]);
        }

        blocks.Largest = 0;
        store.WriteSnapshot();

        blocks.Largest.ShouldBeInRange(1, 2 * GroupReader.TargetBytes);
        store.State.Positions.Count.ShouldBe(names);
        using var reopened = MessageStore.Open(blocks, new StoreSettings(), TestStore.FirstId);
        reopened.State.Positions.Count.ShouldBe(names);
        reopened.Check().ShouldBeEmpty();
    }

    private static bool HasUnfinished(MemoryBlockStore blocks) =>
        blocks.ReadFrom(BlockKind.Snapshot, 0).Select(SnapshotPlace.Read).FirstOrDefault() is { HasLeftovers: true };

    private static void BuryMany(MessageStore store, int count, int firstSeed)
    {
        for (var seed = firstSeed; seed < firstSeed + count; seed++)
            store.Execute([Enqueue(Bills, Message(seed, 10)), Reject(Bills, store.State.Find(Bills)?.LastNumber + 1 ?? 1,
                new string('x', LongText))]);
    }

    /// <summary>Of everything that a snapshot holds something changes all the time.</summary>
    private static List<StoreCommand> NextGroup(MessageStore store, Random random)
    {
        var seed = (int)store.LastGroup * 100;
        var name = random.Next(12);
        var queue = name < 8 ? QueueId.Outgoing($"q{name}", "billing") : QueueId.Inbound($"in{name}");
        var known = store.State.Find(queue);
        var letters = store.State.DeadLetters.Select(letter => letter.Number).ToList();
        var group = new List<StoreCommand>
        {
            Enqueue(queue, [Message(seed), Message(seed + 1, 1000), Message(seed + 2, expiresUnixMs: Noon + random.Next(100))]),
            Inbound(_sender, store.State.Position(_sender, Jobs.Name).Number, seed + 10),
            new MarkCommand($"sent/q{random.Next(8)}@billing", random.Next(2) == 0 ? "" : $"{random.Next(9)} 9", () => { }),
        };
        if (known is { Messages: > 0 } && random.Next(2) == 0) group.Add(Reject(queue, known.FirstNumber, new string('x', LongText)));
        if (random.Next(3) == 0) group.Add(new AcknowledgeCommand(queue, random.Next(4) == 0 ? long.MaxValue : random.Next(30)));
        if (random.Next(3) == 0) group.Add(new DeliveredCommand(queue, random.Next(40)));
        if (letters.Count > 12) group.Add(Purge(null, letters[random.Next(letters.Count)], letters[^1], letters[0]));
        if (letters.Count > 3 && random.Next(4) == 0)
            group.Add(new RedirectCommand(null, [letters[random.Next(letters.Count)]], target: null, NoonTime, _ => { }));
        group.Add(new StoreInboundCommand(_sender, $"reply-{seed}", 0, [new NumberedMessage(seed + 1, Message(seed + 20, 5))], _ => { }));
        group.Add(new AcknowledgeCommand(QueueId.Inbound($"reply-{seed - 300}"), long.MaxValue));
        return group;
    }

    private static IReadOnlyList<string> ViewOf(MessageStore store) => StoreModel.ViewOf(store, 1000, int.MaxValue);
}
