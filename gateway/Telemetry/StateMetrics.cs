using System.Diagnostics.Metrics;
using Gateway.Management;
using Gateway.Store.Messages;

namespace Gateway.Telemetry;

/// <summary>
/// Metrics of the gateway's state, from the operators' view: a state is shown until the next one arrives. Any thread may read them, as
/// exporters do; one thread updates them.
/// </summary>
internal sealed class StateMetrics
{
    private readonly TimeProvider _time;
    private readonly QueueTags _tags = new();
    private readonly TcpMetrics _tcp;
    private volatile Shown? _shown;

    public StateMetrics(Meter meter, TimeProvider time)
    {
        _time = time;
        _tcp = new TcpMetrics(meter);
        Gauge(meter, "gateway.queue.messages", "{message}", "Messages that wait in a queue.", state =>
            state.Queues.Select(queue => queue.Measure(queue.Messages)));
        Gauge(meter, "gateway.queue.size", "By", "Bytes of the messages that wait in a queue.", state =>
            state.Queues.Select(queue => queue.Measure(queue.Bytes)));
        meter.CreateObservableGauge("gateway.queue.oldest.age", () => Measure(state => state.Queues.Select(
            queue => queue.Measure(Age(queue.OldestAt)))), "s", "How long ago a queue's first message was accepted; 0 when it is empty.");
        Counter(meter, "gateway.queue.stored", "{message}", "Messages that a queue has got since its store was made.", state =>
            state.Queues.Where(queue => queue.Stored is not null).Select(queue => queue.Measure(queue.Stored ?? 0)));
        Counter(meter, "gateway.queue.removed", "{message}", "Messages that have left a queue since its store was made.", state =>
            state.Queues.Where(queue => queue.Stored is not null).Select(queue => queue.Measure((queue.Stored ?? 0) - queue.Messages)));
        Gauge(meter, "gateway.link.up", "", "1 while the link to a peer is up and well, else 0.", state =>
            state.Links.Select(link => new Measurement<long>(link.Status.IsWell ? 1 : 0, Peer(link))));
        Gauge(meter, "gateway.link.status", "", "1 for the state and the cause that the link to a peer has.", state => state.Links.Select(
            link => new Measurement<long>(1, Peer(link), new(TelemetryNames.LinkState, MeterText.Of(link.Status.State)),
            new(TelemetryNames.LinkCause, MeterText.Of(link.Status.PresentCause)))));
        meter.CreateObservableGauge("gateway.link.status.age", () => Measure(state => state.Links.Select(
            link => new Measurement<double>(Age(link.Status.Since), Peer(link)))), "s", "How long the link to a peer has been as it is.");
        meter.CreateObservableGauge("gateway.loop.turn.max", () => Measure<double>(state => [new(state.Whole.LongestTurn.TotalSeconds)]),
            "s", "The longest time that the gateway was busy with one thing, in the last minute or two.");
        Gauge(meter, "gateway.queues", "{queue}", "Queues that there are, with a series of their own or not.",
            state => [new(state.Whole.Outgoing.Queues + state.Whole.Inbound.Queues)]);
        Gauge(meter, "gateway.dead_letters.messages", "{message}", "Dead letters that wait for an operator.",
            state => [new(state.Whole.DeadLetters)]);
        Gauge(meter, "gateway.damaged.messages", "{message}",
            "Messages that were taken out of their queues because they could not be read.", state => [new(state.Whole.Damaged)]);
        Gauge(meter, "gateway.store.size", "By", "Bytes of messages and dead letters that are kept.",
            state => [new(state.Whole.StoredBytes)]);
        Gauge(meter, "gateway.disk.free", "By", "The free space on the disk of the store; none for a store in a database.",
            state => state.Whole.FreeBytes == long.MaxValue ? [] : [new(state.Whole.FreeBytes)]);
        Counter(meter, "gateway.connections.accepted", "{connection}", "Connections of applications and peers that were taken.",
            state => [new(state.Whole.Connections.GetValueOrDefault(AcceptedKey))]);
        Counter(meter, "gateway.connections.refused", "{connection}", "Connections that were refused or cut.",
            state => state.Whole.Connections.Where(count => count.Key != AcceptedKey).Select(count =>
            new Measurement<long>(count.Value, new KeyValuePair<string, object?>(TelemetryNames.ErrorType, MeterText.Of(count.Key)))));
        meter.CreateObservableGauge("gateway.certificate.remaining", () => Measure(state => state.Whole.Certificate is { } own
            ? [new Measurement<double>((own.ExpiresAt - _time.GetUtcNow()).TotalSeconds)]
            : Array.Empty<Measurement<double>>()), "s", "How long the certificate of this gateway is still valid.");
    }

