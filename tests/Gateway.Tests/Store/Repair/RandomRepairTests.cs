using System.Text;
using Gateway.Store.Disk.Pages;
using Gateway.Store.Messages;
using Gateway.Tests.Store.Disk;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Store.Repair;

/// <summary>
/// Stores with a long random history beside their model, some of their pages damaged: nothing is invented, nothing is given twice, and what
/// is not there is named.
/// </summary>
[Kind(Kind.Slow)]
public sealed class RandomRepairTests
{
    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 0)]
    [InlineData(3, 1)]
    [InlineData(4, 1)]
    [InlineData(5, 2)]
    [InlineData(6, 2)]
    [InlineData(7, 4)]
    [InlineData(8, 4)]
    [InlineData(9, 10)]
    [InlineData(10, 10)]
    [InlineData(11, 40)]
    [InlineData(12, 40)]
    public void WhatIsLeft_IsWhatWasWritten(int seed, int damagedFrames)
    {
        var random = new Random(seed);
        var settings = new StoreSettings { SnapshotGroups = random.Next(3, 30), VolumeBytes = random.Next(200_000, 1_500_000) };
        // In every second run each queue that is empty is forgotten, and comes back with another handle and other numbers.
        if (seed % 2 == 0) settings = settings with { EmptyQueuesKept = 0 };
        var (disk, model, ever) = History(random, settings);
        for (var round = 0; round < (damagedFrames == 0 ? 1 : 6); round++)
        {
            var damaged = disk.AfterPowerCut(new Random(round), newest: 1);
            for (var i = 0; i < damagedFrames; i++) Damage(damaged, random);
            using var repaired = new RepairedStore(damaged, settings);
            Verify(repaired, model, ever, $"seed {seed}, round {round}");
            if (damagedFrames == 0) repaired.Report.IsComplete.ShouldBeTrue();
        }
    }

    private static (SimulatedDisk Disk, StoreModel Model, Dictionary<(QueueId Queue, long Number), string> Ever) History(
        Random random, StoreSettings settings)
    {
        var model = new StoreModel(settings.AcceptedIdsMax, settings.AcceptedIdsAge, forgetsEmpty: settings.EmptyQueuesKept == 0);
        var workload = new StoreWorkload(random);
        var store = new TestStore(StoreEngine.Lite, settings, new SimulatedDisk());
        var ever = new Dictionary<(QueueId Queue, long Number), string>();
        for (var step = 0; step < 120; step++)
        {
            model.BeginGroup();
            var group = workload.NextGroup(model);
            foreach (var operation in group)
            {
                operation.Expect(model);
                foreach (var queue in model.Queues)
                {
                    foreach (var message in queue.Messages) ever[(queue.Id, message.Number)] = Describe(message.Message);
                }
            }

            store.Execute(group.Select(operation => operation.Command).ToList());
            model.EndGroup();
            if (random.Next(20) == 0) store.Reopen((StoreEnd)random.Next(3));
        }

        store.End((StoreEnd)random.Next(3));
        return (store.Disk, model, ever);
    }

    private static void Verify(RepairedStore repaired, StoreModel model, Dictionary<(QueueId Queue, long Number), string> ever, string what)
    {
        var report = repaired.Report;
        foreach (var queue in model.Queues)
        {
            var found = repaired.Store.State.Find(queue.Id);
            (found?.LastNumber ?? repaired.Store.State.NumbersAfter).ShouldBeGreaterThan(queue.LastNumber, what);
            var served = StoreCommands.ReadAll(repaired.Store, queue.Id)
                .ToDictionary(stored => stored.Number, stored => Describe(stored.Message));
            foreach (var (number, message) in served)
                message.ShouldBe(ever.GetValueOrDefault((queue.Id, number)), $"{what}: {queue.Id} {number}");

            // A dead letter that is missing with its group's records is one of the numbers, or of the letters, that are.
            var missing = report.Queues.FirstOrDefault(entry => entry.Queue == queue.Id)?.Missing;
            var letters = repaired.Store.State.DeadLetters.Where(letter => letter.Queue == queue.Id).Select(letter => letter.MessageNumber)
                .Concat(report.MissingLetters.Select(letter => letter.MessageNumber)).ToHashSet();
            foreach (var number in queue.Messages.Select(message => message.Number).Where(number => !served.ContainsKey(number)))
            {
                var isNamed = missing?.Contains(number) == true || letters.Contains(number);
                (isNamed || repaired.HasWord).ShouldBeTrue($"{what}: {queue.Id} {number} is missing without a word");
            }
        }

        foreach (var ((sender, name), position) in repaired.Store.State.Positions)
            position.Number.ShouldBeLessThanOrEqualTo(model.Positions.GetValueOrDefault((sender, name)), what);
        repaired.Store.State.DeadLetters.Count.ShouldBeLessThanOrEqualTo(model.Letters.Count, what);
        repaired.Store.StoreId.ShouldBe(report.IsNewStoreId ? RepairedStore.OtherId : TestStore.FirstId);
        repaired.TakesNewMessages();
    }

    private static void Damage(SimulatedDisk disk, Random random)
    {
        var names = disk.List().Where(name => name.EndsWith(".data", StringComparison.Ordinal)
            || name.EndsWith(".log", StringComparison.Ordinal)).ToList();
        var name = names[random.Next(names.Count)];
        var position = random.NextInt64(Math.Min(disk[name].Length, 120 * PageFrame.Size));
        disk[name].Flip(position, random.Next(8));
    }

    private static string Describe(Message message) => $"{message.Id} {message.EnqueuedUnixMs} {message.ExpiresUnixMs} "
        + $"{Encoding.UTF8.GetString(message.Headers.Span)} {System.IO.Hashing.Crc32.HashToUInt32(message.Body.Span)}";
}
