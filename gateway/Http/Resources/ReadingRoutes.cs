using Gateway.Configuration;
using Gateway.Http.Answers;
using Gateway.Http.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Http.Resources;

/// <summary>The handlers of one place at which messages are read, with the parameters of that place.</summary>
internal sealed record ReadingHandlers(Delegate List, Delegate Scan, Delegate Show, Delegate Body, Delegate Trace);

/// <summary>The routes that read messages, the same for those of a queue and for dead letters: paths, rights and limits.</summary>
internal static class ReadingRoutes
{
    /// <param name="list">Describes the listing.</param>
    /// <param name="show">Describes one message.</param>
    public static void MapReading(this RouteGroupBuilder place, ReadingHandlers handlers, string list, string show)
    {
        place.MapGet("", handlers.List).Needs(HttpRoles.Read).WithSummary(list);
        place.MapGet("/scan", handlers.Scan).Needs(HttpRoles.Read).RequireRateLimiting(RateLimits.Streams).WithMetadata(new LongRunning())
            .WithSummary("All that match, as lines of JSON of the types message, damaged, progress and end.")
            .Produces<string>(contentType: JsonLines.ContentType);
        place.MapGet("/{number:long}", handlers.Show).Needs(HttpRoles.Read).WithSummary(show);
        place.MapGet("/{number:long}/body", handlers.Body).Needs(HttpRoles.Read).WithSummary("Its whole body, to keep.")
            .Produces<byte[]>(contentType: "application/octet-stream");
        place.MapGet("/{number:long}/trace", handlers.Trace).Needs(HttpRoles.Read).WithSummary("Its way so far.");
    }
}
