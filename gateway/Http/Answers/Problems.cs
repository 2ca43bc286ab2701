using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Gateway.Http.Answers;

/// <summary>Writes problem details (RFC 9457), regardless of the caller's Accept header.</summary>
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
}
