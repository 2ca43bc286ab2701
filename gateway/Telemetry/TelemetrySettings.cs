namespace Gateway.Telemetry;

/// <summary>What telemetry is told by the configuration.</summary>
/// <param name="Name">The gateway's name.</param>
/// <param name="OtlpEndpoint">Where metrics and spans are sent; null for nowhere.</param>
/// <param name="IsGrpc">OTLP goes as gRPC; else as protobuf over HTTP.</param>
/// <param name="TraceShare">Of the traces that come with messages, the share to which the gateway adds its own spans.</param>
/// <param name="ExportInterval">How often metrics are sent.</param>
/// <param name="HasPrometheus">Metrics can be scraped.</param>
internal sealed record TelemetrySettings(
    string Name, Uri? OtlpEndpoint, bool IsGrpc, double TraceShare, TimeSpan ExportInterval, bool HasPrometheus)
{
    /// <summary>How a connection to the collector is made.</summary>
    public Func<SocketsHttpConnectionContext, CancellationToken, ValueTask<Stream>>? Connect { get; init; }

    public bool IsOn => OtlpEndpoint is not null || HasPrometheus;
}
