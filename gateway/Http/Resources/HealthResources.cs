using Gateway.Http.Security;
using Gateway.Http.Views;
using Gateway.Management;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Http.Resources;

/// <summary>
/// Whether the process runs, takes messages, and is well. Without a token, since whoever watches over it has none; so they name peers and
/// figures, and nothing of messages.
/// </summary>
internal static class HealthResources
{
    /// <summary>The gateway's loop answers within milliseconds.</summary>
    private static readonly TimeSpan _answerLimit = TimeSpan.FromSeconds(5);

    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/livez", () => TypedResults.Ok(new HealthView(HealthStatus.Healthy, []))).IsOpen()
            .WithTags("Health").WithSummary("The process runs.");
        routes.MapGet("/readyz", ReadReadyAsync).IsOpen()
            .WithTags("Health").WithSummary("The store is open and new messages are taken; otherwise 503, with the reasons.")
                .Produces<HealthView>().Produces<HealthView>(StatusCodes.Status503ServiceUnavailable);
        routes.MapGet("/healthz", ReadHealthAsync).IsOpen()
            .WithTags("Health").WithSummary("All of it, with reasons: degraded (200) while a peer is not reached or messages are "
                + "damaged, unhealthy (503) when the store fails or is full, or the gateway does not answer.").Produces<HealthView>()
                .Produces<HealthView>(StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<IResult> ReadReadyAsync(GatewayAccess gateway, TimeProvider time, CancellationToken cancellationToken)
    {
        var (reasons, state) = await AskAsync(gateway, time, cancellationToken);
        if (state is not null) reasons.AddRange(IntakeFaults(gateway, state));
        return Answer(reasons.Count == 0 ? HealthStatus.Healthy : HealthStatus.Unhealthy, reasons);
    }

    private static async Task<IResult> ReadHealthAsync(GatewayAccess gateway, TimeProvider time, CancellationToken cancellationToken)
    {
        var (reasons, state) = await AskAsync(gateway, time, cancellationToken);
        if (state is null) return Answer(HealthStatus.Unhealthy, reasons);
        // What is not ready is not well: it delivers what it has, and applications are refused all that is new.
        reasons.AddRange(IntakeFaults(gateway, state));
        var worst = reasons.Count == 0 ? HealthStatus.Degraded : HealthStatus.Unhealthy;
        reasons.AddRange(state.Links.Where(link => link.Pause is null && !link.Status.IsWell)
            .Select(link => new HealthReason("peer", link.Status.Peer, Describe(link))));
        if (state.Damaged > 0) reasons.Add(new HealthReason(
            "damaged", "", $"{state.Damaged} messages could not be read and left their queues; 'gateway store check' lists them"));
        if (state.Certificate is { Warning.Length: > 0 } certificate) reasons.Add(new HealthReason("certificate", "", certificate.Warning));
        return Answer(reasons.Count == 0 ? HealthStatus.Healthy : worst, reasons);
    }

    private static string Describe(LinkSummary link)
    {
        var status = link.Status;
        var cause = LinkView.NameOf(status.Cause) ?? "no cause yet";
        var likeliest = link.Likeliest is { } likely ? $", most likely {LinkView.NameOf(likely)}" : "";
        var fruitless = status.Fruitless > 0 ? ", and nothing that is sent is acknowledged" : "";
        return $"{HttpJson.NameOf(status.State)} ({cause}{likeliest}) since {status.Since.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z{fruitless}; "
            + $"{link.Messages} messages wait";
    }

    private static async Task<(List<HealthReason> Reasons, GatewayState? State)> AskAsync(
        GatewayAccess gateway, TimeProvider time, CancellationToken cancellationToken)
    {
        if (gateway.Failure is { } failure) return ([new HealthReason("store", "", failure)], null);
        if (gateway.Find() is not { } management) return (gateway.Waiting() is
        { } why ? [new HealthReason("disk", "", why)] : [new HealthReason("starting", "", "the store is being opened")], null);
        try
        {
            return ([], await management.ReadStateAsync(cancellationToken).WaitAsync(_answerLimit, time, cancellationToken));
        }
        catch (TimeoutException)
        {
            return ([new HealthReason(
                "stuck", "", $"the gateway's loop has not answered for {_answerLimit.TotalSeconds:0} s; its log may say why")], null);
        }
    }

    /// <summary>What keeps the whole store from taking messages; a single full queue does not.</summary>
    private static IEnumerable<HealthReason> IntakeFaults(GatewayAccess gateway, GatewayState state)
    {
        var store = gateway.Options.Store;
        if (state.StoredBytes >= store.BytesMax) yield return new HealthReason(
            "store-full", "", $"the store holds {state.StoredBytes} bytes, of {store.BytesMax} that it may hold (Store:BytesMax)");
        if (state.DiskObstacle is { } obstacle) yield return new HealthReason("disk", "",
            $"new messages are refused since {obstacle.Since.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z, and what is stored drains: {obstacle.Why}");
        if (state.FreeBytes < store.DiskReserveBytes) yield return new HealthReason("disk-full",
            "", $"the disk has {state.FreeBytes} bytes left, and {store.DiskReserveBytes} are the reserve (Store:DiskReserveBytes)");
    }

    private static IResult Answer(HealthStatus status, IReadOnlyList<HealthReason> reasons) => TypedResults.Json(
        new HealthView(status, reasons),
        HttpJson.Options,
        statusCode: status == HealthStatus.Unhealthy ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK);
}
