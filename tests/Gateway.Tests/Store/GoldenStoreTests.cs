using System.IO.Compression;
using System.Runtime.CompilerServices;
using Gateway.Store;
using Gateway.Store.Blocks;
using Gateway.Store.Commands;
using Gateway.Store.Disk.Files;
using Gateway.Store.Messages;
using Gateway.Store.Records;
using Gateway.Store.State;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;
using static Gateway.Tests.Store.StoreCommands;

namespace Gateway.Tests.Store;

/// <summary>
/// A store that version 1 wrote, with every kind of record. Later versions must open it and find in it what was put there.
/// </summary>
public sealed class GoldenStoreTests : IDisposable
{
    private const string File = "store.zip";
    private const int DamagedGroups = 2;
    private const int MovedGroups = 4;
    private const string Why = "its checksum does not hold";

    private static readonly Guid _sender = new("00000000-0000-0000-0000-00000000000a");
    private static readonly QueueId _spoiled = QueueId.Outgoing("spoiled", "archive");
    private static readonly QueueId _once = QueueId.Outgoing("once", "archive");
    private static readonly StoredEvent _event = new("link/archive", Noon, "{}"u8.ToArray());
    private static readonly StoreSettings _settings = new() { SnapshotGroups = 3, EmptyQueuesKept = 0 };

    /// <summary>All but the one that only a repair writes.</summary>
    private static readonly RecordKind[] _kinds = [.. Enum.GetValues<RecordKind>().Where(kind => kind != RecordKind.NumbersAfter)];

    private readonly string _directory = Directory.CreateTempSubdirectory("golden-store-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    /// <summary>Writes the file anew, for a format that was not released yet: run the test with GATEWAY_GOLDEN_WRITE set.</summary>
    private void Regenerate()
    {
        // The damaged group ends up in a volume of its own, which stays. So do the next groups, but what is kept of them is moved to the
        // third.
        using (var first = MessageStore.Open(Blocks(), _settings with { VolumeBytes = 1 }, TestStore.FirstId))
        {
            foreach (var group in Groups().Take(DamagedGroups)) first.Execute(group);
            while (first.Maintain())
            {
                // A volume, and its snapshot.
            }

            foreach (var group in Groups().Skip(DamagedGroups).Take(MovedGroups)) first.Execute(group);
            first.Maintain();
        }

        var blocks = Blocks();
        var store = MessageStore.Open(blocks, _settings, Guid.Empty);
        while (store.Maintain())
        {
            // Each call is one step.
        }

        foreach (var group in Groups().Skip(DamagedGroups + MovedGroups)) store.Execute(group);
        KindsIn(blocks).ShouldBe(_kinds, ignoreOrder: true);
        blocks.Abandon();
        System.IO.File.Delete(GoldenPath());
        Directory.CreateDirectory(Path.GetDirectoryName(GoldenPath())!);
        ZipFile.CreateFromDirectory(_directory, GoldenPath(), CompressionLevel.SmallestSize, includeBaseDirectory: false);
    }

    [Fact]
    public void StoreOfVersion1_IsOpened_WithAllThatWasInIt()
    {
        if (Environment.GetEnvironmentVariable("GATEWAY_GOLDEN_WRITE") is not null) Regenerate();

        ZipFile.ExtractToDirectory(GoldenPath(), _directory, overwriteFiles: true);
        var blocks = Blocks();
        try
        {
            KindsIn(blocks).ShouldBe(_kinds, ignoreOrder: true);
            using var expected = new TestStore(StoreEngine.Memory, _settings);
            foreach (var group in Groups()) expected.Execute(group);

            var store = MessageStore.Open(blocks, _settings, Guid.Empty);

            store.StoreId.ShouldBe(TestStore.FirstId);
            store.Check().ShouldBeEmpty();
            StoreModel.ViewOf(store, 10, 10_000).ShouldBe(StoreModel.ViewOf(expected.Store, 10, 10_000));
            store.State.DeadLetters.Count.ShouldBe(1);
            store.State.Marks.ShouldHaveSingleItem().ShouldBe(new KeyValuePair<string, string>("pause/peer/archive", "{}"));
            var kept = store.State.Events.All.ShouldHaveSingleItem();
            (kept.Topic, kept.AtUnixMs, Convert.ToHexString(kept.Payload.Span))
                .ShouldBe((_event.Topic, _event.AtUnixMs, Convert.ToHexString(_event.Payload.Span)));
            store.State.Damaged.Select(damaged => (damaged.Queue, damaged.Numbers(), damaged.AtUnixMs, damaged.Why))
                .ShouldBe([(_spoiled, "1-2", Noon, Why), (_spoiled, "3", Noon, Why)]);
            Numbers(store, Orders).ShouldBe([4, 5]);
        }
        finally
        {
            blocks.Abandon();
        }
    }

    private LiteBlockStore Blocks() => new(new FileDisk(_directory), NullLoggerFactory.Instance);

    /// <summary>Small, and every kind of record: some before the snapshot, some after it.</summary>
    private static IEnumerable<IReadOnlyList<StoreCommand>> Groups() =>
    [
        [Enqueue(_spoiled, Message(901), Message(902)), new AppendEventCommand(_event)],
        [new QuarantineCommand(_spoiled)],
        [Enqueue([Orders, Bills], [Message(1), Message(2), Message(3)])],
        [Inbound(_sender, 0, 101, 102, 103, 104), new DeliveredCommand(Jobs, 2),
            Return(Jobs, 2, deliveries: 2, notBeforeUnixMs: Noon + 60_000)],
        [new AcknowledgeCommand(Orders, 1), Complete(Bills, 2), Reject(Jobs, 3, "not for us")],
        [Enqueue(Orders, Message(4), Message(5, expiresUnixMs: Noon + 3_600_000))],
        [new AcknowledgeCommand(Orders, 3), Complete(Jobs, 1), new DeliveredCommand(Jobs, 4), Return(Jobs, 4, deliveries: 1), Reject(
            Bills, 3, "too late"), Purge(null, 1), new MarkCommand("pause/peer/archive", "{}", () => { }), Inbound(_sender, 104, 109)],
        [Enqueue(_spoiled, Message(903)), Enqueue(_once, Message(904)), new AcknowledgeCommand(_once, long.MaxValue)],
        [new QuarantineCommand(_spoiled)],
    ];

    private static HashSet<RecordKind> KindsIn(LiteBlockStore blocks)
    {
        var kinds = new HashSet<RecordKind>();
        foreach (var block in new[] { BlockKind.Group, BlockKind.Snapshot, BlockKind.Accepted, BlockKind.Event }
            .SelectMany(kind => blocks.ReadFrom(kind, 0)))
        {
            var records = GroupReader.Open(block);
            while (records.TryNext(out var kind, out _)) kinds.Add(kind);
        }

        return kinds;
    }

    /// <summary>Does the same as the store when it cannot read the group of a queue's first message.</summary>
    private sealed class QuarantineCommand(QueueId queue) : StoreCommand
    {
        public override void Apply(StoreJournal journal, StoreReader reader) =>
            journal.Quarantine(new Quarantined(journal.State.Find(queue)!.After(0).First().Group, Noon, Why));
    }

    private static string GoldenPath([CallerFilePath] string path = "") => Path.Combine(Path.GetDirectoryName(path)!, "Golden", "v1", File);
}
