using System.Text;
using Gateway.Client.Wire;
using Gateway.Store;
using Gateway.Store.Browsing;
using Gateway.Store.Commands;
using Gateway.Store.Messages;
using Gateway.Store.Records;
using Gateway.Tests.Store.Disk;
using Shouldly;
using Xunit;
using static Gateway.Tests.Store.StoreCommands;

namespace Gateway.Tests.Store.Browsing;

/// <summary>Looking into queues and dead letters, page by page.</summary>
public sealed class BrowseTests
{
    private static readonly StoreSettings _noSnapshots = new() { SnapshotGroups = 1_000_000 };

    [Theory]
    [InlineData(StoreEngine.Memory, 1)]
    [InlineData(StoreEngine.Memory, 2)]
    [InlineData(StoreEngine.Memory, 3)]
    [InlineData(StoreEngine.Lite, 4)]
    [InlineData(StoreEngine.Lite, 5)]
    public void Pages_GiveWhatAPlainFilterGives(StoreEngine engine, int seed)
    {
        var random = new Random(seed);
        using var store = RandomStore(engine, random);
        for (var round = 0; round < 60; round++)
        {
            QueueId? queue = random.Next(4) == 0 ? null : store.State.Queues.ElementAt(random.Next(store.State.Queues.Count)).Id;
            var all = Everything(store, queue);
            if (all.Count == 0) continue;
            var after = random.Next(3) == 0 ? random.NextInt64(all[^1].Number + 2) : 0;
            var filter = RandomFilter(random, all);
            var expected = all.Where(stored => stored.Number > after && Passes(filter, stored.Message))
                .Select(stored => (stored.Number, stored.Message.Id, stored.Message.Body.Length));

            Browse(store.Store, queue, after, filter, random.Next(1, 20)).Select(entry => (entry.Number, entry.Id, entry.BodyBytes))
                .ShouldBe(expected, $"seed {seed}, round {round}");
        }
    }

    [Theory]
    [MemberData(nameof(StoreCases.Engines), MemberType = typeof(StoreCases))]
    public void AnEntry_SaysWhatIsKnownOfTheMessage(StoreEngine engine)
    {
        using var store = new TestStore(engine);
        store.Execute(Inbound(TestStore.FirstId, 0, 3, 4, 5));
        store.Execute(new DeliveredCommand(Jobs, 2), Return(Jobs, 2, deliveries: 7, notBeforeUnixMs: Noon + 5), Reject(Jobs, 3, "no"));

        var entries = Browse(store.Store, Jobs, 0, BrowseFilter.All, 10);

        entries.Select(entry => (entry.Number, entry.Id, entry.EnqueuedUnixMs, entry.HeadersBytes, entry.BodyBytes, entry.Deliveries,
            entry.NotBeforeUnixMs, entry.Source, entry.Group))
            .ShouldBe([(1, Id(3), Noon + 3, 15, 100, 1, 0, "shop", 1), (2, Id(4), Noon + 4, 0, 100, 7, Noon + 5, "shop", 1)]);
        var letter = Browse(store.Store, null, 0, BrowseFilter.All, 10).ShouldHaveSingleItem();
        (letter.Number, letter.Id, letter.DeadLetter?.Queue, letter.DeadLetter?.MessageNumber, letter.DeadLetter?.Text)
            .ShouldBe((1, Id(5), Jobs, 3, "no"));
    }

    [Theory]
    [MemberData(nameof(StoreCases.Engines), MemberType = typeof(StoreCases))]
    public void OneMessage_IsReadWithItsBody(StoreEngine engine)
    {
        using var store = new TestStore(engine);
        store.Execute(Enqueue(Orders, Message(1), Message(2), Message(3)));
        store.Execute(Complete(Orders, 2), Reject(Orders, 3));

        ReadOne(store.Store, Orders, 1).Found.ShouldNotBeNull().Message.Body.ToArray().ShouldBe(Message(1).Body.ToArray());
        ReadOne(store.Store, null, 1).Found.ShouldNotBeNull().Message.Body.ToArray().ShouldBe(Message(3).Body.ToArray());
        foreach (var absent in new[] { ReadOne(store.Store, Orders, 2), ReadOne(store.Store, Orders, 4), ReadOne(store.Store, Bills, 1),
            ReadOne(store.Store, null, 2) })
        {
            (absent.Found, absent.IsDamaged).ShouldBe((null, false));
        }
    }

