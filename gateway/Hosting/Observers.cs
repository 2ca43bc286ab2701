using Gateway.Http.Answers;
using Gateway.Http.Views;
using Gateway.Logging;
using Gateway.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Hosting;

/// <summary>The observers of this process: its log and its telemetry.</summary>
/// <param name="services">The services of the process.</param>
internal sealed class Observers(DroppedLines log, ExportLosses losses, TelemetrySettings telemetry, IServiceProvider services) : IObservers
{
    public Unseen CountUnseen() => new(log.Count, losses.Spans, losses.MetricExports);

    public IEndpointConventionBuilder? MapMetrics(IEndpointRouteBuilder endpoints) =>
        telemetry.HasPrometheus ? endpoints.MapGatewayMetrics(services) : null;
}
