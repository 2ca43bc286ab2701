using System.Reflection;
using Gateway.Http.Answers;
using Gateway.Http.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Http.Resources;

/// <summary>The API's description: the OpenAPI document for programs, and a page that shows it without content from other hosts.</summary>
internal static class DescriptionResources
{
    private const string Resource = "Gateway.Http.Page.";

    public static void AddApiDocument(this IServiceCollection services) => services.AddOpenApi("v1", document =>
        document.AddDocumentTransformer((api, _, _) =>
        {
            api.Info.Title = "Gateway";
            api.Info.Description = "The messages that wait in this gateway: for whom, since when, why, and how to act on them. Errors "
                + "are problem details (RFC 9457) whose detail says what to do. "
                + "With tokens configured, send one as 'Authorization: Bearer TOKEN'.";
            // The caller chose the address in the request; it is not part of the API.
            api.Servers?.Clear();
            return Task.CompletedTask;
        }));

    public static void MapDescription(this IEndpointRouteBuilder routes)
    {
        routes.MapOpenApi("/openapi/{documentName}.json").IsOpen();
        MapFile(routes, "/api", "index.html", "text/html; charset=utf-8", isPage: true);
        MapFile(routes, "/api/page.js", "page.js", "text/javascript; charset=utf-8");
        MapFile(routes, "/api/page.css", "page.css", "text/css; charset=utf-8");
    }

    private static void MapFile(IEndpointRouteBuilder routes, string path, string name, string contentType, bool isPage = false)
    {
        var bytes = Read(name);
        routes.MapGet(path, (HttpContext context) =>
        {
            if (isPage) AnswerHeaders.AllowOwnContent(context.Response);
            return TypedResults.Bytes(bytes, contentType);
        }).IsOpen(isPage).ExcludeFromDescription();
    }

    private static byte[] Read(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(Resource + name);
        Invariant.Require(stream is not null, "the page is part of the program");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
