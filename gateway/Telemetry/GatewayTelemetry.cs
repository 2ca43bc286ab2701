using System.Diagnostics;
using System.Diagnostics.Metrics;
using Gateway.Client.Wire;
using Gateway.Inbox;
using Gateway.Links.Causes;
using Gateway.Logging;
using Gateway.Store.Commands;
using Gateway.Store.Messages;

namespace Gateway.Telemetry;

/// <summary>Creates metrics and spans from events. NAMES.md lists them all.</summary>
internal sealed class GatewayTelemetry : ITelemetry, IDisposable
{
    private readonly EventMetrics _metrics;
    private readonly MessageSpans _spans;

    /// <param name="log">The dropped lines of the log; null for none.</param>
    /// <param name="losses">The losses of the exporters; null for none.</param>
    public GatewayTelemetry(TimeProvider time, DroppedLines? log = null, ExportLosses? losses = null)
    {
        _metrics = new EventMetrics(Meter, time);
        _spans = new MessageSpans(time);
        State = new StateMetrics(Meter, time);
        Meter.CreateObservableCounter("gateway.log.dropped", () => log?.Count
            ?? 0, "{line}", "Lines of the log that were left out, since nobody read the standard output, or the log file took none.");
        Meter.CreateObservableCounter("gateway.telemetry.spans.dropped", () => losses?.Spans
            ?? 0, "{span}", "Spans that the collector did not take in time.");
        Meter.CreateObservableCounter("gateway.telemetry.exports.failed", () => losses?.MetricExports
            ?? 0, "{export}", "Exports of metrics that the collector did not take.");
    }

    public Meter Meter { get; } = new(TelemetryNames.Source);

    public ActivitySource Source => _spans.Source;

    /// <summary>The metrics of the gateway's state.</summary>
    public StateMetrics State { get; }

    public void Accepted(IReadOnlyList<Placed> placed)
    {
        // A request's messages usually go to the same queues, so they are mostly counted in one run.
        for (var first = 0; first < placed.Count;)
        {
            var next = first + 1;
            while (next < placed.Count && placed[next].Queue == placed[first].Queue) next++;
            _metrics.Accepted(placed[first].Queue, next - first);
            first = next;
        }

        _spans.Accepted(placed);
    }

    public void Refused(WireCode code) => _metrics.Refused(code);

    public void Sent(QueueId queue, IReadOnlyList<NumberedMessage> messages, long sentBefore)
    {
        var again = 0;
        while (again < messages.Count && messages[again].Number <= sentBefore) again++;
        _metrics.Sent(queue, messages.Count, again);
        _spans.Forwarded(queue, messages, sentBefore);
    }

    public void Acknowledged(QueueId queue, long upTo, int messages, TimeSpan after)
    {
        _metrics.Acknowledged(queue, messages, after);
        _spans.Acknowledged(queue, upTo);
    }

    public void StartsAfter(QueueId queue, long number, bool isOnDisk) => _spans.StartsAfter(queue, number, isOnDisk);

    public void LinkChanged(string peer, LinkChange change) => _metrics.LinkChanged(peer, change);

    public void Arrived(string peer, IReadOnlyList<Placed> placed, DateTimeOffset receivedAt)
    {
        // A batch belongs to one queue.
        if (placed.Count > 0) _metrics.Arrived(placed[0].Queue, peer, placed.Count);
        _spans.Arrived(peer, placed, receivedAt);
    }

    public void Delivered(QueueId queue, StoredMessage message, int deliveries)
    {
        _metrics.Delivered(queue, message.Message, deliveries);
        _spans.Delivered(queue, message, deliveries);
    }

    public void Settled(QueueId queue, long number, Settlement how)
    {
        _metrics.Settled(queue, how);
        _spans.Settled(queue, number, how);
    }

    public void Committed(int commands, long bytes, TimeSpan took) => _metrics.Committed(commands, bytes, took);

    public void DeadLettered(QueueId queue, DeadLetterReason reason) => _metrics.DeadLettered(queue, reason);

    public void Dispose()
    {
        Meter.Dispose();
        _spans.Dispose();
    }
}
