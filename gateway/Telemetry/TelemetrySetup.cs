using Gateway.Management;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Gateway.Telemetry;

/// <summary>Brings the metrics and spans out of the process: to a collector by OTLP, and to those who scrape.</summary>
internal static class TelemetrySetup
{
    /// <summary>Where metrics are scraped.</summary>
    public const string MetricsPath = "/metrics";

    // The paths of OTLP over HTTP, under the endpoint.
    private const string TracesPath = "v1/traces";
    private const string OtlpMetricsPath = "v1/metrics";

    /// <summary>
    /// Adds <see cref="ITelemetry"/>, and what it needs. To be called after the gateway's own service was added, so that it starts before
    /// and stops after.
    /// </summary>
    public static IServiceCollection AddGatewayTelemetry(
        this IServiceCollection services, TelemetrySettings settings, Func<IServiceProvider, IManagement> management)
    {
        var losses = new ExportLosses();
        services.AddSingleton(losses);
        if (!settings.IsOn) return services.AddSingleton<ITelemetry>(NoTelemetry.Instance);
        services.AddSingleton<GatewayTelemetry>();
        services.AddSingleton<ITelemetry>(provider => provider.GetRequiredService<GatewayTelemetry>());
        services.AddHostedService(provider => new StateSampler(
            () => management(provider), provider.GetRequiredService<GatewayTelemetry>(), provider.GetRequiredService<TimeProvider>()));
        var telemetry = services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(TelemetryNames.Prefix, serviceInstanceId: settings.Name))
            .WithMetrics(metrics => Export(metrics.AddMeter(TelemetryNames.Source), settings, losses));
        // Spans go by OTLP alone, and without a listener none are made.
        if (settings.OtlpEndpoint is not null) telemetry.WithTracing(traces => Export(traces, settings, losses));
        return services;
    }

    /// <summary>
    /// Maps what <see cref="AddGatewayTelemetry"/> has added for those who scrape; null when the settings say that nobody does.
    /// </summary>
    public static Func<IEndpointRouteBuilder, IEndpointConventionBuilder>? FindMetrics(
        IServiceProvider services, TelemetrySettings settings) =>
        settings.HasPrometheus ? endpoints => endpoints.MapGatewayMetrics(services.GetRequiredService<MeterProvider>()) : null;

    /// <summary>Lets metrics be scraped at <see cref="MetricsPath"/>; whoever maps it says who may.</summary>
    public static IEndpointConventionBuilder MapGatewayMetrics(this IEndpointRouteBuilder endpoints, MeterProvider metrics) =>
        endpoints.MapPrometheusScrapingEndpoint(MetricsPath, metrics, branch => branch.Use(
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
        // The gateway begins no traces: its spans belong to those that senders began and have recorded.
        .SetSampler(new ParentBasedSampler(new AlwaysOffSampler(), remoteParentSampled: new TraceIdRatioBasedSampler(settings.TraceShare)))
        .AddProcessor(_ => new CountedSpans(Direct(settings, TracesPath), losses));

    private static OtlpExporterOptions Direct(TelemetrySettings settings, string path)
    {
        var endpoint = settings.OtlpEndpoint!;
        var otlp = new OtlpExporterOptions
        {
            Protocol = settings.IsGrpc ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf,
            // An endpoint that is set in code is taken as it is; over HTTP each signal has a path of its own under it.
            Endpoint = settings.IsGrpc ? endpoint : new Uri($"{endpoint.ToString().TrimEnd('/')}/{path}"),
        };
        // The client is the exporter's, which has it for as long as the process runs.
        otlp.HttpClientFactory = () => new HttpClient(new SocketsHttpHandler { ConnectCallback = settings.Connect })
        { Timeout = TimeSpan.FromMilliseconds(otlp.TimeoutMilliseconds) };
        return otlp;
    }
}
