using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Gateway.Client.Telemetry;

/// <summary>
/// The spans and metrics of this library, named by OpenTelemetry's messaging conventions. They cost next to nothing until an application
/// listens to <see cref="Name"/>.
/// </summary>
internal static class ClientTelemetry
{
    /// <summary>The name of the activity source and of the meter.</summary>
    public const string Name = "Gateway.Client";

    public const string System = "messaging.system";
    public const string SystemName = "gateway";
    public const string OperationName = "messaging.operation.name";
    public const string OperationType = "messaging.operation.type";
    public const string Destination = "messaging.destination.name";
    public const string MessageId = "messaging.message.id";
    public const string BodySize = "messaging.message.body.size";
    public const string BatchCount = "messaging.batch.message_count";
    public const string ErrorType = "error.type";
    public const string Deliveries = "gateway.deliveries";
    public const string Outcome = "gateway.outcome";

    public static readonly ActivitySource Source = new(Name);
    public static readonly Meter Meter = new(Name);

    private static readonly InstrumentAdvice<double> _seconds = new()
    { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10] };

    public static readonly Counter<long> SentMessages =
        Meter.CreateCounter<long>("messaging.client.sent.messages",
            "{message}", "Messages that were handed to the gateway, or tried to be.");

    public static readonly Counter<long> ConsumedMessages =
        Meter.CreateCounter<long>("messaging.client.consumed.messages", "{message}", "Messages that were given to the application.");

    public static readonly Histogram<double> OperationDuration =
        Meter.CreateHistogram("messaging.client.operation.duration", "s", "From a call to the gateway's answer.", null, _seconds);

    public static readonly Histogram<double> ProcessDuration =
        Meter.CreateHistogram("messaging.process.duration", "s", "From when the application got a message to when it settled it.",
            null, _seconds);

    public static readonly Counter<long> HandledMessages =
        Meter.CreateCounter<long>("gateway.processor.messages", "{message}", "Messages that left a processor, and how.");

    /// <summary>True when a listener wants the application's calls measured.</summary>
    public static bool IsOn => Source.HasListeners() || SentMessages.Enabled || OperationDuration.Enabled;

    public static void CountConsumed(string queue)
    {
        if (ConsumedMessages.Enabled) ConsumedMessages.Add(1, TagsOf("receive", queue));
    }

    public static void RecordProcessed(string queue, TimeSpan took)
    {
        if (ProcessDuration.Enabled) ProcessDuration.Record(took.TotalSeconds, TagsOf("process", queue));
    }

    public static void CountHandled(string queue, string outcome, string? error)
    {
        if (!HandledMessages.Enabled)
            return;
        var tags = TagsOf("process", queue);
        tags.Add(Outcome, outcome);
        if (error is not null)
            tags.Add(ErrorType, error);
        HandledMessages.Add(1, tags);
    }

    /// <summary>The tags common to every metric and span.</summary>
    public static TagList TagsOf(string operation, string destination) =>
        new() { { System, SystemName }, { OperationName, operation }, { Destination, destination } };
}
