using System.Diagnostics;
using System.Globalization;
using Gateway.Client;
using Gateway.Store;
using Gateway.Store.Blocks;
using Gateway.Store.Commands;
using Gateway.Store.Disk.Files;
using Gateway.Store.Messages;
using Microsoft.Extensions.Logging.Abstractions;
using Spectre.Console;

namespace Gateway.Benchmarks.Store;

/// <summary>Whether the store is as fast with a long backlog as with a short one: the same work, interleaved, on top of each.</summary>
internal static class BacklogBenchmark
{
    private const int BodyBytes = 1024;
    private const int GroupMessages = 100;
    private const int Groups = 1000;
    private const int ReadMessages = 1000;
    private const int ReadBytes = 1024 * 1024;

    private static readonly QueueId _queue = QueueId.Outgoing("orders", "peer");
    private static readonly byte[] _body = new byte[BodyBytes];

    public static int Run(DirectoryInfo folder, int rounds, IReadOnlyList<int> backlogs)
    {
        var results = backlogs.ToDictionary(backlog => backlog, _ => new Result());
        for (var round = 0; round < rounds; round++)
        {
            foreach (var backlog in backlogs) RunOnce(folder, backlog, results[backlog]);
        }

        var table = new Table().Title($"Messages of {BodyBytes} bytes a second, groups of {GroupMessages}; in brackets the ratio "
            + $"to the shortest backlog").Border(TableBorder.Simple);
        table.AddColumns("backlog", "insert", "read", "steady");
        var shortest = results[backlogs.Min()];
        foreach (var (backlog, result) in results)
            table.AddRow($"{backlog:N0}", Rate(result.Insert, shortest.Insert), Rate(result.Read, shortest.Read),
                Rate(result.Steady, shortest.Steady));
        AnsiConsole.Write(table);
        return 0;
    }

    private static void RunOnce(DirectoryInfo folder, int backlog, Result result)
    {
        if (folder.Exists) folder.Delete(recursive: true);
        folder.Create();
        using var store = MessageStore.Open(
            new LiteBlockStore(new FileDisk(folder.FullName), NullLoggerFactory.Instance), new StoreSettings(), Guid.NewGuid());
        for (var stored = 0; stored < backlog; stored += GroupMessages) Commit(store, Insertions());

        result.Insert.Add(RateOf(() =>
        {
            for (var group = 0; group < Groups; group++) Commit(store, Insertions());
        }));
        result.Read.Add(RateOf(() => Read(store)));
        result.Steady.Add(RateOf(() =>
        {
            for (var group = 0; group < Groups; group++)
                Commit(store, [.. Insertions(), new AcknowledgeCommand(_queue, (group + 1L) * GroupMessages)]);
        }));
        folder.Refresh();
    }

    private static void Commit(MessageStore store, IReadOnlyList<StoreCommand> commands)
    {
        store.Execute(commands);
        store.Maintain();
    }

    private static void Read(MessageStore store)
    {
        for (var after = 0L; after < Groups * GroupMessages;)
        {
            IReadOnlyList<StoredMessage> found = [];
            var read = new ReadQueueCommand(_queue, after, ReadMessages, ReadBytes, messages => found = messages);
            store.Execute([read]);
            read.Complete();
            after = found[^1].Number;
        }
    }

    private static List<StoreCommand> Insertions() => Enumerable.Range(0, GroupMessages).Select(StoreCommand (_) =>
    {
        var message = new Message
        {
            Id = MessageId.New(DateTimeOffset.UnixEpoch.AddYears(50)),
            EnqueuedUnixMs = 1,
            Source = "benchmark",
            Body = _body
        };
        return new EnqueueCommand([_queue], [new IncomingMessage(message, 1)], 1, _ => { });
    }).ToList();

    private static double RateOf(Action work)
    {
        var started = Stopwatch.GetTimestamp();
        work();
        return Groups * GroupMessages / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static string Rate(Measurement rate, Measurement shortest) =>
        string.Create(CultureInfo.InvariantCulture, $"{rate.Median:N0} ({rate.Median / shortest.Median:0.00})");

    private sealed class Result
    {
        public Measurement Insert { get; } = new();

        public Measurement Read { get; } = new();

        public Measurement Steady { get; } = new();
    }
}
