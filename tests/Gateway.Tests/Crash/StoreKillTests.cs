using System.Diagnostics;
using System.Globalization;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>
/// Processes with a store on real files, killed again and again. <c>GATEWAY_STORE_KILL_ROUNDS</c> is the number of kills of each of the
/// two series (75), <c>GATEWAY_STORE_KILL_SEED</c> the seed of the first (1); tests/soak.sh runs many.
/// </summary>
[Collection(ProcessCollection.Name)]
public sealed class StoreKillTests(ITestOutputHelper output) : ProcessTest
{
    private const int SeriesAtOnce = 2;

    [Fact]
    public async Task A_store_whose_process_is_killed_again_and_again_has_every_confirmed_group_and_no_half_one()
    {
        var rounds = FromEnvironment("GATEWAY_STORE_KILL_ROUNDS", 75);
        var firstSeed = FromEnvironment("GATEWAY_STORE_KILL_SEED", 1);
        var began = Stopwatch.GetTimestamp();

        await Task.WhenAll(Enumerable.Range(firstSeed, SeriesAtOnce).Select(seed => Task.Factory.StartNew(
            () => Run(seed, rounds), Token, TaskCreationOptions.LongRunning, TaskScheduler.Default)));

        output.WriteLine($"{rounds * SeriesAtOnce} kills in {Stopwatch.GetElapsedTime(began).TotalSeconds:f0} s");
    }

    private void Run(int seed, int rounds)
    {
        var folder = Path.Combine(Folder, $"store-{seed}");
        Directory.CreateDirectory(folder);
        var series = new StoreKillSeries(folder, seed);
        series.Run(rounds);
        output.WriteLine(
            $"seed {seed}: {series.KillsWhileOpening} kills while opening, {series.KillsAfterTheFirstGroup} after the first group, "
                + $"{series.KillsAtWork} at work; {series.Groups} groups");
    }

    private static int FromEnvironment(string name, int standard) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : standard;
}
