namespace Gateway.Benchmarks;

/// <summary>A step did not get to its end: which, in which round, and why.</summary>
internal sealed class StepFailedException(string step, int round, Exception inner)
    : Exception($"Round {round}, '{step}': {inner.Message}", inner);