    /// <summary>
    /// The writer may have to wait for the reads of one command: their number is bounded, and the same anywhere in the queue.
    /// </summary>
    [Fact]
    public void OneCommand_ReadsABoundedPart_HoweverLargeTheQueueIs()
    {
        var blocks = new ObservedBlockStore();
        using var store = MessageStore.Open(blocks, _noSnapshots with { ReadCacheBytes = 1 }, TestStore.FirstId);
        for (var group = 0; group < 300; group++)
        {
            store.Execute([Enqueue(Orders, [.. Enumerable.Range(1, 8).Select(index => Message((group * 8) + index, group % 3 * 20_000))])]);
        }

        var nothing = new BrowseFilter { IdPrefix = "ffff" };
        var commands = 0;
        for (var (after, isEnd) = (0L, false); !isEnd; commands++)
        {
            var before = blocks.Reads;
            var command = new BrowseCommand(Orders, after, nothing, 10, _ => { });
            store.Execute([command]);
            (blocks.Reads.Blocks - before.Blocks).ShouldBeInRange(0, BrowseBudget.GroupsMax);
            (blocks.Reads.Bytes - before.Bytes).ShouldBeLessThan(BrowseBudget.BytesMax + (2 * GroupReader.TargetBytes));
            command.Page.ScannedUpTo.ShouldBeGreaterThan(after);
            (after, isEnd) = (command.Page.ScannedUpTo, command.Page.IsEnd);
        }

        commands.ShouldBeGreaterThan(300 / BrowseBudget.GroupsMax);
        var last = blocks.Reads;
        Browse(store, Orders, 2390, BrowseFilter.All, 5).Count.ShouldBe(10);
        (blocks.Reads.Blocks - last.Blocks).ShouldBeLessThanOrEqualTo(4);
    }

    [Fact]
    public void ThousandsOfDeadLetters_AreReadGroupByGroup()
    {
        var blocks = new ObservedBlockStore();
        using var store = MessageStore.Open(blocks, _noSnapshots, TestStore.FirstId);
        for (var group = 0; group < 10; group++)
            store.Execute([Enqueue(Orders, [.. Enumerable.Range(1, 1000).Select(index => Message((group * 1000) + index, 10, Noon))])]);
        var expire = Expire(NoonTime.AddDays(1));
        do
        {
            expire = Expire(NoonTime.AddDays(1));
            store.Execute([expire]);
        }
        while (expire.Next.Queues.Count > 0);
        var before = blocks.Reads;

        Browse(store, null, 0, new BrowseFilter { IdPrefix = Id(9_999).ToString() }, 10).ShouldHaveSingleItem().Number.ShouldBe(9_999);

        (blocks.Reads.Blocks - before.Blocks).ShouldBeLessThanOrEqualTo(10 + (10_000 / BrowseBudget.LettersMax) + 1);
    }

    [Fact]
    public void ADamagedGroup_IsReported_AndTheRestIsFound()
    {
        using var store = new TestStore(StoreEngine.Memory, _noSnapshots);
        for (var group = 1; group <= 5; group++) store.Execute(Enqueue(Orders, Message(group * 2), Message((group * 2) + 1)));
        store.Blocks.Read(new BlockId(BlockKind.Group, 3)).ShouldNotBeNull()[40] ^= 1;
        BrowsePage? page = null;
        var command = new BrowseCommand(Orders, 0, BrowseFilter.All, 100, found => page = found);

        store.Store.Execute([command]);
        command.Complete();

        page.ShouldNotBeNull().Damaged.ShouldBe([3]);
        page.Entries.Select(entry => entry.Number).ShouldBe([1, 2, 3, 4, 7, 8, 9, 10]);
        store.State.Damaged.ShouldHaveSingleItem().Numbers().ShouldBe("5-6");
        ReadOne(store.Store, Orders, 5).Found.ShouldBeNull();
        store.End(StoreEnd.Killed);
    }

    [Fact]
    public void ADamagedMessage_IsToldFromOneThatIsNotThere()
    {
        using var store = new TestStore(StoreEngine.Memory, _noSnapshots);
        store.Execute(Enqueue(Orders, Message(1)));
        store.Blocks.Read(new BlockId(BlockKind.Group, 1)).ShouldNotBeNull()[40] ^= 1;

        var read = ReadOne(store.Store, Orders, 1);

        (read.Found, read.IsDamaged).ShouldBe((null, true));
        store.State.DamagedCount.ShouldBe(1);
        store.End(StoreEnd.Killed);
    }

