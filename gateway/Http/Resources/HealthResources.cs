using Gateway.Http.Answers;
using Gateway.Http.Security;
using Gateway.Management;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Http.Resources;

/// <summary>
/// Reports whether the process runs, accepts messages, and is healthy. Monitoring needs no token, so the answers name peers and figures but
/// reveal nothing about messages.
/// </summary>
internal static class HealthResources
{
    /// <summary>The gateway's loop answers within milliseconds.</summary>
    private static readonly TimeSpan _answerLimit = TimeSpan.FromSeconds(5);

    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/livez", () => TypedResults.Ok(new Health(HealthStatus.Healthy, []))).IsOpen()
            .WithTags("Health").WithSummary("The process runs.");
        routes.MapGet("/readyz", ReadReadyAsync).IsOpen()
            .WithTags("Health").WithSummary("The store is open and new messages are taken; otherwise 503, with the reasons.")
                .Produces<Health>().Produces<Health>(StatusCodes.Status503ServiceUnavailable);
        routes.MapGet("/healthz", ReadHealthAsync).IsOpen()
            .WithTags("Health").WithSummary("All of it, with reasons: degraded (200) while a peer is not reached or messages are "
                + "damaged, unhealthy (503) when the store fails or is full, or the gateway does not answer. One that stands by is "
                + "healthy.").Produces<Health>()
                .Produces<Health>(StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<IResult> ReadReadyAsync(GatewayAccess gateway, TimeProvider time, CancellationToken cancellationToken)
    {
        var (fault, state) = await AskAsync(gateway, time, cancellationToken);
        HealthReason[] reasons = state is null ? [fault!] : [.. Health.IntakeObstaclesOf(state)];
        return Answer(new Health(reasons.Length == 0 ? HealthStatus.Healthy : HealthStatus.Unhealthy, reasons));
    }

    private static async Task<IResult> ReadHealthAsync(GatewayAccess gateway, TimeProvider time, CancellationToken cancellationToken)
    {
        var (fault, state) = await AskAsync(gateway, time, cancellationToken);
        if (state is not null) return Answer(Health.Of(state));
        // Nothing is wrong with a gateway that stands by.
        return Answer(new Health(fault!.Code == GatewayAccess.StandbyCode ? HealthStatus.Healthy : HealthStatus.Unhealthy, [fault]));
    }

    /// <summary>Returns the state, or the reason for its absence.</summary>
    private static async Task<(HealthReason? Fault, GatewayState? State)> AskAsync(
        GatewayAccess gateway, TimeProvider time, CancellationToken cancellationToken)
    {
        if (gateway.Failure is { } failure) return (new HealthReason("store", "", failure), null);
        if (gateway.Standby is { } standby) return (new HealthReason(GatewayAccess.StandbyCode, "", standby), null);
        if (gateway.Find() is not { } management)
            return (gateway.Waiting is { } why ? new HealthReason(
                "disk", "", why) : new HealthReason("starting", "", "the store is being opened"), null);
        try
        {
            return (null, await management.ReadStateAsync(cancellationToken).WaitAsync(_answerLimit, time, cancellationToken));
        }
        catch (TimeoutException)
        {
            return (new HealthReason(
                "stuck", "", $"the gateway's loop has not answered for {Figures.Span(_answerLimit)}; its log may say why"), null);
        }
    }

    private static IResult Answer(Health health) => TypedResults.Json(
        health,
        HttpJson.Options,
        statusCode: health.Status == HealthStatus.Unhealthy ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK);
}
