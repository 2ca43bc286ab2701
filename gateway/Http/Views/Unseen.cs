namespace Gateway.Http.Views;

/// <summary>The number of items that observers have missed since the start: nothing waits for observers.</summary>
/// <param name="LogLines">Lines of the log.</param>
/// <param name="Spans">Spans for the collector.</param>
/// <param name="MetricExports">Exports of metrics to the collector.</param>
internal sealed record Unseen(long LogLines, long Spans, long MetricExports);