    private static List<BrowseEntry> Browse(MessageStore store, QueueId? queue, long after, BrowseFilter filter, int entriesMax)
    {
        var all = new List<BrowseEntry>();
        while (true)
        {
            BrowsePage? page = null;
            var command = new BrowseCommand(queue, after, filter, entriesMax, found => page = found);
            store.Execute([command]);
            command.Complete();
            page.ShouldNotBeNull().Entries.Count.ShouldBeLessThanOrEqualTo(entriesMax);
            all.AddRange(page.Entries);
            after = page.ScannedUpTo;
            if (page.IsEnd) return all;
        }
    }

    private static ReadOneCommand ReadOne(MessageStore store, QueueId? queue, long number)
    {
        var command = new ReadOneCommand(queue, number, _ => { });
        store.Execute([command]);
        return command;
    }

    private static IReadOnlyList<StoredMessage> Everything(TestStore store, QueueId? queue) => queue is { } id
        ? ReadAll(store.Store, id)
        : [.. store.State.DeadLetters.Select(
            letter => ReadOne(store.Store, null, letter.Number).Found.ShouldNotBeNull() with { Number = letter.Number })];

    private static TestStore RandomStore(StoreEngine engine, Random random)
    {
        var store = new TestStore(engine, new StoreSettings { SnapshotGroups = 7, VolumeBytes = 300_000 }, new SimulatedDisk());
        var model = new StoreModel(1000, TimeSpan.FromHours(1));
        var workload = new StoreWorkload(random);
        for (var step = 0; step < 80; step++)
        {
            model.BeginGroup();
            var group = workload.NextGroup(model);
            foreach (var operation in group) operation.Expect(model);
            store.Execute(group.Select(operation => operation.Command).ToList());
        }

        return store;
    }

    private static BrowseFilter RandomFilter(Random random, IReadOnlyList<StoredMessage> all)
    {
        var message = all[random.Next(all.Count)].Message;
        return random.Next(8) switch
        {
            0 => new BrowseFilter { IdPrefix = message.Id.ToString() },
            1 => new BrowseFilter { IdPrefix = message.Id.ToString()[..random.Next(1, 12)] },
            2 => new BrowseFilter { AcceptedBeforeUnixMs = message.EnqueuedUnixMs },
            3 => new BrowseFilter { AcceptedFromUnixMs = message.EnqueuedUnixMs, SizeMax = 5_000 },
            4 => new BrowseFilter { SizeMin = message.Body.Length, SizeMax = message.Body.Length + 1_000 },
            5 => new BrowseFilter { Headers = new Dictionary<string, string> { ["kind"] = random.Next(2) == 0 ? "test" : "no" } },
            6 => new BrowseFilter { Source = random.Next(2) == 0 ? "shop" : "other" },
            _ => BrowseFilter.All,
        };
    }

    /// <summary>The filter once more, in the plainest way.</summary>
    private static bool Passes(BrowseFilter filter, Message message) =>
        message.Id.ToString().StartsWith(filter.IdPrefix, StringComparison.Ordinal)
        && message.EnqueuedUnixMs >= filter.AcceptedFromUnixMs
        && message.EnqueuedUnixMs < filter.AcceptedBeforeUnixMs
        && message.Headers.Length + message.Body.Length >= filter.SizeMin
        && message.Headers.Length + message.Body.Length <= filter.SizeMax
        && (filter.Source is null || message.Source == filter.Source)
        && filter.Headers.All(wanted => HeadersJson.TryRead(message.Headers, out var headers)
            && headers.GetValueOrDefault(wanted.Key) == wanted.Value);

    [Theory]
    [InlineData("""{"kind":"ré"}""", true)]
    [InlineData("""{"kind":"r\u00e9"}""", true)]
    [InlineData("""{"other":"ré"}""", false)]
    [InlineData("not json ré", false)]
    public void AHeader_IsFoundHoweverItIsWritten(string headers, bool found)
    {
        using var store = new TestStore(StoreEngine.Memory);
        store.Execute(Enqueue(Orders, Message(1) with { Headers = Encoding.UTF8.GetBytes(headers) }));

        Browse(store.Store, Orders, 0, new BrowseFilter { Headers = new Dictionary<string, string> { ["kind"] = "ré" } },
            10).Count.ShouldBe(found ? 1 : 0);
    }
}
