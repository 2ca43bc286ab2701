using System.Diagnostics;
using Gateway.Benchmarks.Raw;
using Gateway.Cli.Demo.Processes;
using Gateway.Client;

namespace Gateway.Benchmarks.Intake;

/// <summary>
/// From a call of the client to its durable receipt, over the real local socket, the gateway a process of its own. Nobody takes the
/// messages; their peer does not exist, and after each step they are taken away. The raw limits are the same messages appended and flushed
/// in groups as large as what is under way at a time, and sent over NetMQ with an answer each.
/// </summary>
internal static class EnqueueBenchmark
{
    private const int BodyBytes = 1024;
    private const int PipelinedCalls = 2048;
    private const int BatchMessages = 500;
    private const int BatchesAtOnce = 4;
    private const int WarmUpMessages = 60_000;
    private const int WarmUpCalls = 2_000;
    private const string Destination = "work@gone";

    public static async Task<object> RunAsync(BenchmarkSettings settings, CancellationToken cancellationToken)
    {
        var folder = settings.FreshFolder();
        var ports = LoopbackPort.Free(4);
        await using var gateway = new GatewayProcess(
            new GatewayProcessSettings
            {
                Name = "here",
                Folder = folder.FullName,
                IntakePort = ports[0],
                LinksPort = ports[1],
                Peers = new Dictionary<string, string> { ["gone"] = $"tcp://127.0.0.1:{ports[2]}" },
                More = new Dictionary<string, string> { ["Gateway:Http:Address"] = $"http://127.0.0.1:{ports[3]}" },
            },
            TimeProvider.System);
        gateway.Start();
        await gateway.WaitUntilReadyAsync(cancellationToken);
        using var emptying = new Emptying(ports[3]);
        Func<CancellationToken, Task> emptyAsync = token => emptying.EmptyAsync(Destination, token);
        var clients = Enumerable.Range(0, 64).Select(_ => new GatewayClient(
            new GatewayClientOptions { Address = gateway.Settings.IntakeAddress, ApplicationName = "benchmark" })).ToList();
        try
        {
            await Warmth.ReachAsync(
                async () =>
                {
                    await InCallsAsync(clients, 1, 1, WarmUpCalls, null, cancellationToken);
                    await InCallsAsync(clients, 8, 256, WarmUpMessages, null, cancellationToken);
                    await InBatchesAsync(clients, 1, WarmUpMessages, cancellationToken);
                    await emptyAsync(cancellationToken);
                },
                [gateway.Id, Environment.ProcessId],
                cancellationToken);
            var board = new Scoreboard($"Calls to durable receipts, {BodyBytes} bytes");
            return await Benchmark.InRoundsAsync(
                board, settings, Steps(board, settings, folder, clients, ports[0], emptyAsync), cancellationToken);
        }
        finally
        {
            foreach (var client in clients) await client.DisposeAsync();
        }
    }

