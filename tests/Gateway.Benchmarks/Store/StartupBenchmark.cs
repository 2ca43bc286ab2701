using System.Diagnostics;
using System.Globalization;
using Gateway.Client;
using Gateway.Store;
using Gateway.Store.Commands;
using Gateway.Store.Disk;
using Microsoft.Extensions.Logging.Abstractions;
using Spectre.Console;

namespace Gateway.Benchmarks.Store;

/// <summary>How long a store with a long backlog takes to open, after an orderly stop and after a kill, and what it then holds in memory.</summary>
internal static class StartupBenchmark
{
    private const int BodyBytes = 1024;
    private const int GroupMessages = 100;
    private const int MessagesAfterSnapshot = 20_000;

    public static int Run(DirectoryInfo folder, int messages, int queues)
    {
        if (folder.Exists) folder.Delete(recursive: true);
        var table = new Table().Title($"{messages:N0} messages of {BodyBytes} bytes in {queues} queues, groups of {GroupMessages}").Border(TableBorder.Simple);
        table.AddColumns("", "seconds", "heap MB", "working set MB");

        var blocks = new LiteBlockStore(new FileDisk(folder.FullName), NullLoggerFactory.Instance);
        var store = MessageStore.Open(blocks, new StoreSettings(), Guid.NewGuid());
        AnsiConsole.MarkupLine($"fill: {Fill(store, messages, queues):0} s");
        store.Close();
        Open(folder, table, "after an orderly stop", opened => Fill(opened, MessagesAfterSnapshot, queues));
        Open(folder, table, "after a kill", _ => { });
        AnsiConsole.Write(table);
        folder.Delete(recursive: true);
        return 0;
    }

    private static double Fill(MessageStore store, int messages, int queues)
    {
        var started = Stopwatch.GetTimestamp();
        var body = new byte[BodyBytes];
        for (var sent = 0; sent < messages; sent += GroupMessages)
        {
            store.Execute(Enumerable.Range(sent, GroupMessages).Select(StoreCommand (number) =>
            {
                var message = new Message { Id = MessageId.New(DateTimeOffset.UnixEpoch.AddYears(50)), EnqueuedUnixMs = 1, Source = "benchmark", Body = body };
                return new EnqueueCommand([QueueId.Outgoing($"queue{number % queues}", "peer")], [new IncomingMessage(message, 1)], 1, _ => { });
            }).ToList());
            store.Maintain();
        }

        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    /// <summary>Opens the store, and ends it as if killed.</summary>
    private static void Open(DirectoryInfo folder, Table table, string after, Action<MessageStore> work)
    {
        var started = Stopwatch.GetTimestamp();
        var blocks = new LiteBlockStore(new FileDisk(folder.FullName), NullLoggerFactory.Instance);
        var store = MessageStore.Open(blocks, new StoreSettings(), Guid.NewGuid());
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var heap = GC.GetTotalMemory(forceFullCollection: true);
        table.AddRow(after, Number(seconds, "0.00"), Number(heap / 1e6, "0"), Number(Process.GetCurrentProcess().WorkingSet64 / 1e6, "0"));
        work(store);
        GC.KeepAlive(store);
        blocks.Abandon();
    }

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
