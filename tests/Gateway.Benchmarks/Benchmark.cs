using Spectre.Console;

namespace Gateway.Benchmarks;

/// <summary>Something to be measured, by name: it shows its table and gives its figures for a file of JSON.</summary>
internal sealed record Benchmark(string Name, string Description, Func<BenchmarkSettings, CancellationToken, Task<object>> RunAsync)
{
    /// <summary>
    /// Runs the steps in turn, round after round, each round beginning with another one, so that what changes slowly on the machine hits all alike. The board is printed, and its figures returned.
    /// </summary>
    public static async Task<object> InRoundsAsync(Scoreboard board, BenchmarkSettings settings, IEnumerable<Step> all, CancellationToken cancellationToken)
    {
        var steps = all.Where(step => settings.Includes(step.Name)).ToList();
        await AnsiConsole.Progress().Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new RemainingTimeColumn()).StartAsync(async progress =>
        {
            var task = progress.AddTask("begin", maxValue: settings.Rounds * steps.Count);
            for (var i = 0; i < settings.Rounds * steps.Count; i++)
            {
                var (round, place) = Math.DivRem(i, steps.Count);
                var step = steps[(round + place) % steps.Count];
                task.Description = Markup.Escape(step.Name);
                await step.MeasureAsync(cancellationToken);
                task.Increment(1);
            }
        });
        board.Print();
        return board.Figures();
    }
}
