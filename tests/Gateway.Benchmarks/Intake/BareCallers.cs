using System.Diagnostics;
using Gateway.Benchmarks.Raw;

namespace Gateway.Benchmarks.Intake;

/// <summary>
/// Callers on bare sockets, each with a thread and a connection of its own: what the way to the gateway and back takes without a client's
/// library.
/// </summary>
internal static class BareCallers
{
    private const int Round = 4_000;

    /// <summary>The steps: bytes that come back, PING and PONG, and messages whose receipt is waited for.</summary>
    /// <param name="append">The figure of a lone message appended and flushed.</param>
    /// <param name="emptyAsync">Takes away what was stored.</param>
    public static IEnumerable<Step> Steps(
        Scoreboard board, BenchmarkSettings settings, int port, string destination, int bodyBytes, string append,
            Func<CancellationToken, Task> emptyAsync)
    {
        var echo = $"TCP, {bodyBytes} bytes and one back";
        yield return new Step(echo, async cancellationToken =>
        {
            var latencies = await RawTcp.EchoAsync(settings.Share(Round), bodyBytes, cancellationToken);
            board.Add($"{echo}: median", "ms", Measurement.Quantile(latencies, 0.5) * 1000);
        });

        const string Ping = "bare sockets, PING to PONG";
        yield return new Step(Ping, async _ =>
        {
            var latencies = await CallAsync(port, 1, settings.Share(Round), client => client.Ping());
            board.Add($"{Ping}: median", "ms", Measurement.Quantile(latencies, 0.5) * 1000, $"{echo}: median");
        });

        var request = BareClient.Enqueue(destination, new byte[bodyBytes]);
        foreach (var (callers, all) in new[] { (1, Round), (64, 100_000) })
        {
            var name = callers == 1 ? "bare sockets, 1 caller waits, 1 connection"
                : $"bare sockets, {callers} callers wait, {callers} connections";
            IReadOnlyList<string> limits = callers == 1 ? [$"{append}: median"] : [];
            yield return new Step(name, async cancellationToken =>
            {
                var messages = settings.Share(all);
                var started = Stopwatch.GetTimestamp();
                var latencies = await CallAsync(port, callers, messages, client => client.Enqueue(request));
                board.Add(name, "messages/s", latencies.Length / Stopwatch.GetElapsedTime(started).TotalSeconds);
                board.Add($"{name}: median of a call", "ms", Measurement.Quantile(latencies, 0.5) * 1000, limits);
                board.Add($"{name}: 99 % of the calls", "ms", Measurement.Quantile(latencies, 0.99) * 1000);
                await emptyAsync(cancellationToken);
            });
        }
    }

    /// <summary>The seconds that each call took.</summary>
    private static async Task<double[]> CallAsync(int port, int callers, int calls, Action<BareClient> call)
    {
        var seconds = new double[calls];
        var left = calls;
        await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Factory.StartNew(
            () =>
            {
                using var client = new BareClient(port);
                while (Interlocked.Decrement(ref left) is >= 0 and var number)
                {
                    var began = Stopwatch.GetTimestamp();
                    call(client);
                    seconds[number] = Stopwatch.GetElapsedTime(began).TotalSeconds;
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));
        return seconds;
    }
}
