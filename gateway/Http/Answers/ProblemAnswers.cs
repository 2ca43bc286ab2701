using System.Text.Json;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;

namespace Gateway.Http.Answers;

/// <summary>The outermost step of each request: every failure is answered as problem details.</summary>
internal sealed partial class ProblemAnswers(RequestDelegate next, ILogger<ProblemAnswers> logger)
{
    private const string Missing = "was missing required properties including:";

    private readonly ILogger _logger = logger;

    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
            if (IsBare(context.Response)) await Problems.WriteAsync(context, Bare(context));
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller has gone or the gateway is stopping, so there is no one to answer.
            context.Abort();
        }
        catch (Exception e) when (ProblemOf(e) is { } problem && !context.Response.HasStarted)
        {
            context.Response.Clear();
            AnswerHeaders.Set(context.Response);
            await Problems.WriteAsync(context, problem);
        }
        catch (Exception e)
        {
            // The root of a request: a fault of our own is reported and ends only this request.
            LogFailed(e, context.Request.Method, context.Request.Path);
            if (context.Response.HasStarted)
            {
                context.Abort();
                return;
            }

            context.Response.Clear();
            AnswerHeaders.Set(context.Response);
            await Problems.WriteAsync(context, new ProblemException(StatusCodes.Status500InternalServerError, "internal",
                "The gateway failed to answer this request; its log says why. Delivery goes on."));
        }
    }

    private static bool IsBare(HttpResponse response) =>
        response is { HasStarted: false, StatusCode: >= 400, ContentType: null } && response.ContentLength is null or 0;

    private static ProblemException? ProblemOf(Exception exception) => exception switch
    {
        ProblemException problem => problem,
        BadHttpRequestException fault => Of(fault),
        // The size of a chunk with too many digits.
        IOException { InnerException: OverflowException } fault => Unreadable(fault),
        AntiforgeryValidationException { InnerException: BadHttpRequestException fault } => Of(fault),
        AntiforgeryValidationException { InnerException: (IOException or InvalidDataException) and var fault } => Unreadable(fault),
        // A form with too many fields, or none in the body.
        InvalidDataException fault => Unreadable(fault),
        OperationCanceledException => new ProblemException(StatusCodes.Status503ServiceUnavailable, "stopping",
            "The gateway is stopping, and did not answer in time. The request may have been carried out; ask again when it is back.")
        {
            RetryAfter =
            TimeSpan.FromSeconds(5)
        },
        _ => null,
    };

    private static ProblemException Unreadable(Exception fault) =>
        ProblemException.BadRequest($"The body cannot be read: {fault.Message.TrimEnd('.')}.");

    private static ProblemException Of(BadHttpRequestException fault) => fault.StatusCode switch
    {
        StatusCodes.Status413PayloadTooLarge => new ProblemException(fault.StatusCode,
            "too-large", "The request is larger than the gateway takes. Send less at once, or raise Gateway:Http:RequestBytesMax."),
        StatusCodes.Status408RequestTimeout =>
            new ProblemException(fault.StatusCode, "too-slow", "The request came too slowly. Send it again."),
        _ when fault.InnerException is JsonException json =>
            ProblemException.BadRequest($"The body is not the JSON that this resource takes: {Told(json)}. The page /api describes it."),
        _ => new ProblemException(fault.StatusCode, "bad-request",
            $"{fault.Message.TrimEnd('.')}. The page /api describes what this resource takes."),
    };

    /// <summary>Removes the names of our types, which mean nothing to a caller.</summary>
    private static string Told(JsonException fault)
    {
        var text = fault.Message.Replace("could not be mapped to any .NET member", "is not known here", StringComparison.Ordinal);
        foreach (var inner in new[] { " contained in type", " could not be converted to", ". Path:" })
        {
            var cut = text.IndexOf(inner, StringComparison.Ordinal);
            if (cut > 0) text = text[..cut];
        }

        var lacks = text.IndexOf(Missing, StringComparison.Ordinal);
        if (lacks > 0) text = $"it lacks{text[(lacks + Missing.Length)..].TrimEnd('.')}";
        return fault.Path is { Length: > 1 } path ? $"{text} (at {path})" : text;
    }

    private static ProblemException Bare(HttpContext context) => context.Response.StatusCode switch
    {
        StatusCodes.Status404NotFound => new ProblemException(StatusCodes.Status404NotFound, "no-such-resource",
            $"There is nothing at {context.Request.Path}; the page /api lists the resources."),
        StatusCodes.Status405MethodNotAllowed => new ProblemException(StatusCodes.Status405MethodNotAllowed, "method-not-allowed",
            $"{context.Request.Path} does not take {context.Request.Method}, but {context.Response.Headers.Allow}."),
        StatusCodes.Status415UnsupportedMediaType => new ProblemException(StatusCodes.Status415UnsupportedMediaType, "media-type",
            "The body is of another type than this resource takes; send JSON with Content-Type: application/json."),
        StatusCodes.Status400BadRequest when UnreadParameters.Describe(context) is { } fault =>
            ProblemException.BadRequest($"{fault}; the page /api describes what this resource takes."),
        var status => new ProblemException(status, "refused",
            $"{ReasonPhrases.GetReasonPhrase(status)}; the page /api describes what this resource takes."),
    };
}
