using System.Diagnostics;

namespace Gateway.Benchmarks.EndToEnd;

/// <summary>
/// How old a message is when the consuming application gets it, at a share of the rate that the same way carries at most, which is measured
/// first. Messages are sent when they are due, and their age counts from then, however late the sender is.
/// </summary>
internal static class LatencyBenchmark
{
    private const int BodyBytes = 1024;
    private const int MessagesForMaximum = 100_000;
    private const double Seconds = 10;

    private static readonly int[] _percents = [10, 50, 80];

    public static async Task<object> RunAsync(BenchmarkSettings settings, CancellationToken cancellationToken)
    {
        var engine = settings.Engine();
        await using var applications = await Applications.StartAsync(settings.FreshFolder(), cancellationToken, engine, engine);
        var maximum = new Measurement();
        for (var i = 0; i < 3; i++) maximum.Add(await MaximumAsync(applications, settings.Share(MessagesForMaximum), cancellationToken));

        var board =
            new Scoreboard($"Age of a message of {BodyBytes} bytes at the consumer; the maximum is {maximum.Median:N0}/s, a call each");
        return await Benchmark.InRoundsAsync(board, settings, _percents.Select(Load), cancellationToken);

        Step Load(int percent) => new($"{percent} % load", async token =>
        {
            var perSecond = maximum.Median * percent / 100;
            var messages = settings.Share((int)(perSecond * Seconds));
            var taking = applications.Consumer.TakeAsync(messages, token);
            await applications.Producer.AtRateAsync(messages, BodyBytes, perSecond, token);
            var result = await taking;
            board.Add($"{percent} % load: median", "ms", result.MedianMs);
            board.Add($"{percent} % load: 90 %", "ms", result.P90Ms);
            board.Add($"{percent} % load: 99 %", "ms", result.P99Ms);
            board.Add($"{percent} % load: 99.9 %", "ms", result.P999Ms);
            board.Add($"{percent} % load: highest", "ms", result.HighestMs);
        });
    }

    private static async Task<double> MaximumAsync(Applications applications, int messages, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var taking = applications.Consumer.TakeAsync(messages, cancellationToken);
        await applications.Producer.InCallsAsync(messages, BodyBytes, cancellationToken);
        return messages / Stopwatch.GetElapsedTime(started, (await taking).Ended).TotalSeconds;
    }
}
