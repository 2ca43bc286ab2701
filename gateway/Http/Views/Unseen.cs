namespace Gateway.Http.Views;

/// <summary>What those who watch the gateway did not take, since it started: nothing waits for them.</summary>
/// <param name="LogLines">Lines of the log.</param>
/// <param name="Spans">Spans for the collector.</param>
/// <param name="MetricExports">Exports of metrics to the collector.</param>
internal sealed record Unseen(long LogLines, long Spans, long MetricExports);
