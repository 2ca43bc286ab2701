using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using Gateway.Client.Telemetry;
using Gateway.Client.Wire;
using Gateway.Configuration;
using Gateway.Http.Answers;
using Gateway.Http.Security;
using Gateway.Management;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Http.Resources;

/// <summary>Accepts messages from programs without ZeroMQ.</summary>
internal static class EnqueueResources
{
    /// <summary>The headers of a message, as a JSON object of strings in ASCII.</summary>
    public const string HeadersHeader = "Message-Headers";
    private const int FirstBytesMax = 64 * 1024;
    private const double TimeToLiveMax = 366 * 24 * 60 * 60;

    public static void MapEnqueue(this IEndpointRouteBuilder api) =>
        api.MapPost("/queues/{destination}/messages", EnqueueAsync).Needs(HttpRoles.Send).WithTags("Applications")
            .WithSummary("Takes the body of the request as a message; the answer comes when it is on disk.")
            .WithDescription("The headers traceparent and tracestate of the request (W3C Trace Context) become headers of the message, "
                + "unless it has a traceparent already: its trace goes on at the consumer. An event in the HTTP binding of CloudEvents 1.0 "
                + "has its headers ce-… (decoded) and content-type in the message, a structured one or a batch content-type alone. "
                + "Its ce-source and ce-id make the message id unless there is an Idempotency-Key: it is accepted once.")
            .Accepts<byte[]>("*/*").Produces<ReceiptView>(StatusCodes.Status202Accepted)
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict)
                .ProducesProblem(StatusCodes.Status413PayloadTooLarge).ProducesProblem(StatusCodes.Status507InsufficientStorage);

    private static async Task<IResult> EnqueueAsync(
        [Description("QUEUE@PEER, or a QUEUE that has a route")] string destination,
        Caller caller,
        GatewayAccess gateway,
        IManagement management,
        TimeProvider time,
        HttpRequest request,
        [FromHeader(Name = IdempotencyKey.Header), Description(
            "The message id, a UUID; or any text that is sent again with the same message, so that it is accepted once")] string? key,
        [FromHeader(Name = HeadersHeader), Description(
            "The message's headers, a JSON object of strings; other characters than ASCII as \\u escapes")] string? headers,
        [FromQuery, Description(
            "ISO 8601; after this time it becomes a dead letter in place of being delivered")] DateTimeOffset? expiresAt,
        [FromQuery, Description("The same, in seconds from now")] double? timeToLive)
    {
        if (expiresAt is not null && timeToLive is not null)
            throw ProblemException.BadRequest("Give either expiresAt or timeToLive, not both.");
        var expires = timeToLive is { } seconds ? time.GetUtcNow()
            + Seconds.Read(nameof(timeToLive), seconds, 0, TimeToLiveMax) : expiresAt;
        var ofEvent = CloudEventHeaders.Of(request.Headers);
        var id = key is null ? CloudEventHeaders.IdOf(destination, ofEvent) : IdempotencyKey.Read(key, caller.Name ?? "");
        var body = await ReadBodyAsync(request);
        var given = WithEvent(Encoding.UTF8.GetBytes(headers ?? ""), ofEvent);
        var item = new EnqueueItem(id, HeadersOf(given, request.Headers, gateway.Options.Intake.HeadersBytesMax),
            WireText.ToUnixMs(expires), body);
        return await management.EnqueueAsync(new Request.Enqueue(RequestId.FromNumber(1), destination, [item]),
            request.HttpContext.RequestAborted) is var reply && reply is Reply.Accepted accepted
            ? TypedResults.Accepted((string?)null, new ReceiptView(accepted.MessageIds[0].Value))
            : throw WireProblems.Of(reply);
    }

    /// <summary>
    /// Adds the headers of an event to those given, of which the key wins. Headers that are invalid stay unchanged, and are refused later.
    /// </summary>
    /// <exception cref="ProblemException">A header is given twice.</exception>
    private static byte[] WithEvent(byte[] given, IReadOnlyDictionary<string, string> ofEvent)
    {
        if (ofEvent.Count == 0 || !HeadersJson.TryRead(given, out var headers)) return given;
        var all = HeaderEntries.Copy(headers);
        foreach (var (name, text) in ofEvent)
        {
            if (!all.TryAdd(name, text) && name != CloudEventHeaders.Key && all[name] != text)
                throw ProblemException.BadRequest($"The event has the header '{name}', and {HeadersHeader} another one; give one of them.");
        }

        return HeadersJson.Write(all);
    }

    /// <summary>
    /// Adds the request's trace to the headers unless they name another. Headers that are invalid, or would exceed a limit, stay unchanged.
    /// </summary>
    private static byte[] HeadersOf(byte[] bytes, IHeaderDictionary request, int bytesMax)
    {
        var (parent, state) = (request.TraceParent.ToString(), request.TraceState.ToString());
        if (!ActivityContext.TryParse(parent, state, out _)
            || !HeadersJson.TryRead(bytes, out var headers) || headers.ContainsKey(TraceHeaders.Parent)) return bytes;
        var with = HeadersJson.Write(TraceHeaders.Add(headers, parent, state));
        return with.Length <= bytesMax ? with : bytes;
    }

    /// <summary>The server bounds the size; it checks the declared length only on reading.</summary>
    private static async Task<byte[]> ReadBodyAsync(HttpRequest request)
    {
        using var body = new MemoryStream((int)Math.Clamp(request.ContentLength ?? 0, 0, FirstBytesMax));
        await request.Body.CopyToAsync(body, request.HttpContext.RequestAborted);
        return body.ToArray();
    }
}

/// <param name="MessageId">The id under which the message was accepted and stored on disk.</param>
internal sealed record ReceiptView(Guid MessageId);
