namespace Gateway.Telemetry;

/// <summary>The telemetry settings from the configuration.</summary>
/// <param name="Name">The gateway's name.</param>
/// <param name="OtlpEndpoint">The collector of metrics and spans; null for none.</param>
/// <param name="IsGrpc">Uses OTLP over gRPC; otherwise protobuf over HTTP.</param>
/// <param name="TraceShare">The share of the messages' traces to which the gateway adds its own spans.</param>
/// <param name="ExportInterval">The interval of exports of metrics.</param>
/// <param name="HasPrometheus">Makes metrics available for scraping.</param>
internal sealed record TelemetrySettings(
    string Name, Uri? OtlpEndpoint, bool IsGrpc, double TraceShare, TimeSpan ExportInterval, bool HasPrometheus)
{
    /// <summary>Opens connections to the collector.</summary>
    public Func<SocketsHttpConnectionContext, CancellationToken, ValueTask<Stream>>? Connect { get; init; }

    public bool IsOn => OtlpEndpoint is not null || HasPrometheus;
}
