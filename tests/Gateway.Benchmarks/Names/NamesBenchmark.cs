namespace Gateway.Benchmarks.Names;

/// <summary>
/// The traces left by names that were used once: two pairs of gateways stand beside each other, all durable, with the same applications.
/// Over one pair goes as many messages as over the other, in both by a subscription for each message; but in one of them each message has a
/// queue of its own. Then both are measured alike, in turn: the rate of one queue, the memory at rest, the start after a kill and after an
/// orderly stop, and the memory then.
/// </summary>
internal static class NamesBenchmark
{
    private const int Messages = 200_000;
    private const string None = "one queue";
    private const string Each = "a name for each message";

    /// <summary>The number of measurements of each short figure, in turn.</summary>
    private const int Turns = 3;

    /// <summary>Gateways that have come to rest give memory back within half a minute.</summary>
    private static readonly TimeSpan _rest = TimeSpan.FromSeconds(35);

    /// <summary>After a start there is less to give back.</summary>
    private static readonly TimeSpan _restAfterStart = TimeSpan.FromSeconds(25);

    public static async Task<object> RunAsync(BenchmarkSettings settings, CancellationToken cancellationToken)
    {
        var messages = settings.Share(Messages);
        var board = new Scoreboard($"{messages:N0} messages of 100 bytes, a call and a subscription each; and what they leave behind");
        var isEachFirst = false;
        return await Benchmark.InRoundsAsync(board, settings, [new Step("both pairs", MeasureAsync)], cancellationToken);

        async Task MeasureAsync(CancellationToken token)
        {
            var folder = settings.FreshFolder();
            await using var none = new NamesPair(None, folder.CreateSubdirectory("none"), isEach: false);
            await using var each = new NamesPair(Each, folder.CreateSubdirectory("each"), isEach: true);
            isEachFirst = !isEachFirst;
            NamesPair[] pairs = isEachFirst ? [each, none] : [none, each];
            await new NamesRound(board, pairs, pair => pair == none ? null : None, messages)
                .MeasureAsync(Turns, _rest, _restAfterStart, token);
        }
    }
}
