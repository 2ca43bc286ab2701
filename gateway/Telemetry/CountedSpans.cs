using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Exporter;

namespace Gateway.Telemetry;

/// <summary>
/// Gives spans to a collector, many at once and from a thread of its own. The batches of OpenTelemetry drop what is too much for them
/// without telling; so here nothing more is given to them than they hold, and what is left out, or not taken by the collector, is counted.
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
        /// <summary>Spans that were admitted, and not exported yet.</summary>
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
