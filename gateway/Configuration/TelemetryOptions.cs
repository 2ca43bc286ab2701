using System.ComponentModel.DataAnnotations;
using Gateway.Telemetry;

namespace Gateway.Configuration;

/// <summary>Where metrics and traces go; by default nowhere, and none are made.</summary>
internal sealed class TelemetryOptions
{
    public const string Grpc = "grpc";
    public const string HttpProtobuf = "http/protobuf";

    /// <summary>The collector that gets metrics and spans by OTLP, such as <c>http://127.0.0.1:4317</c>; empty for none.</summary>
    public string OtlpEndpoint { get; set; } = "";

    /// <summary><see cref="Grpc"/> or <see cref="HttpProtobuf"/>.</summary>
    [Required]
    public string Protocol { get; set; } = Grpc;

    /// <summary>Of the traces that applications begin and record, the share to which the gateway adds its own spans.</summary>
    [Range(0.0, 1.0)]
    public double SamplingRatio { get; set; } = 1;

    /// <summary>How often metrics are sent to the collector.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan ExportInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Metrics can be scraped from the gateway's HTTP endpoint, in the form of Prometheus.</summary>
    public bool Prometheus { get; set; }

    internal TelemetrySettings ToSettings(string name) => new(
        name,
        OtlpEndpoint.Length > 0 ? new Uri(OtlpEndpoint) : null,
        Protocol == Grpc,
        SamplingRatio,
        ExportInterval,
        Prometheus);
}
