using Gateway.Store;
using Gateway.Store.Commands;
using Gateway.Store.Messages;
using Gateway.Store.Records;
using Shouldly;
using Xunit;
using static Gateway.Tests.Store.StoreCommands;

namespace Gateway.Tests.Store;

/// <summary>A volume is emptied some queues, or dead letters, at a time, however many there are.</summary>
public sealed class CompactorTests
{
    /// <summary>More than one step looks at.</summary>
    private const int Many = 9_000;

    private const int AtOnce = 1_000;

    private static readonly StoreSettings _settings = new() { VolumeBytes = 20_000_000, SnapshotGroups = 1_000_000 };

    [Fact]
    public void DeadLettersBeyondOneStep_AreWrittenAgain_AndTheirVolumeIsDropped()
    {
        var blocks = new ObservedBlockStore();
        using var store = MessageStore.Open(blocks, _settings, TestStore.FirstId);
        for (var seed = 1; seed <= Many; seed += AtOnce)
        {
            store.Execute([Enqueue(Bills, [.. Enumerable.Range(seed, AtOnce).Select(number => Message(number))])]);
            store.Execute([new BuryCommand(Bills, [.. Enumerable.Range(seed, AtOnce).Select(number => (long)number)], Noon, "", _ => { })]);
        }

        LeaveVolume(store);
        // Others, behind all that is to be written again.
        store.Execute([Enqueue(Bills, Message(500_000)), Reject(Bills, Many + 1)]);

        var steps = Empty(store, blocks);

        steps.ShouldBeGreaterThan(Many / 4096);
        blocks.Volumes.Count.ShouldBe(1);
        store.State.DeadLetters.Select(letter => letter.Number).ShouldBe(Enumerable.Range(1, Many + 1).Select(number => (long)number));
        store.Check().ShouldBeEmpty();
    }

    [Fact]
    public void QueuesBeyondOneStep_AreLookedThrough_ToThoseOfTheVolume()
    {
        var blocks = new ObservedBlockStore();
        using var store = MessageStore.Open(blocks, _settings, TestStore.FirstId);
        var queues = Enumerable.Range(0, Many).Select(number => QueueId.Outgoing($"q{number:d5}", "billing")).ToList();
        foreach (var some in queues.Select((queue, seed) => Enqueue(queue, Message(seed))).Chunk(AtOnce)) store.Execute([.. some]);
        LeaveVolume(store);
        // Of the first of these the volume before has nothing any more, of the last ones it has.
        foreach (var some in queues.Take(Many - 10).Select((queue, seed) => Enqueue(queue, Message(700_000 + seed))).Chunk(AtOnce))
            store.Execute([.. some]);
        foreach (var some in queues.Take(Many - 10).Select(queue => Complete(queue, 1)).Chunk(AtOnce)) store.Execute([.. some]);

        Empty(store, blocks);

        blocks.Volumes.Count.ShouldBe(1);
        Numbers(store, queues[^1]).ShouldBe([1]);
        Numbers(store, queues[0]).ShouldBe([2]);
        store.Check().ShouldBeEmpty();
    }

    /// <summary>Fills the volume with messages and acknowledges them, so that most of it is unused.</summary>
    private static void LeaveVolume(MessageStore store)
    {
        for (var seed = 600_000; seed < 600_020; seed++) store.Execute([Enqueue(Orders, Message(seed, 1_000_000))]);
        store.Execute([new AcknowledgeCommand(Orders, long.MaxValue)]);
        store.Maintain().ShouldBeTrue();
    }

    /// <returns>How many steps it took.</returns>
    private static int Empty(MessageStore store, ObservedBlockStore blocks)
    {
        var steps = 0;
        do
        {
            blocks.Largest = 0;
            steps++;
            if (!store.Maintain()) break;
            // Two blocks, and what belongs together.
            blocks.Largest.ShouldBeLessThan(3 * GroupReader.TargetBytes);
        }
        while (steps < 1000);

        return steps;
    }
}
