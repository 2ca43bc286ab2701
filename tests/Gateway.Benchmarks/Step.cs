namespace Gateway.Benchmarks;

/// <summary>A part of a round: measures something once and writes it on the board.</summary>
internal sealed record Step(string Name, Func<CancellationToken, Task> MeasureAsync);