    /// <summary>The key of accepted connections among the status counters; all others are faults.</summary>
    private const string AcceptedKey = "accepted";

    /// <summary>Shows a new state.</summary>
    public void Show(GatewayState state)
    {
        // Queues without their own series are summed in one, whether the state lists them or not.
        var queues = state.Queues.GroupBy(queue => _tags.Of(queue.Id)).Select(together => new QueueFigures(
            together.Key,
            together.Sum(queue => queue.Messages),
            together.Sum(queue => queue.Bytes),
            _tags.IsKnown(together.First().Id) ? together.First().Tail - together.First().MadeAfter : null,
            together.Min(queue => queue.OldestAt))).ToList();
        foreach (var link in state.Links)
        {
            var listed = state.Queues.Where(queue => queue.Id.Kind == QueueKind.Outgoing && queue.Id.Peer == link.Status.Peer);
            Add(queues, QueueId.Outgoing(QueueTags.Other, link.Status.Peer), new QueueSum(link.Queues, link.Messages, link.Bytes), listed);
        }

        Add(queues, QueueId.Inbound(QueueTags.Other), state.Inbound, state.Queues.Where(queue => queue.Id.Kind == QueueKind.Inbound));
        _shown = new Shown(state, queues);
        _tcp.Show(state);
    }

    private void Add(List<QueueFigures> queues, QueueId others, QueueSum all, IEnumerable<QueueSummary> listed)
    {
        var (count, messages, bytes) = (all.Queues, all.Messages, all.Bytes);
        foreach (var queue in listed) (count, messages, bytes) = (count - 1, messages - queue.Messages, bytes - queue.Bytes);
        if (count <= 0) return;
        var tags = _tags.OfOthers(others);
        var known = queues.FindIndex(figures => figures.Tags == tags);
        if (known < 0) queues.Add(new QueueFigures(tags, messages, bytes, null, null));
        else queues[known] = queues[known] with { Messages = queues[known].Messages + messages, Bytes = queues[known].Bytes + bytes };
    }

    /// <summary>Shows no state.</summary>
    public void Forget()
    {
        _shown = null;
        _tcp.Show(null);
    }

    private void Gauge(Meter meter, string name, string unit, string text, Func<Shown, IEnumerable<Measurement<long>>> measure) =>
        meter.CreateObservableGauge(name, () => Measure(measure), unit, text);

    private void Counter(Meter meter, string name, string unit, string text, Func<Shown, IEnumerable<Measurement<long>>> measure) =>
        meter.CreateObservableCounter(name, () => Measure(measure), unit, text);

    private IEnumerable<Measurement<T>> Measure<T>(Func<Shown, IEnumerable<Measurement<T>>> measure)
        where T : struct => _shown is { } shown ? measure(shown) : [];

    private double Age(DateTimeOffset? since) => since is { } time ? Math.Max(0, (_time.GetUtcNow() - time).TotalSeconds) : 0;

    private static KeyValuePair<string, object?> Peer(LinkSummary link) => new(TelemetryNames.Peer, link.Status.Peer);

    /// <summary>The latest state and its queues as shown.</summary>
    private sealed record Shown(GatewayState Whole, IReadOnlyList<QueueFigures> Queues)
    {
        public IReadOnlyList<LinkSummary> Links => Whole.Links;
    }

    /// <summary>The figures of one series.</summary>
    /// <param name="Stored">Null for several together: which ones they are changes, and their sum with it.</param>
    private sealed record QueueFigures(KeyValuePair<string, object?>[] Tags, long Messages, long Bytes,
        long? Stored, DateTimeOffset? OldestAt)
    {
        public Measurement<T> Measure<T>(T value)
            where T : struct => new(value, Tags);
    }
}
