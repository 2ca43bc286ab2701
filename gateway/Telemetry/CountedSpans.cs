using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Exporter;

namespace Gateway.Telemetry;

/// <summary>
/// Exports spans to a collector in batches, from a thread of its own. OpenTelemetry's batch processor drops excess spans silently, so this
/// class never passes it more than it can hold. Spans omitted here, or not accepted by the collector, are counted.
/// </summary>
internal sealed class CountedSpans : BatchActivityExportProcessor
{
    private readonly ExportLosses _losses;
    private readonly Exporter _exporter;
    private readonly int _spansMax;

    public CountedSpans(OtlpExporterOptions otlp, ExportLosses losses)
        : this(otlp, losses, new Exporter(otlp, losses))
    {
    }

    private CountedSpans(OtlpExporterOptions otlp, ExportLosses losses, Exporter exporter)
        : base(exporter, Batches(otlp).MaxQueueSize, Batches(otlp).ScheduledDelayMilliseconds, Batches(otlp).ExporterTimeoutMilliseconds,
            Batches(otlp).MaxExportBatchSize)
    {
        _losses = losses;
        _exporter = exporter;
        _spansMax = Batches(otlp).MaxQueueSize;
    }

    public override void OnEnd(Activity data)
    {
        if (!data.Recorded) return;
        if (_exporter.TryAdmit(_spansMax)) base.OnEnd(data);
        else _losses.OnSpansLost(1);
    }

    private static BatchExportProcessorOptions<Activity> Batches(OtlpExporterOptions otlp) => otlp.BatchExportProcessorOptions;

    private sealed class Exporter(OtlpExporterOptions otlp, ExportLosses losses) : OtlpTraceExporter(otlp)
    {
        /// <summary>Spans admitted but not yet exported.</summary>
        private int _pending;

        public bool TryAdmit(int max)
        {
            if (Interlocked.Increment(ref _pending) <= max) return true;
            Interlocked.Decrement(ref _pending);
            return false;
        }

        public override ExportResult Export(in Batch<Activity> activityBatch)
        {
            var count = (int)activityBatch.Count;
            var result = base.Export(activityBatch);
            Interlocked.Add(ref _pending, -count);
            if (result != ExportResult.Success) losses.OnSpansLost(count);
            return result;
        }
    }
}
