using Gateway.Dashboard.Live;
using Gateway.Management;
using Gateway.Store.Messages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Dashboard;

/// <summary>The full body of a message as a download for signed-in users; browsers never display it.</summary>
internal static class BodyFiles
{
    /// <summary>Nothing in the body is loaded or run, whatever type a browser assumes.</summary>
    private const string ContentSecurityPolicy = "default-src 'none'; sandbox";

    /// <param name="page">The message's page.</param>
    public static string Url(string page) => $"{page}/body";

    public static IEnumerable<IEndpointConventionBuilder> Map(IEndpointRouteBuilder endpoints) =>
    [
        endpoints.MapGet(Url("/queue/{kind}/{name}/{number:long}"),
            (string kind, string name, long number, IManagement management, HttpContext context) =>
            Show.QueueOf(kind, name) is { } queue ? ReadAsync(queue, number, management, context) : Task.FromResult(Results.NotFound()))
                .ExcludeFromDescription(),
        endpoints.MapGet(Url("/dead-letters/{number:long}"), (long number, IManagement management, HttpContext context) =>
            ReadAsync(null, number, management, context)).ExcludeFromDescription(),
    ];

    private static async Task<IResult> ReadAsync(QueueId? queue, long number, IManagement management, HttpContext context)
    {
        // The message's page explains why there is nothing to read.
        if (await management.ReadMessageAsync(queue, number, context.RequestAborted) is not { Message: { Message: var message } })
            return Results.LocalRedirect(Show.MessageUrl(queue, number));
        context.Response.Headers.ContentSecurityPolicy = ContentSecurityPolicy;
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return Results.Bytes(message.Body, "application/octet-stream", $"{message.Id}.bin");
    }
}
