namespace Gateway.Telemetry;

/// <summary>What the collector did not take in time, since the start. Any thread.</summary>
internal sealed class ExportLosses
{
    private long _spans;
    private long _exports;

    /// <summary>Spans that were dropped: too many waited for the collector, or it did not take them.</summary>
    public long Spans => Volatile.Read(ref _spans);

    /// <summary>Exports of metrics that failed. Their figures come with the next one that does not.</summary>
    public long MetricExports => Volatile.Read(ref _exports);

    public void OnSpansLost(long count) => Interlocked.Add(ref _spans, count);

    public void OnMetricExportLost() => Interlocked.Increment(ref _exports);
}
