using Gateway.Store;
using Gateway.Store.Commands;
using Gateway.Store.Messages;
using Gateway.Store.Records;
using Gateway.Store.Snapshots;
using Shouldly;
using Xunit;
using static Gateway.Tests.Store.StoreCommands;

namespace Gateway.Tests.Store.Snapshots;

/// <summary>An orderly stop writes a snapshot when the next start gains by it, and loses nothing either way.</summary>
public sealed class SnapshotAtStopTests
{
    private const int Names = 60_000;

    private readonly MemoryBlockStore _blocks = new();
    private readonly Guid _sender = new("00000000-0000-0000-0000-00000000000a");

    [Fact]
    public void AfterAFewGroups_ALargeOneIsNotWrittenAgain()
    {
        var first = Open();
        UseNames(first);
        first.Close();
        var covered = SnapshotGroup;
        covered.ShouldBe(first.LastGroup);

        for (var stop = 0; stop < 3; stop++) StopAfter([Enqueue(Orders, Message(stop))]);

        SnapshotGroup.ShouldBe(covered);
        ShouldKnowAll(messages: 3);
    }

    [Fact]
    public void AfterManyGroups_ItIsWritten()
    {
        StopAfterNames();

        StopAfter([.. Enumerable.Range(0, 1000).Select(seed => Enqueue(Orders, Message(seed, 0)))]);

        SnapshotGroup.ShouldBe(Open().LastGroup);
        ShouldKnowAll(messages: 1000);
    }

    [Fact]
    public void AfterManyBytes_ItIsWritten()
    {
        StopAfterNames();

        StopAfter([Enqueue(Orders, Message(1, 1_000_000))]);

        SnapshotGroup.ShouldBe(Open().LastGroup);
        ShouldKnowAll(messages: 1);
    }

    /// <summary>The last group that it covers.</summary>
    private long SnapshotGroup => Snapshot.LastGroup(_blocks.ReadFrom(BlockKind.Snapshot, SnapshotPlace.Id.Number).First());

    private MessageStore Open() => MessageStore.Open(_blocks, new StoreSettings(), TestStore.FirstId);

    private void StopAfterNames()
    {
        var store = Open();
        UseNames(store);
        store.Close();
    }

    /// <summary>Each command is a group.</summary>
    private void StopAfter(IReadOnlyList<StoreCommand> commands)
    {
        var store = Open();
        foreach (var command in commands) store.Execute([command]);
        store.Close();
    }

    /// <summary>Their positions make a snapshot of more than a megabyte.</summary>
    private void UseNames(MessageStore store)
    {
        foreach (var names in Enumerable.Range(0, Names).Chunk(10_000))
        {
            store.Execute([.. names.Select(name => new StoreInboundCommand(
                _sender, $"reply-{name:d6}", 0, [new NumberedMessage(1, Message(1, 0))], _ => { }))]);
            store.Execute([.. names.Select(name => new AcknowledgeCommand(QueueId.Inbound($"reply-{name:d6}"), long.MaxValue))]);
        }
    }

    private void ShouldKnowAll(int messages)
    {
        using var store = Open();
        store.State.Positions.Count.ShouldBe(Names);
        store.State.Find(Orders)!.Messages.ShouldBe(messages);
        store.Check().ShouldBeEmpty();
    }
}
