using Gateway.Management;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Gateway.Telemetry;

/// <summary>Exports metrics and spans: to a collector by OTLP, and to scrapers.</summary>
internal static class TelemetrySetup
{
    /// <summary>The path for scraping metrics.</summary>
    public const string MetricsPath = "/metrics";

    // The OTLP paths for HTTP, below the endpoint.
    private const string TracesPath = "v1/traces";
    private const string OtlpMetricsPath = "v1/metrics";

    /// <summary>
    /// Adds <see cref="ITelemetry"/> and its services, which need an <see cref="IRunningGateway"/>. Call after adding the gateway's own
    /// service, so that the gateway starts before telemetry and stops after it.
    /// </summary>
    public static IServiceCollection AddGatewayTelemetry(this IServiceCollection services, TelemetrySettings settings)
    {
        var losses = new ExportLosses();
        services.AddSingleton(losses);
        if (!settings.IsOn) return services.AddSingleton<ITelemetry>(NoTelemetry.Instance);
        services.AddSingleton<GatewayTelemetry>();
        services.AddSingleton<ITelemetry>(provider => provider.GetRequiredService<GatewayTelemetry>());
        services.AddHostedService<StateSampler>();
        var telemetry = services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(TelemetryNames.Prefix, serviceInstanceId: settings.Name))
            .WithMetrics(metrics => Export(metrics.AddMeter(TelemetryNames.Source), settings, losses));
        // Spans are exported by OTLP only; without a listener none are created.
        if (settings.OtlpEndpoint is not null) telemetry.WithTracing(traces => Export(traces, settings, losses));
        return services;
    }

    /// <summary>Maps <see cref="MetricsPath"/> for scraping; the caller sets the access rules.</summary>
    /// <param name="services">The services with the telemetry of <see cref="AddGatewayTelemetry"/>.</param>
    public static IEndpointConventionBuilder MapGatewayMetrics(this IEndpointRouteBuilder endpoints, IServiceProvider services) =>
        endpoints.MapPrometheusScrapingEndpoint(MetricsPath, services.GetRequiredService<MeterProvider>(), branch => branch.Use(
            new WholePage(endpoints.ServiceProvider.GetService<TimeProvider>() ?? TimeProvider.System).WriteAsync), optionsName: null);

    private static void Export(MeterProviderBuilder metrics, TelemetrySettings settings, ExportLosses losses)
    {
        if (settings.HasPrometheus) metrics.AddPrometheusExporter();
        if (settings.OtlpEndpoint is null) return;
        var otlp = Direct(settings, OtlpMetricsPath);
        metrics.AddReader(_ => new PeriodicExportingMetricReader(
            new CountedMetrics(otlp, losses), (int)settings.ExportInterval.TotalMilliseconds, otlp.TimeoutMilliseconds));
    }

    private static void Export(TracerProviderBuilder traces, TelemetrySettings settings, ExportLosses losses) => traces
        .AddSource(TelemetryNames.Source)
        // The gateway starts no traces: its spans belong to recorded traces of senders.
        .SetSampler(new ParentBasedSampler(new AlwaysOffSampler(), remoteParentSampled: new TraceIdRatioBasedSampler(settings.TraceShare)))
        .AddProcessor(_ => new CountedSpans(Direct(settings, TracesPath), losses));

    private static OtlpExporterOptions Direct(TelemetrySettings settings, string path)
    {
        var endpoint = settings.OtlpEndpoint!;
        var otlp = new OtlpExporterOptions
        {
            Protocol = settings.IsGrpc ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf,
            // An endpoint set in code is used unchanged; over HTTP each signal has its own path below it.
            Endpoint = settings.IsGrpc ? endpoint : new Uri($"{endpoint.ToString().TrimEnd('/')}/{path}"),
        };
        // The exporter owns the client for the lifetime of the process.
        otlp.HttpClientFactory = () => new HttpClient(new SocketsHttpHandler { ConnectCallback = settings.Connect })
        { Timeout = TimeSpan.FromMilliseconds(otlp.TimeoutMilliseconds) };
        return otlp;
    }
}
