using System.Diagnostics;
using System.Globalization;
using Gateway.Cli.Demo.Processes;
using Gateway.Client;
using Gateway.Store;
using Gateway.Store.Blocks;
using Gateway.Store.Commands;
using Gateway.Store.Disk.Files;
using Gateway.Store.Messages;
using Microsoft.Extensions.Logging.Abstractions;
using Spectre.Console;

namespace Gateway.Benchmarks.Store;

/// <summary>
/// How long the gateway takes to start with a long backlog, after an orderly stop and after a kill, and how much memory the process then
/// has.
/// </summary>
internal static class StartupBenchmark
{
    private const string Name = "backlog";
    private const int BodyBytes = 1024;
    private const int MessagesAfterSnapshot = 20_000;

    public static async Task<int> RunAsync(
        DirectoryInfo folder, int messages, int queues, int groupMessages, CancellationToken cancellationToken)
    {
        if (folder.Exists) folder.Delete(recursive: true);
        folder.Create();
        var table = new Table().Title($"{messages:N0} messages of {BodyBytes} bytes in {queues} queues, groups of {groupMessages}")
            .Border(TableBorder.Simple);
        table.AddColumns("gateway", "listening after s", "resident MB");

        var store = Path.Combine(folder.FullName, Name);
        AnsiConsole.MarkupLine($"fill: {Fill(store, messages, queues, groupMessages, store => store.Close()):0} s");
        await StartAsync(folder, table, "after an orderly stop", cancellationToken);
        Fill(store, MessagesAfterSnapshot, queues, groupMessages, _ => { });
        await StartAsync(folder, table, "after a kill", cancellationToken);
        AnsiConsole.Write(table);
        folder.Delete(recursive: true);
        return 0;
    }

    private static double Fill(string path, int messages, int queues, int groupMessages, Action<MessageStore> end)
    {
        var started = Stopwatch.GetTimestamp();
        var body = new byte[BodyBytes];
        using var folderLock = StoreLock.Take(path);
        var blocks = new LiteBlockStore(new FileDisk(path), NullLoggerFactory.Instance);
        var store = MessageStore.Open(blocks, new StoreSettings(), Guid.NewGuid());
        for (var sent = 0; sent < messages; sent += groupMessages)
        {
            store.Execute(Enumerable.Range(sent, groupMessages).Select(StoreCommand (number) =>
            {
                var message = new Message
                {
                    Id = MessageId.New(TimeProvider.System.GetUtcNow()),
                    EnqueuedUnixMs = 1,
                    Source = "benchmark",
                    Body = body
                };
                return new EnqueueCommand([QueueId.Outgoing($"queue{number % queues}", "peer")], [new IncomingMessage(message, 1)],
                    1, _ => { });
            }).ToList());
            store.Maintain();
        }

        end(store);
        blocks.Abandon();
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    /// <summary>Starts a gateway on the store, whose peer is away, and kills it.</summary>
    private static async Task StartAsync(DirectoryInfo folder, Table table, string after, CancellationToken cancellationToken)
    {
        var ports = LoopbackPort.Free(3);
        await using var gateway = new GatewayProcess(
            new GatewayProcessSettings
            {
                Name = Name,
                Folder = folder.FullName,
                IntakePort = ports[0],
                LinksPort = ports[1],
                Peers = new Dictionary<string, string> { ["peer"] = $"tcp://127.0.0.1:{ports[2]}" },
            },
            TimeProvider.System);
        var started = Stopwatch.GetTimestamp();
        gateway.Start();
        await gateway.WaitUntilReadyAsync(cancellationToken);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        table.AddRow(after, Number(seconds, "0.00"), Number(gateway.ResidentBytes / 1e6, "0"));
    }

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
