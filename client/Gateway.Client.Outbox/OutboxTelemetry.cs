using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Gateway.Client.Telemetry;

namespace Gateway.Client.Outbox;

/// <summary>The metrics of relays. They cost next to nothing until an application listens to <see cref="Name"/>.</summary>
internal static class OutboxTelemetry
{
    /// <summary>The name of the meter.</summary>
    public const string Name = "Gateway.Client.Outbox";

    public const string DatabaseFailed = "database";
    public const string DestinationRefused = "destination_refused";
    public const string GatewayFailed = "gateway";
    public const string MessageRefused = "message_refused";

    private const string Outbox = "gateway.outbox";
    private const string State = "gateway.outbox.state";

    /// <summary>Of the relays that are active in this process.</summary>
    private static readonly ConcurrentDictionary<OutboxSampler, string> _samplers = new();

    public static readonly Meter Meter = new(Name);

    private static readonly Counter<long> _relayed = Meter.CreateCounter<long>(
        "gateway.outbox.relayed", "{message}", "Messages of the outbox that the gateway has.");

    private static readonly Counter<long> _failures = Meter.CreateCounter<long>(
        "gateway.outbox.failures", "{failure}", "What kept messages in the outbox.");

    private static readonly ObservableGauge<long> _messages = Meter.CreateObservableGauge<long>(
        "gateway.outbox.messages", Messages, "{message}", "Messages in the outbox, by their state.");

    private static readonly ObservableGauge<double> _oldestAge = Meter.CreateObservableGauge<double>(
        "gateway.outbox.oldest.age", OldestAges, "s", "The age of the oldest message that was not set aside; 0 if there is none.");

    /// <summary>True when a listener wants to know what is in an outbox.</summary>
    public static bool IsSampled => _messages.Enabled || _oldestAge.Enabled;

    public static void CountRelayed(string outbox, string destination, int count)
    {
        if (count > 0)
            _relayed.Add(count, new TagList { { Outbox, outbox }, { ClientTelemetry.Destination, destination } });
    }

    /// <param name="outbox">The table.</param>
    /// <param name="error">One of the constants.</param>
    /// <param name="destination">Null if it concerns all.</param>
    /// <param name="count">Zero for nothing.</param>
    public static void CountFailures(string outbox, string error, string? destination = null, int count = 1)
    {
        if (count == 0)
            return;
        var tags = new TagList { { Outbox, outbox }, { ClientTelemetry.ErrorType, error } };
        if (destination is not null)
            tags.Add(ClientTelemetry.Destination, destination);
        _failures.Add(count, tags);
    }

    /// <summary>Shows what it has seen, until it is hidden.</summary>
    public static void Show(OutboxSampler sampler, string outbox) => _samplers[sampler] = outbox;

    public static void Hide(OutboxSampler sampler) => _samplers.TryRemove(sampler, out _);

    private static IEnumerable<Measurement<long>> Messages()
    {
        foreach (var (status, outbox) in Seen())
        {
            yield return Of(status.Ready, "ready");
            yield return Of(status.Waiting, "waiting");
            yield return Of(status.Failed, "failed");

            Measurement<long> Of(long count, string state) =>
                new(count, new KeyValuePair<string, object?>(Outbox, outbox), new KeyValuePair<string, object?>(State, state));
        }
    }

    private static IEnumerable<Measurement<double>> OldestAges() => Seen().Select(seen => new Measurement<double>(
        seen.Status.OldestAge?.TotalSeconds ?? 0, new KeyValuePair<string, object?>(Outbox, seen.Outbox)));

    private static IEnumerable<(OutboxStatus Status, string Outbox)> Seen() =>
        from pair in _samplers
        let last = pair.Key.Last
        where last is not null
        select (last.Value, pair.Value);
}
