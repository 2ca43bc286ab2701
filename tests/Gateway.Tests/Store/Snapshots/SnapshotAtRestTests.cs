using Gateway.Store;
using Gateway.Store.Messages;
using Gateway.Store.Records;
using Gateway.Store.Snapshots;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;
using static Gateway.Tests.Store.StoreCommands;

namespace Gateway.Tests.Store.Snapshots;

/// <summary>A start after a kill reads again the groups since the last snapshot: at rest there is a snapshot of everything.</summary>
public sealed class SnapshotAtRestTests : IDisposable
{
    private const int MessageBytes = 64 * 1024;

    private readonly FakeTimeProvider _time = new();
    private readonly MemoryBlockStore _blocks = new();
    private readonly MessageStore _store;
    private int _seed;

    public SnapshotAtRestTests() => _store = MessageStore.Open(_blocks, new StoreSettings(), TestStore.FirstId, _time);

    public void Dispose() => _store.Dispose();

    [Fact]
    public void AfterTenSecondsWithoutAWrite_ThereIsASnapshot()
    {
        Write(17);
        Rest(TimeSpan.FromSeconds(9.9));
        SnapshotGroup.ShouldBeLessThan(_store.LastGroup);

        Rest(TimeSpan.FromSeconds(0.1));

        SnapshotGroup.ShouldBe(_store.LastGroup);
        _store.Check().ShouldBeEmpty();
    }

    [Fact]
    public void WhileThereIsWork_ItIsNotWrittenForThat()
    {
        for (var i = 0; i < 20; i++)
        {
            Write(1);
            Rest(TimeSpan.FromSeconds(5));
        }

        SnapshotGroup.ShouldBe(0);
    }

    [Fact]
    public void LittleIsReadAgainFastEnough()
    {
        Write(15);
        Rest(TimeSpan.FromHours(1));
        SnapshotGroup.ShouldBe(0);
    }

    /// <summary>The last group that it covers; 0 in a new store, which has none.</summary>
    private long SnapshotGroup =>
        _blocks.ReadFrom(BlockKind.Snapshot, SnapshotPlace.Id.Number).Take(1).Select(Snapshot.LastGroup).FirstOrDefault();

    private void Write(int messages)
    {
        for (var i = 0; i < messages; i++) _store.Execute([Enqueue(Orders, Message(++_seed, MessageBytes))]);
        _store.Maintain();
    }

    private void Rest(TimeSpan time)
    {
        _time.Advance(time);
        while (_store.Maintain())
        {
            // Each call is one step.
        }
    }
}
