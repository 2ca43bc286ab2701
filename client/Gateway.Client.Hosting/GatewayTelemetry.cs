using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Gateway.Client.Hosting;

/// <summary>Adds the spans and metrics of the client and its processors to OpenTelemetry.</summary>
public static class GatewayTelemetry
{
    /// <summary>The name of the client's source and meter.</summary>
    private const string Name = "Gateway.Client";

    /// <summary>The name of the meter of Gateway.Client.Outbox, which an application need not have.</summary>
    private const string OutboxName = "Gateway.Client.Outbox";

    /// <summary>Adds the spans: of sending, receiving, processing and settling messages.</summary>
    public static TracerProviderBuilder AddGatewayInstrumentation(this TracerProviderBuilder tracing)
    {
        ArgumentNullException.ThrowIfNull(tracing);
        return tracing.AddSource(Name);
    }

    /// <summary>
    /// Adds the metrics: messages sent, received and processed, and how long that took; of a relay, what is in its outbox and was sent.
    /// </summary>
    public static MeterProviderBuilder AddGatewayInstrumentation(this MeterProviderBuilder metrics)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        return metrics.AddMeter(Name, OutboxName);
    }
}
