using System.Globalization;
using System.Net;
using System.Text.Json;
using Gateway.Dashboard;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Gateway.Http.Answers;

/// <summary>
/// Writes problem details (RFC 9457), regardless of the caller's Accept header; but a page for a person whose browser asks for one outside
/// of the API.
/// </summary>
internal static class Problems
{
    public const string ContentType = "application/problem+json";

    private const string TypePrefix = "urn:gateway:problem:";

    public static Task WriteAsync(HttpContext context, ProblemException problem)
    {
        if (problem.RetryAfter is { } wait)
            context.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        if (problem.Challenge.Length > 0) context.Response.Headers.WWWAuthenticate = problem.Challenge;
        context.Response.StatusCode = problem.Status;
        if (IsForPerson(context.Request)) return WritePageAsync(context, problem);
        context.Response.ContentType = ContentType;
        var members = new Dictionary<string, object?>
        {
            ["type"] = TypePrefix + problem.Code,
            ["title"] = ReasonPhrases.GetReasonPhrase(problem.Status),
            ["status"] = problem.Status,
            ["detail"] = problem.Message,
            ["code"] = problem.Code,
        };
        foreach (var (name, value) in problem.More.Where(more => more.Value is not null)) members[name] = value;
        return context.Response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(members, HttpJson.Options), context.RequestAborted)
            .AsTask();
    }

    private static bool IsForPerson(HttpRequest request) => HttpMethods.IsGet(request.Method)
        && !request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase)
        && request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);

    private static Task WritePageAsync(HttpContext context, ProblemException problem)
    {
        var (title, text) = (WebUtility.HtmlEncode(ReasonPhrases.GetReasonPhrase(problem.Status)), WebUtility.HtmlEncode(problem.Message));
        context.Response.ContentType = "text/html; charset=utf-8";
        AnswerHeaders.AllowOwnContent(context.Response);
        return context.Response.WriteAsync($"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <meta name="color-scheme" content="light dark">
                <link rel="icon" type="image/svg+xml" href="{AssetFiles.Url("icon.svg")}">
                <link rel="stylesheet" href="{AssetFiles.Url("dashboard.css")}">
                <script src="{AssetFiles.Url("theme.js")}"></script>
                <title>{title} · Gateway</title>
            </head>
            <body>
                <main class="sign-in">
                    <div class="card">
                        <img src="{AssetFiles.Url("icon.svg")}" alt="" width="40" height="40">
                        <h1>{title}</h1>
                        <p>{text}</p>
                        <p><a href="/">To the overview</a></p>
                    </div>
                </main>
            </body>
            </html>

            """, context.RequestAborted);
    }
}