    private static IEnumerable<Step> Steps(
        Scoreboard board,
        BenchmarkSettings settings,
        DirectoryInfo folder,
        List<GatewayClient> clients,
        int port,
        Func<CancellationToken, Task> emptyAsync)
    {
        // Callers that each wait for their receipt: how many, over how many connections.
        foreach (var (callers, connections, all) in new[]
            { (1, 1, 4_000), (8, 1, 24_000), (8, 8, 24_000), (64, 1, 100_000), (64, 64, 100_000) })
        {
            var messages = settings.Share(all);
            var (append, netMq) = ($"append + flush, {Messages(callers)}", $"NetMQ, {callers} under way");
            if (connections == 1)
            {
                yield return new Step(append, _ => AddAppend(board, folder, append, callers));
                yield return new Step(
                    netMq, async _ => board.Add(netMq, "messages/s", await RawNetMq.RunAsync(messages, BodyBytes, 1, callers)));
            }

            var name = $"{callers} {(callers == 1 ? "caller waits" : "callers wait")}, {connections} "
                + $"{(connections == 1 ? "connection" : "connections")}";
            yield return new Step(name, async cancellationToken =>
            {
                var latencies = new double[messages];
                board.Add(name, "messages/s", await InCallsAsync(
                    clients, connections, callers / connections, messages, latencies, cancellationToken), append, netMq);
                board.Add($"{name}: median of a call", "ms", Measurement.Quantile(latencies, 0.5) * 1000, $"{append}: median");
                board.Add($"{name}: 99 % of the calls", "ms", Measurement.Quantile(latencies, 0.99) * 1000);
                await emptyAsync(cancellationToken);
            });
        }

        var bare = BareCallers.Steps(board, settings, port, Destination, BodyBytes, $"append + flush, {Messages(1)}", emptyAsync);
        foreach (var step in bare) yield return step;

        var pipelined = settings.Share(200_000);
        var pipelinedLimit = $"append + flush, {Messages(PipelinedCalls)}";
        var batchLimit = $"append + flush, {Messages(BatchMessages * BatchesAtOnce)}";
        yield return new Step(pipelinedLimit, _ => AddAppend(board, folder, pipelinedLimit, PipelinedCalls));
        yield return new Step("NetMQ, pipelined",
            async _ => board.Add("NetMQ, pipelined", "messages/s", await RawNetMq.RunAsync(pipelined, BodyBytes, 1, PipelinedCalls)));
        foreach (var connections in new[] { 1, 8, 64 })
        {
            var name = $"pipelined, {connections} {(connections == 1 ? "connection" : "connections")}";
            yield return new Step(name, async cancellationToken =>
            {
                var perSecond = await InCallsAsync(clients, connections, PipelinedCalls / connections, pipelined, null, cancellationToken);
                board.Add(name, "messages/s", perSecond, pipelinedLimit, "NetMQ, pipelined");
                await emptyAsync(cancellationToken);
            });
        }

        yield return new Step(batchLimit, _ => AddAppend(board, folder, batchLimit, BatchMessages * BatchesAtOnce));
        yield return new Step("NetMQ, in batches", async _ =>
            board.Add("NetMQ, in batches", "messages/s", await RawNetMq.RunAsync(pipelined, BodyBytes, BatchMessages, BatchesAtOnce)));
        foreach (var connections in new[] { 1, 8 })
        {
            var name = $"batches of {BatchMessages}, {connections} {(connections == 1 ? "connection" : "connections")}";
            yield return new Step(name, async cancellationToken =>
            {
                board.Add(name, "messages/s", await InBatchesAsync(clients, connections, pipelined, cancellationToken), batchLimit,
                    "NetMQ, in batches");
                await emptyAsync(cancellationToken);
            });
        }
    }

    private static Task AddAppend(Scoreboard board, DirectoryInfo folder, string name, int groupMessages)
    {
        var seconds = RawAppend.Run(folder, Math.Clamp(100_000 / groupMessages, 20, 1000), groupMessages, BodyBytes);
        board.Add(name, "messages/s", groupMessages * seconds.Length / seconds.Sum());
        board.Add($"{name}: median", "ms", Measurement.Quantile(seconds, 0.5) * 1000);
        return Task.CompletedTask;
    }

    /// <summary>
    /// Messages a second: so many calls at once on each of so many connections, each repeated as soon as it has its receipt.
    /// </summary>
    private static async Task<double> InCallsAsync(List<GatewayClient> clients, int connections, int callsOfEach, int messages,
        double[]? latencies, CancellationToken cancellationToken)
    {
        var body = new byte[BodyBytes];
        var left = messages;
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(clients.Take(connections).SelectMany(client => Enumerable.Repeat(client, callsOfEach))
            .Select(client => Task.Run(() => CallAsync(client), cancellationToken)));
        return messages / Stopwatch.GetElapsedTime(started).TotalSeconds;

        async Task CallAsync(GatewayClient client)
        {
            while (Interlocked.Decrement(ref left) is >= 0 and var number)
            {
                var began = Stopwatch.GetTimestamp();
                await client.EnqueueAsync(Destination, body, cancellationToken: cancellationToken);
                if (latencies is not null) latencies[number] = Stopwatch.GetElapsedTime(began).TotalSeconds;
            }
        }
    }

    private static async Task<double> InBatchesAsync(
        List<GatewayClient> clients, int connections, int messages, CancellationToken cancellationToken)
    {
        var batch = Enumerable.Repeat(new OutgoingMessage { Body = new byte[BodyBytes] }, BatchMessages).ToList();
        var left = messages / BatchMessages;
        var batches = left;
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Math.Max(BatchesAtOnce, connections)).Select(number => Task.Run(
            async () =>
            {
                while (Interlocked.Decrement(ref left) >= 0)
                    await clients[number % connections].EnqueueAsync(Destination, batch, cancellationToken);
            },
            cancellationToken)));
        return batches * BatchMessages / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static string Messages(int count) => count == 1 ? "1 message" : $"{count} messages";
}
