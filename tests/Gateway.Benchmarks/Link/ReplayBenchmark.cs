using System.Diagnostics;
using Gateway.Benchmarks.Raw;

namespace Gateway.Benchmarks.Link;

/// <summary>
/// A backlog from store to store when the peer returns: how fast, and how soon after the peer listens its first message is there.
/// </summary>
internal static class ReplayBenchmark
{
    private static readonly (int BodyBytes, int Messages)[] _cases = [(1024, 200_000), (100, 1_000_000)];

    public static async Task<object> RunAsync(BenchmarkSettings settings, CancellationToken cancellationToken)
    {
        var board = new Scoreboard("Replay of a backlog when the peer returns");
        return await Benchmark.InRoundsAsync(board, settings, Steps(board, settings), cancellationToken);
    }

    private static IEnumerable<Step> Steps(Scoreboard board, BenchmarkSettings settings)
    {
        foreach (var (bodyBytes, all) in _cases)
        {
            var messages = settings.Share(all);
            var (append, tcp, name) = ($"append + flush, {bodyBytes} bytes", $"TCP, {bodyBytes} bytes",
                $"{messages:N0} of {bodyBytes} bytes");
            yield return new Step(append, _ =>
            {
                var groupMessages = 512 * 1024 / bodyBytes;
                var seconds = RawAppend.Run(settings.FreshFolder(), messages / groupMessages, groupMessages, bodyBytes);
                board.Add(append, "messages/s", groupMessages * seconds.Length / seconds.Sum());
                return Task.CompletedTask;
            });
            yield return new Step(tcp, async cancellationToken =>
                board.Add(tcp, "messages/s", await RawTcp.RunAsync((long)bodyBytes * messages, cancellationToken) / bodyBytes));
            yield return new Step(name, async cancellationToken =>
            {
                var (perSecond, first) = await ReplayAsync(settings.FreshFolder(), bodyBytes, messages, cancellationToken);
                board.Add(name, "messages/s", perSecond, append, tcp);
                board.Add($"{name}: first message after listening", "ms", first.TotalMilliseconds);
            });
        }
    }

    private static async Task<(double PerSecond, TimeSpan First)> ReplayAsync(
        DirectoryInfo folder, int bodyBytes, int messages, CancellationToken cancellationToken)
    {
        await using var pair = new GatewayPair(folder);
        await pair.StartAsync(cancellationToken);
        await pair.WarmUpAsync(bodyBytes, cancellationToken);

        await pair.There.KillAsync();
        await pair.LinkIsAsync(link => !link.IsUp, cancellationToken);
        await pair.EnqueueAsync(messages, bodyBytes, cancellationToken);

        pair.There.Start();
        await pair.There.WaitUntilLinkedAsync(cancellationToken);
        var listening = Stopwatch.GetTimestamp();
        var began = await pair.ArrivedAsync(GatewayPair.WarmUpMessages + 1, cancellationToken);
        var ended = await pair.ArrivedAsync(GatewayPair.WarmUpMessages + messages, cancellationToken);
        return (messages / Stopwatch.GetElapsedTime(began, ended).TotalSeconds, Stopwatch.GetElapsedTime(listening, began));
    }
}
