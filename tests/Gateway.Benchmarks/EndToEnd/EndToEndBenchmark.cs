using System.Diagnostics;
using Gateway.Benchmarks.Raw;

namespace Gateway.Benchmarks.EndToEnd;

/// <summary>
/// Messages a second from an application to another, over two gateways, both durable, each message completed by the consumer. The time
/// counts from the first call to the last confirmed completion.
/// </summary>
internal static class EndToEndBenchmark
{
    private static readonly (int BodyBytes, int Messages)[] _cases = [(100, 500_000), (1024, 200_000), (16 * 1024, 12_000)];

    public static async Task<object> RunAsync(BenchmarkSettings settings, CancellationToken cancellationToken)
    {
        var folder = settings.FreshFolder();
        var engine = settings.Engine();
        await using var applications = await Applications.StartAsync(folder, cancellationToken, engine, engine);
        var board = new Scoreboard("From application to application over two gateways");
        return await Benchmark.InRoundsAsync(board, settings, Steps(board, settings, folder, applications), cancellationToken);
    }

    private static IEnumerable<Step> Steps(Scoreboard board, BenchmarkSettings settings, DirectoryInfo folder, Applications applications)
    {
        foreach (var (bodyBytes, all) in _cases)
        {
            var messages = settings.Share(all);
            var groupMessages = Math.Max(1, 512 * 1024 / bodyBytes);
            var (append, tcp) = ($"append + flush, {bodyBytes} bytes, {groupMessages} together", $"TCP, {bodyBytes} bytes");
            yield return new Step(append, _ =>
            {
                var seconds = RawAppend.Run(folder, Math.Max(10, messages / groupMessages / 4), groupMessages, bodyBytes);
                board.Add(append, "messages/s", groupMessages * seconds.Length / seconds.Sum());
                return Task.CompletedTask;
            });
            yield return new Step(tcp, async cancellationToken =>
                board.Add(tcp, "messages/s", await RawTcp.RunAsync((long)messages * bodyBytes, cancellationToken) / bodyBytes));
            yield return Way($"{bodyBytes} bytes, a call each", applications.Producer.InCallsAsync);
            yield return Way($"{bodyBytes} bytes, in batches", applications.Producer.InBatchesAsync);

            Step Way(string name, Func<int, int, CancellationToken, Task> sendAsync) => new(name, cancellationToken =>
                ProcessorTime.AddAsync(board, name, applications.ProcessIds, messages, async () =>
                {
                    var started = Stopwatch.GetTimestamp();
                    var taking = applications.Consumer.TakeAsync(messages, cancellationToken);
                    await sendAsync(messages, bodyBytes, cancellationToken);
                    var seconds = Stopwatch.GetElapsedTime(started, (await taking).Ended).TotalSeconds;
                    board.Add(name, "messages/s", messages / seconds, append, tcp);
                }));
        }
    }
}
