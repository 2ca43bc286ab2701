using System.Diagnostics;
using System.Globalization;
using Gateway.Benchmarks.EndToEnd;
using Gateway.Benchmarks.Link;
using Gateway.Client;

namespace Gateway.Benchmarks.Names;

/// <summary>
/// A queue for each message, each received by a subscription of its own, beside one queue; over two gateways, both durable. And what such names leave behind when each was used once: the memory of the gateways, and how long they take to start after a kill.
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

    /// <summary>Gateways at rest give memory back.</summary>
    private static readonly TimeSpan _rest = TimeSpan.FromSeconds(15);

    public static async Task<object> RunAsync(BenchmarkSettings settings, CancellationToken cancellationToken)
    {
        var messages = settings.Share(Messages);
        var board = new Scoreboard($"{messages:N0} messages of {BodyBytes} bytes, a call each");
        return await Benchmark.InRoundsAsync(board, settings, [Way(One), Way(OnePerCall), Way(Each)], cancellationToken);

        Step Way(string name) => new(name, token => MeasureAsync(board, name, settings.FreshFolder(), messages, token));
    }

    private static async Task MeasureAsync(Scoreboard board, string way, DirectoryInfo folder, int messages, CancellationToken cancellationToken)
    {
        await using var pair = new GatewayPair(folder);
        await pair.StartAsync(cancellationToken);
        await using (var client = new GatewayClient(new GatewayClientOptions { Address = pair.Here.Settings.IntakeAddress, ApplicationName = "benchmark producer", PendingRequestsMax = 100_000 }))
        await using (var one = new EndToEnd.ConsumerProcess(pair.There.Settings.IntakeAddress, GatewayPair.Queue, Path.Combine(folder.FullName, "consumer.log")))
        await using (var many = new NamesConsumerProcess(pair.There.Settings.IntakeAddress, Path.Combine(folder.FullName, "names-consumer.log")))
        {
            // The processes compile what they run.
            await RunAsync(messages / 4);
            var seconds = await RunAsync(messages);
            Add("", "messages/s", messages / seconds);

            async Task<double> RunAsync(int count)
            {
                var started = Stopwatch.GetTimestamp();
                var taken = way == One ? EndOf(one.TakeAsync(count, cancellationToken)) : many.TakeAsync(way == Each ? $"reply-{count}-" : $"{GatewayPair.Queue}-each", way == Each, count, cancellationToken);
                await EnqueueAsync(client, way switch { One => _ => GatewayPair.Queue, OnePerCall => _ => $"{GatewayPair.Queue}-each", _ => number => string.Create(CultureInfo.InvariantCulture, $"reply-{count}-{number}") }, count, cancellationToken);
                return Stopwatch.GetElapsedTime(started, await taken).TotalSeconds;
            }
        }

        await Task.Delay(_rest, cancellationToken);
        foreach (var gateway in new[] { pair.Here, pair.There }) Add($": memory, {gateway.Settings.Name}", "MB", gateway.ResidentBytes / 1e6);
        foreach (var gateway in new[] { pair.Here, pair.There })
        {
            await gateway.KillAsync();
            var started = Stopwatch.GetTimestamp();
            gateway.Start();
            await gateway.WaitUntilReadyAsync(cancellationToken);
            Add($": start after a kill, {gateway.Settings.Name}", "ms", Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        await Task.Delay(_rest, cancellationToken);
        foreach (var gateway in new[] { pair.Here, pair.There }) Add($": memory after it, {gateway.Settings.Name}", "MB", gateway.ResidentBytes / 1e6);

        void Add(string what, string unit, double value) => board.Add(way + what, unit, value, way == One ? [] : [One + what]);
    }

    private static async Task<long> EndOf(Task<ConsumerResult> taking) => (await taking).Ended;

    private static Task EnqueueAsync(GatewayClient client, Func<int, string> queueOf, int count, CancellationToken cancellationToken)
    {
        var next = -1;
        return Task.WhenAll(Enumerable.Range(0, CallsAtOnce).Select(_ => Task.Run(
            async () =>
            {
                while (Interlocked.Increment(ref next) is var number && number < count) await EnqueueAsync(client, $"{queueOf(number)}@there", cancellationToken);
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
