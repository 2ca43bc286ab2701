using Gateway.Configuration;
using Gateway.Http.Answers;
using Gateway.Http.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Gateway.Http.Resources;

/// <summary>The routes that read messages are the same for those of a queue and for dead letters: rights, limits and answers.</summary>
internal static class ReadingRoutes
{
    /// <summary>A page of them, or one of them.</summary>
    public static void Shows(this RouteHandlerBuilder route, string summary) => route.Needs(HttpRoles.Read).WithSummary(summary);

    public static void Scans(this RouteHandlerBuilder route) =>
        route.Needs(HttpRoles.Read).RequireRateLimiting(RateLimits.Streams).WithMetadata(new LongRunning())
            .WithSummary("All that match, as lines of JSON of the types message, damaged, progress and end.")
            .Produces<string>(contentType: JsonLines.ContentType);

    public static void GivesBody(this RouteHandlerBuilder route) =>
        route.Needs(HttpRoles.Read).WithSummary("Its whole body, to keep.").Produces<byte[]>(contentType: "application/octet-stream");

    public static void Traces(this RouteHandlerBuilder route) => route.Needs(HttpRoles.Read).WithSummary("Its way so far.");
}
