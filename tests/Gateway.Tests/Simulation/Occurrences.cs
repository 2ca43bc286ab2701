using System.Diagnostics;

namespace Gateway.Tests.Simulation;

/// <summary>
/// Counts, by name, the faults injected into simulated worlds, and their results. A simulation that finds nothing proves something only
/// if much has happened in it.
/// </summary>
internal sealed class Occurrences
{
    private readonly SortedDictionary<string, long> _counts = new(StringComparer.Ordinal);
    private readonly long _started = Stopwatch.GetTimestamp();

    public IReadOnlyDictionary<string, long> Counts => _counts;

    public void Count(string name, long times = 1) => _counts[name] = _counts.GetValueOrDefault(name) + times;

    /// <summary>The counts, a line each, and steps a second.</summary>
    public override string ToString()
    {
        var seconds = Stopwatch.GetElapsedTime(_started).TotalSeconds;
        string[] pace = [$"{seconds,12:n1}  seconds", $"{_counts.GetValueOrDefault("steps") / seconds,12:n0}  steps a second"];
        return string.Join(Environment.NewLine, _counts.Select(entry => $"{entry.Value,12:n0}  {entry.Key}").Concat(pace));
    }
}
