using Gateway.Dashboard.Live;
using Gateway.Management;
using Gateway.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Dashboard;

/// <summary>
/// The whole body of a message, as a file to keep: for who has signed in, and never as something for the browser to show.
/// </summary>
internal static class BodyFiles
{
    /// <summary>Whatever a browser might take it for, nothing in it is loaded or run.</summary>
    private const string ContentSecurityPolicy = "default-src 'none'; sandbox";

    /// <param name="page">Of the message.</param>
    public static string Url(string page) => $"{page}/body";

    public static IEnumerable<IEndpointConventionBuilder> Map(IEndpointRouteBuilder endpoints) =>
    [
        endpoints.MapGet(Url("/queue/{kind}/{name}/{number:long}"),
            (string kind, string name, long number, IManagement management, HttpContext context) =>
            ReadAsync(kind == "out" ? new QueueId(QueueKind.Outgoing, name) : QueueId.Inbound(name), number, management, context))
                .ExcludeFromDescription(),
        endpoints.MapGet(Url("/dead-letters/{number:long}"), (long number, IManagement management, HttpContext context) =>
            ReadAsync(null, number, management, context)).ExcludeFromDescription(),
    ];

    private static async Task<IResult> ReadAsync(QueueId? queue, long number, IManagement management, HttpContext context)
    {
        // The page of the message says why there is nothing to read.
        if (await management.ReadMessageAsync(queue, number, context.RequestAborted) is not { Message: { Message: var message } })
            return Results.LocalRedirect(Show.MessageUrl(queue, number));
        context.Response.Headers.ContentSecurityPolicy = ContentSecurityPolicy;
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return Results.Bytes(message.Body, "application/octet-stream", $"{message.Id}.bin");
    }
}
