using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;

namespace Gateway.Telemetry;

/// <summary>Exports metrics to a collector and counts failed exports.</summary>
internal sealed class CountedMetrics(OtlpExporterOptions otlp, ExportLosses losses) : OtlpMetricExporter(otlp)
{
    public override ExportResult Export(in Batch<Metric> metrics)
    {
        var result = base.Export(metrics);
        if (result != ExportResult.Success) losses.OnMetricExportLost();
        return result;
    }
}
