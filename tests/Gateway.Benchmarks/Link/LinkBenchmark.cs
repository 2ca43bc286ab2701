using System.Diagnostics;
using Gateway.Benchmarks.Raw;

namespace Gateway.Benchmarks.Link;

/// <summary>
/// The rate of a link from store to store, both durable, between two gateways in separate processes, while the messages come in: in plain
/// text and with TLS; and the time to notice the end of the peer, with the default settings.
/// </summary>
internal static class LinkBenchmark
{
    private static readonly (int BodyBytes, int Messages)[] _cases = [(100, 200_000), (1024, 100_000), (16 * 1024, 12_000)];

    public static async Task<object> RunAsync(BenchmarkSettings settings, CancellationToken cancellationToken)
    {
        var board = new Scoreboard("From store to store, and until the end of the peer is seen");
        return await Benchmark.InRoundsAsync(board, settings, Steps(board, settings), cancellationToken);
    }

    private static IEnumerable<Step> Steps(Scoreboard board, BenchmarkSettings settings)
    {
        foreach (var (bodyBytes, all) in _cases)
        {
            var messages = settings.Share(all);
            var (raw, plain) = ($"TCP, {bodyBytes} bytes", $"{bodyBytes} bytes");
            yield return new Step(raw, async cancellationToken =>
                board.Add(raw, "messages/s", await RawTcp.RunAsync((long)bodyBytes * messages * 4, cancellationToken) / bodyBytes));
            yield return new Step(plain, async cancellationToken => board.Add(
                plain, "messages/s", await OneWayAsync(settings.FreshFolder(), false, bodyBytes, messages, cancellationToken), raw));
            yield return new Step($"{plain}, TLS", async cancellationToken => board.Add($"{plain}, TLS",
                "messages/s", await OneWayAsync(settings.FreshFolder(), true, bodyBytes, messages, cancellationToken), plain));
        }

        yield return new Step("end of the peer", cancellationToken => DetectAsync(board, settings.FreshFolder(), cancellationToken));
    }

    private static async Task<double> OneWayAsync(
        DirectoryInfo folder, bool withTls, int bodyBytes, int messages, CancellationToken cancellationToken)
    {
        await using var pair = new GatewayPair(folder, withTls);
        await pair.StartAsync(cancellationToken);
        await pair.WarmUpAsync(bodyBytes, cancellationToken);

        var started = Stopwatch.GetTimestamp();
        await pair.EnqueueAsync(messages, bodyBytes, cancellationToken);
        var arrived = await pair.ArrivedAsync(GatewayPair.WarmUpMessages + messages, cancellationToken);
        return messages / Stopwatch.GetElapsedTime(started, arrived).TotalSeconds;
    }

    private static async Task DetectAsync(Scoreboard board, DirectoryInfo folder, CancellationToken cancellationToken)
    {
        await using var pair = new GatewayPair(folder);
        await pair.StartAsync(cancellationToken);

        var stop = Stopwatch.GetTimestamp();
        Signal.StandStill(pair.There.Id);
        board.Add("standing still: HalfOpen",
            "ms", Milliseconds(stop, await pair.LinkIsAsync(link => link.Cause == "HalfOpen", cancellationToken)));
        Signal.GoOn(pair.There.Id);
        await pair.LinkIsAsync(link => link.IsUp, cancellationToken);

        var kill = Stopwatch.GetTimestamp();
        await pair.There.KillAsync();
        board.Add("killed: the link is down", "ms", Milliseconds(kill, await pair.LinkIsAsync(link => !link.IsUp, cancellationToken)));
        board.Add("killed: the next attempt is Refused", "ms",
            Milliseconds(kill, await pair.LinkIsAsync(link => link.Cause == "Refused", cancellationToken)));
    }

    private static double Milliseconds(long from, long to) => Stopwatch.GetElapsedTime(from, to).TotalMilliseconds;
}
