using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Gateway.Tests.Telemetry;

/// <summary>Listens to one source of spans and one meter, and keeps all that comes.</summary>
internal sealed class Recorder : IDisposable
{
    private readonly ActivityListener _spans;
    private readonly MeterListener _metrics = new();

    public Recorder(ActivitySource? source, Meter? meter)
    {
        _spans = new ActivityListener
        {
            ShouldListenTo = found => ReferenceEquals(found, source),
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = Spans.Enqueue,
        };
        ActivitySource.AddActivityListener(_spans);
        _metrics.InstrumentPublished = (instrument, listener) =>
        {
            if (!ReferenceEquals(instrument.Meter, meter)) return;
            Instruments.Enqueue(instrument);
            listener.EnableMeasurementEvents(instrument);
        };
        _metrics.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Keep(instrument, value, tags));
        _metrics.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Keep(instrument, value, tags));
        _metrics.Start();
    }

    public ConcurrentQueue<Activity> Spans { get; } = new();

    public ConcurrentQueue<Instrument> Instruments { get; } = new();

    public ConcurrentQueue<Measured> Measurements { get; } = new();

    /// <summary>Those that tell how the gateway stands: all but what log and telemetry count of their own losses.</summary>
    public IEnumerable<Measured> OfState =>
        Measurements.Where(measured => measured.Metric
            is not ("gateway.log.dropped" or "gateway.telemetry.spans.dropped" or "gateway.telemetry.exports.failed"));

    /// <summary>Asks the metrics that are only measured when asked.</summary>
    public void Ask() => _metrics.RecordObservableInstruments();

    /// <summary>The sum of what was measured, where the attributes have these values.</summary>
    public double Sum(string metric, params (string Key, string Value)[] where) => Measurements
        .Where(measured => measured.Metric == metric && where.All(tag => measured.Tags.GetValueOrDefault(tag.Key) == tag.Value))
        .Sum(measured => measured.Value);

    public void Dispose()
    {
        _spans.Dispose();
        _metrics.Dispose();
    }

    private void Keep(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var kept = new Dictionary<string, string>();
        foreach (var (key, tag) in tags) kept[key] = tag?.ToString() ?? "";
        Measurements.Enqueue(new Measured(instrument.Name, value, kept));
    }

    internal sealed record Measured(string Metric, double Value, IReadOnlyDictionary<string, string> Tags);
}
