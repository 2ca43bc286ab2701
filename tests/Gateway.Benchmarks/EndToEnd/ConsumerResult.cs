using System.Text.Json.Serialization;

namespace Gateway.Benchmarks.EndToEnd;

/// <summary>What a consumer says when it has completed what it was to take.</summary>
/// <param name="Ended">The monotonic clock of this machine, which all its processes share, when the last completion was confirmed.</param>
/// <param name="MedianMs">From the time that a message carries to its arrival at the application; likewise the others.</param>
[method: JsonConstructor]
internal sealed record ConsumerResult(long Ended, double MedianMs, double P90Ms, double P99Ms, double P999Ms, double HighestMs);
