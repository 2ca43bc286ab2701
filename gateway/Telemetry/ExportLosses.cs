namespace Gateway.Telemetry;

/// <summary>Telemetry that the collector did not accept in time, since the start. Thread-safe.</summary>
internal sealed class ExportLosses
{
    private long _spans;
    private long _exports;

    /// <summary>Spans dropped because too many were waiting, or because the collector did not accept them.</summary>
    public long Spans => Volatile.Read(ref _spans);

    /// <summary>Failed exports of metrics. The next successful export includes their figures.</summary>
    public long MetricExports => Volatile.Read(ref _exports);

    public void OnSpansLost(long count) => Interlocked.Add(ref _spans, count);

    public void OnMetricExportLost() => Interlocked.Increment(ref _exports);
}
