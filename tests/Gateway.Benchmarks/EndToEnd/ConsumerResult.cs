using System.Text.Json.Serialization;

namespace Gateway.Benchmarks.EndToEnd;

/// <summary>The report of a consumer that has completed all its messages.</summary>
/// <param name="Ended">The monotonic clock of this machine, which all its processes share, when the last completion was confirmed.</param>
/// <param name="MedianMs">From the time that a message carries to its arrival at the application; likewise the others.</param>
[method: JsonConstructor]
internal sealed record ConsumerResult(long Ended, double MedianMs, double P90Ms, double P99Ms, double P999Ms, double HighestMs);
