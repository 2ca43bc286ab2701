using System.ComponentModel.DataAnnotations;
using Gateway.Telemetry;

namespace Gateway.Configuration;

/// <summary>The export of metrics and traces; by default there is none, and none are recorded.</summary>
internal sealed class TelemetryOptions
{
    public const string Grpc = "grpc";
    public const string HttpProtobuf = "http/protobuf";

    /// <summary>The OTLP collector for metrics and spans, such as <c>http://127.0.0.1:4317</c>; empty for none.</summary>
    [AtStart]
    public string OtlpEndpoint { get; set; } = "";

    /// <summary><see cref="Grpc"/> or <see cref="HttpProtobuf"/>.</summary>
    [Required]
    [AtStart]
    public string Protocol { get; set; } = Grpc;

    /// <summary>The share of the recorded traces of applications to which the gateway adds its own spans.</summary>
    [Range(0.0, 1.0)]
    [AtStart]
    public double SamplingRatio { get; set; } = 1;

    /// <summary>The interval at which metrics are sent to the collector.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    [AtStart]
    public TimeSpan ExportInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Makes metrics available on the gateway's HTTP endpoint for Prometheus to scrape.</summary>
    [AtStart]
    public bool Prometheus { get; set; }

    internal TelemetrySettings ToSettings(string name) => new(
        name,
        OtlpEndpoint.Length > 0 ? new Uri(OtlpEndpoint) : null,
        Protocol == Grpc,
        SamplingRatio,
        ExportInterval,
        Prometheus);
}
