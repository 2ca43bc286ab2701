using System.Diagnostics;
using System.Globalization;
using Gateway.Benchmarks.EndToEnd;
using Gateway.Benchmarks.Link;
using Gateway.Cli.Demo;
using Gateway.Client;

namespace Gateway.Benchmarks.Names;

/// <summary>
/// What names that were used once leave behind, over two gateways, both durable: after as many names, each with one message and a
/// subscription of its own, the same is measured as after as many messages of one queue: the rate of one queue, the memory at rest, and how
/// long a start takes after a kill. And the rate of the names themselves, beside that of one queue with as many subscriptions.
/// </summary>
internal static class NamesBenchmark
{
    private const int BodyBytes = 100;
    private const int Messages = 200_000;
    private const int CallsAtOnce = 512;
    private const string One = "one queue";
    private const string OnePerCall = "one queue, a subscription for each message";
    private const string Each = "a name and a subscription for each message";

    private static readonly TimeSpan _roomPatience = TimeSpan.FromMilliseconds(200);

    /// <summary>Gateways that have come to rest give memory back within half a minute.</summary>
    private static readonly TimeSpan _rest = TimeSpan.FromSeconds(35);

    public static async Task<object> RunAsync(BenchmarkSettings settings, CancellationToken cancellationToken)
    {
        var messages = settings.Share(Messages);
        var board = new Scoreboard($"{messages:N0} messages of {BodyBytes} bytes, a call each");
        return await Benchmark.InRoundsAsync(board, settings, [Way(One), Way(OnePerCall), Way(Each)], cancellationToken);

        Step Way(string name) => new(name, token => MeasureAsync(board, name, settings.FreshFolder(), messages, token));
    }

    private static async Task MeasureAsync(
        Scoreboard board, string way, DirectoryInfo folder, int messages, CancellationToken cancellationToken)
    {
        await using var pair = new GatewayPair(folder);
        await pair.StartAsync(cancellationToken);
        var there = pair.There.Settings.IntakeAddress;
        var options = new GatewayClientOptions
        {
            Address = pair.Here.Settings.IntakeAddress,
            ApplicationName = "benchmark producer",
            PendingRequestsMax = 100_000,
        };
        await using (var client = new GatewayClient(options))
        await using (var one = new EndToEnd.ConsumerProcess(there, GatewayPair.Queue, Path.Combine(folder.FullName, "consumer.log")))
        await using (var many = new NamesConsumerProcess(there, Path.Combine(folder.FullName, "names-consumer.log")))
        {
            // The processes compile what they run.
            await RunAsync(way, messages / 4);
            await RunAsync(One, messages / 4);
            Add("", "messages/s", messages / await RunAsync(way, messages), OnePerCall);
            if (way == OnePerCall) return;
            Add(": one queue after it", "messages/s", messages / await RunAsync(One, messages), One);

            async Task<double> RunAsync(string how, int count)
            {
                var (queue, prefix) = ($"{GatewayPair.Queue}-each", $"reply-{count}-");
                var started = Stopwatch.GetTimestamp();
                var taken = how switch
                {
                    One => EndOf(one.TakeAsync(count, cancellationToken)),
                    OnePerCall => many.TakeAsync(queue, isEach: false, count, cancellationToken),
                    _ => many.TakeAsync(prefix, isEach: true, count, cancellationToken),
                };
                string QueueOf(int number) => how switch
                {
                    One => GatewayPair.Queue,
                    OnePerCall => queue,
                    _ => string.Create(CultureInfo.InvariantCulture, $"{prefix}{number}"),
                };
                await EnqueueAsync(client, QueueOf, count, cancellationToken);
                return Stopwatch.GetElapsedTime(started, await taken).TotalSeconds;
            }
        }

        await Task.Delay(_rest, cancellationToken);
        GatewayProcess[] gateways = [pair.Here, pair.There];
        foreach (var gateway in gateways) Add($": memory, {gateway.Settings.Name}", "MB", gateway.ResidentBytes / 1e6, One);
        foreach (var gateway in gateways)
        {
            await gateway.KillAsync();
            var started = Stopwatch.GetTimestamp();
            gateway.Start();
            await gateway.WaitUntilReadyAsync(cancellationToken);
            Add($": start after a kill, {gateway.Settings.Name}", "ms", Stopwatch.GetElapsedTime(started).TotalMilliseconds, One);
        }

        await Task.Delay(_rest, cancellationToken);
        foreach (var gateway in gateways) Add($": memory after it, {gateway.Settings.Name}", "MB", gateway.ResidentBytes / 1e6, One);

        void Add(string what, string unit, double value, string limit) =>
            board.Add(way + what, unit, value, way == limit ? [] : [limit + what]);
    }

    private static async Task<long> EndOf(Task<ConsumerResult> taking) => (await taking).Ended;

    private static Task EnqueueAsync(GatewayClient client, Func<int, string> queueOf, int count, CancellationToken cancellationToken)
    {
        var next = -1;
        return Task.WhenAll(Enumerable.Range(0, CallsAtOnce).Select(_ => Task.Run(
            async () =>
            {
                while (Interlocked.Increment(ref next) is var number && number < count)
                    await EnqueueAsync(client, $"{queueOf(number)}@there", cancellationToken);
            },
            cancellationToken)));
    }

    /// <summary>One application may fill so many queues at a time: whoever has done that waits until some are empty.</summary>
    private static async Task EnqueueAsync(GatewayClient client, string destination, CancellationToken cancellationToken)
    {
        var body = new byte[BodyBytes];
        while (true)
        {
            try
            {
                await client.EnqueueAsync(destination, body, cancellationToken: cancellationToken);
                return;
            }
            catch (GatewayException full) when (full.Reason == GatewayError.StoreFull)
            {
                await Task.Delay(_roomPatience, cancellationToken);
            }
        }
    }
}
