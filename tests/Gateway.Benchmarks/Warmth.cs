using System.Diagnostics;

namespace Gateway.Benchmarks;

/// <summary>
/// Brings processes to the state in which they run for months: the runtime compiles what is run often anew, in the background, several
/// times better, and takes up to a whole core for some seconds. What is measured before that is measured on one core less.
/// </summary>
internal static class Warmth
{
    private const int RoundsMax = 6;
    private const double CoresAtRest = 0.1;
    private const double CoresAtRestEach = 0.02;

    private static readonly TimeSpan _glance = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    /// <summary>Runs the load again and again, until there is next to nothing to be compiled after it.</summary>
    public static async Task ReachAsync(Func<Task> load, IReadOnlyList<int> processIds, CancellationToken cancellationToken)
    {
        for (var round = 0; round < RoundsMax; round++)
        {
            await load();
            if (await QuietenAsync(processIds, cancellationToken) <= 1) return;
        }
    }

    /// <returns>How many glances it took until the processes had next to nothing to do.</returns>
    private static async Task<int> QuietenAsync(IReadOnlyList<int> processIds, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        for (var glances = 1; ; glances++)
        {
            var before = ProcessorTime.SecondsOf(processIds);
            await Task.Delay(_glance, cancellationToken);
            var cores = (ProcessorTime.SecondsOf(processIds) - before) / _glance.TotalSeconds;
            if (cores < CoresAtRest + (CoresAtRestEach * processIds.Count) || Stopwatch.GetElapsedTime(started) > _patience) return glances;
        }
    }
}
