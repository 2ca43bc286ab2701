namespace Gateway.Configuration;

/// <summary>The rules for the export of metrics and traces.</summary>
internal static class TelemetryRules
{
    public static void Check(TelemetryOptions telemetry, HttpOptions http, ICollection<string> faults)
    {
        if (telemetry.Protocol is not (TelemetryOptions.Grpc or TelemetryOptions.HttpProtobuf))
            faults.Add(
                $"Gateway:Telemetry:Protocol is '{telemetry.Protocol}'; give {TelemetryOptions.Grpc} or {TelemetryOptions.HttpProtobuf}.");
        if (telemetry.OtlpEndpoint.Length > 0
            && !(Uri.TryCreate(telemetry.OtlpEndpoint, UriKind.Absolute, out var endpoint) && endpoint.Scheme is "http" or "https"))
            faults.Add($"Gateway:Telemetry:OtlpEndpoint is '{AddressText.WithoutPassword(telemetry.OtlpEndpoint)}', which is not of the "
                + "form http://HOST:PORT.");
        if (telemetry.Prometheus && http.Address.Length == 0)
            faults.Add("Gateway:Telemetry:Prometheus is true, but Gateway:Http:Address is empty; metrics are scraped from there.");
    }
}
