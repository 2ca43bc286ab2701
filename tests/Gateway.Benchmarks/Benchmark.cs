using Spectre.Console;

namespace Gateway.Benchmarks;

/// <summary>Something to be measured, by name: it shows its table and gives its figures for a file of JSON.</summary>
internal sealed record Benchmark(string Name, string Description, Func<BenchmarkSettings, CancellationToken, Task<object>> RunAsync)
{
    /// <summary>Runs it, and says in a sentence when it does not get to its end.</summary>
    /// <returns>Its figures; null when it failed.</returns>
    public async Task<object?> TryRunAsync(BenchmarkSettings settings, TextWriter errors, CancellationToken cancellationToken)
    {
        try
        {
            return await RunAsync(settings, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // The root of a benchmark: whatever ended this one, those after it are measured.
            await errors.WriteLineAsync($"The benchmark {Name} failed. {Sentence(e)}");
            return null;
        }
    }

    /// <summary>
    /// Runs the steps in turn, round after round, each round beginning with another one, so that what changes slowly on the machine hits
    /// all alike. The board is printed, and its figures returned. When a step fails, what was measured before is printed.
    /// </summary>
    /// <exception cref="StepFailedException">A step failed.</exception>
    public static async Task<object> InRoundsAsync(
        Scoreboard board, BenchmarkSettings settings, IEnumerable<Step> all, CancellationToken cancellationToken)
    {
        var steps = all.Where(step => settings.Includes(step.Name)).ToList();
        try
        {
            await MeasureAsync(steps, settings.Rounds, cancellationToken);
        }
        finally
        {
            board.Print();
        }

        return board.Figures();
    }

    private static Task MeasureAsync(IReadOnlyList<Step> steps, int rounds, CancellationToken cancellationToken) =>
        AnsiConsole.Progress().Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new RemainingTimeColumn())
            .StartAsync(async progress =>
        {
            var task = progress.AddTask("begin", maxValue: rounds * steps.Count);
            for (var i = 0; i < rounds * steps.Count; i++)
            {
                var (round, place) = Math.DivRem(i, steps.Count);
                var step = steps[(round + place) % steps.Count];
                task.Description = Markup.Escape(step.Name);
                try
                {
                    await step.MeasureAsync(cancellationToken);
                }
                catch (Exception e) when (!cancellationToken.IsCancellationRequested)
                {
                    throw new StepFailedException(step.Name, round + 1, e);
                }

                task.Increment(1);
            }
        });

    private static string Sentence(Exception e) => e.Message.EndsWith('.') ? e.Message : e.Message + ".";
}
