using System.Diagnostics;
using System.Globalization;
using Gateway.Cli.Demo.Processes;
using Gateway.Client;
using Gateway.Client.Processing;

namespace Gateway.Benchmarks.Processing;

/// <summary>
/// Messages a second of a queue, each handled for a millisecond, sixteen at once: by a processor, and by the loop that an application would
/// write by hand. The messages are there before; the time counts from the first request to the last confirmed completion.
/// </summary>
internal static class ProcessorBenchmark
{
    private const string Queue = "work";
    private const string Loop = "loop by hand";
    private const int HandlersAtOnce = 16;
    private const int BodyBytes = 100;
    private const int BatchMessages = 500;
    private const int Messages = 40_000;
    private const int WarmUpMessages = 10_000;
    private const int Keys = 1_000;

    private static readonly TimeSpan _handling = TimeSpan.FromMilliseconds(1);

    public static async Task<object> RunAsync(BenchmarkSettings settings, CancellationToken cancellationToken)
    {
        var folder = settings.FreshFolder();
        var ports = LoopbackPort.Free(3);
        await using var gateway = new GatewayProcess(
            new GatewayProcessSettings
            {
                Name = "here",
                Folder = folder.FullName,
                IntakePort = ports[0],
                LinksPort = ports[1],
                HttpPort = ports[2],
                Peers = new Dictionary<string, string>(),
            },
            TimeProvider.System);
        gateway.Start();
        await gateway.WaitUntilReadyAsync(cancellationToken);
        await using var client = new GatewayClient(
            new GatewayClientOptions { Address = gateway.Settings.IntakeAddress, ApplicationName = "benchmark" });
        await Warmth.ReachAsync(
            async () =>
            {
                await MeasureAsync(client, WarmUpMessages, LoopAsync, cancellationToken);
                await MeasureAsync(client, WarmUpMessages, ProcessAsync, cancellationToken);
            },
            [gateway.Id, Environment.ProcessId],
            cancellationToken);
        var board = new Scoreboard($"{HandlersAtOnce} handlers of 1 ms at one queue");
        return await Benchmark.InRoundsAsync(board, settings, Steps(board, settings, client), cancellationToken);
    }

    private static IEnumerable<Step> Steps(Scoreboard board, BenchmarkSettings settings, GatewayClient client)
    {
        var messages = settings.Share(Messages);
        yield return new Step(Loop, async cancellationToken =>
            board.Add(Loop, "messages/s", await MeasureAsync(client, messages, LoopAsync, cancellationToken)));
        foreach (var (name, isKeyed) in new[] { ("processor", false), ($"processor, {Keys} keys", true) })
        {
            yield return new Step(name, async cancellationToken => board.Add(
                name, "messages/s", await MeasureAsync(client, messages, ProcessAsync, cancellationToken, isKeyed), Loop));
        }
    }

    private static async Task<double> MeasureAsync(GatewayClient client, int messages,
        Func<GatewayClient, int, CancellationToken, Task> takeAsync, CancellationToken cancellationToken, bool isKeyed = false)
    {
        foreach (var numbers in Enumerable.Range(0, messages).Chunk(BatchMessages))
        {
            await client.EnqueueAsync($"{Queue}@here", [.. numbers.Select(number => new OutgoingMessage
            {
                Body = new byte[BodyBytes],
                Key = isKeyed ? (number % Keys).ToString(CultureInfo.InvariantCulture) : null,
            })], cancellationToken);
        }

        var started = Stopwatch.GetTimestamp();
        await takeAsync(client, messages, cancellationToken);
        return messages / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static async Task LoopAsync(GatewayClient client, int messages, CancellationToken cancellationToken)
    {
        using var free = new SemaphoreSlim(HandlersAtOnce);
        var handled = new List<Task>(messages);
        await foreach (var message in client.ReceiveAsync(Queue, cancellationToken: cancellationToken))
        {
            await free.WaitAsync(cancellationToken);
            handled.Add(Task.Run(() => HandleAsync(message), cancellationToken));
            if (handled.Count == messages)
                break;
        }

        await Task.WhenAll(handled);

        async Task HandleAsync(ReceivedMessage message)
        {
            await Task.Delay(_handling, cancellationToken);
            await message.CompleteAsync(cancellationToken);
            free.Release();
        }
    }

    private static async Task ProcessAsync(GatewayClient client, int messages, CancellationToken cancellationToken)
    {
        var left = messages;
        var last = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var processor = client.CreateProcessor(Queue, new GatewayProcessorOptions { ConcurrencyMax = HandlersAtOnce });
        processor.ProcessMessageAsync += async args =>
        {
            await Task.Delay(_handling, args.CancellationToken);
            if (Interlocked.Decrement(ref left) == 0)
                last.SetResult();
        };
        await processor.StartProcessingAsync(cancellationToken);
        await last.Task.WaitAsync(cancellationToken);
        await processor.StopProcessingAsync(cancellationToken);
    }
}
