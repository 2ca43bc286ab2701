using System.ComponentModel;
using System.Runtime.CompilerServices;
using Gateway.Configuration;
using Gateway.Http.Answers;
using Gateway.Http.Security;
using Gateway.Http.Transfer;
using Gateway.Management;
using Gateway.Store.Browsing;
using Gateway.Store.Messages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace Gateway.Http.Resources;

/// <summary>Exports messages to a file and imports them into another gateway; EXPORT.md describes the format.</summary>
internal static class TransferResources
{
    private const int EntriesMax = 64;
    private const int FlushBytes = 64 * 1024;

    public static void MapTransfers(this IEndpointRouteBuilder api)
    {
        api.MapGet("/queues/{kind}/{name}/export", ExportAsync).Needs(HttpRoles.Read).RequireRateLimiting(RateLimits.Streams)
            .WithMetadata(new LongRunning())
            .WithTags("Export and import").WithSummary("The messages of a queue, a line each, with checksums; they stay where they are.")
                .Produces<string>(contentType: JsonLines.ContentType);
        api.MapGet("/dead-letters/export", ExportLettersAsync).Needs(HttpRoles.Read).RequireRateLimiting(RateLimits.Streams)
            .WithMetadata(new LongRunning())
            .WithTags("Export and import").WithSummary("The same of dead letters.").Produces<string>(contentType: JsonLines.ContentType);
        api.MapPost("/queues/{kind}/{name}/import", ImportAsync).Needs(HttpRoles.Operate).RequireRateLimiting(RateLimits.Streams)
            .WithMetadata(new LongRunning())
            .WithTags("Export and import").WithSummary("Takes the messages of an export at the end of a queue.")
                .Accepts<byte[]>("*/*").Produces<ImportView>().ProducesProblem(StatusCodes.Status400BadRequest)
                .ProducesProblem(StatusCodes.Status507InsufficientStorage);
    }

    private static Task ExportAsync(
        [AsParameters] QueueRoute route,
        [AsParameters] MessageQuery query,
        GatewayAccess gateway,
        IManagement management,
        TimeProvider time,
        HttpContext context,
        [Description("Only numbers above this: the last whole one of an export that was cut")] long after = 0)
    {
        var queue = route.ToId();
        var (filter, state) = query.OfMessages();
        var isAll = filter.Describe().Length == 0 && state is null;
        var messages = isAll ? ReadAsync(management, time, queue, after, context.RequestAborted) : FindAsync(
            management, time, queue, after, filter, state, context.RequestAborted);
        return WriteAsync(gateway, context, time, queue.ToString(), queue.Name, after, messages);
    }

    private static Task ExportLettersAsync(
        [AsParameters] MessageQuery query,
        GatewayAccess gateway,
        IManagement management,
        TimeProvider time,
        HttpContext context,
        [Description("Only numbers above this: the last whole one of an export that was cut")] long after = 0) =>
        WriteAsync(gateway, context, time, "dead letters", "dead-letters", after,
            FindAsync(management, time, null, after, query.OfDeadLetters(), state: null, context.RequestAborted));

    private static async Task WriteAsync(GatewayAccess gateway, HttpContext context, TimeProvider time, string from, string name,
        long after, IAsyncEnumerable<StoredMessage> messages)
    {
        context.Response.ContentType = JsonLines.ContentType;
        // The grammar of queue names allows no path separators.
        context.Response.Headers.ContentDisposition =
            new ContentDispositionHeaderValue("attachment") { FileName = $"{FileNames.Portable(name)}.jsonl" }.ToString();
        using var lines = new ExportLines(context.Response.BodyWriter);
        lines.Begin(Guid.CreateVersion7(time.GetUtcNow()), gateway.Options.Name, from, after, time.GetUtcNow());
        var flushed = 0L;
        await foreach (var message in messages)
        {
            lines.Add(message);
            if (lines.Bytes - flushed < FlushBytes) continue;
            flushed = lines.Bytes;
            await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
        }

        lines.Finish();
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    /// <summary>Reads a whole queue, about a megabyte at a time.</summary>
    private static async IAsyncEnumerable<StoredMessage> ReadAsync(
        IManagement management, TimeProvider time, QueueId queue, long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            var began = time.GetTimestamp();
            if (await management.ReadMessagesAsync(queue, after, cancellationToken) is not { Count: > 0 } messages) yield break;
            var took = time.GetElapsedTime(began);
            foreach (var message in messages) yield return message;
            after = messages[^1].Number;
            await Pace.RestAsync(time, took, cancellationToken);
        }
    }

    /// <summary>Reads the matching messages one by one.</summary>
    private static async IAsyncEnumerable<StoredMessage> FindAsync(IManagement management, TimeProvider time, QueueId? queue,
        long after, BrowseFilter filter, MessageState? state, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var isEnd = false;
        while (!isEnd)
        {
            var began = time.GetTimestamp();
            var page = await management.BrowseAsync(queue, after, filter, state, EntriesMax, cancellationToken);
            var took = time.GetElapsedTime(began);
            foreach (var entry in page.Entries)
            {
                if (await management.ReadMessageAsync(queue, entry.Number, cancellationToken) is { Message: { } message })
                    yield return message with { Number = entry.Number };
            }

            (after, isEnd) = (page.ScannedUpTo, page.IsEnd);
            if (!isEnd) await Pace.RestAsync(time, took, cancellationToken);
        }
    }

    private static async Task<ImportView> ImportAsync(
        [AsParameters] QueueRoute route,
        GatewayAccess gateway,
        IManagement management,
        Caller caller,
        TimeProvider time,
        HttpContext context,
        [Description("keep, or new: ids made of the export's and the messages' own")] string ids = "keep",
        [Description("So many messages at the front are checked and not taken")] long skip = 0,
        [Description("Only checks the lines, and takes none")] bool checkOnly = false)
    {
        if (ids is not ("keep" or "new")) throw ProblemException.BadRequest($"ids is '{ids}'; it is keep or new.");
        if (skip < 0) throw ProblemException.BadRequest($"skip is {skip}; it is at least 0.");
        var queue = route.ToId();
        var destination = queue.Kind == QueueKind.Inbound ? $"{queue.Name}@{gateway.Options.Name}" : queue.Name;
        // An import is read line by line; each line has a limit, and the store limits the total.
        context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = null;
        using var import = new Import(management, gateway.Options.Intake, destination, ids == "new", skip, checkOnly);
        if (checkOnly) return await import.RunAsync(context.Request.BodyReader, context.RequestAborted);

        var id = Guid.CreateVersion7(time.GetUtcNow());
        await management.RecordAsync(id, caller.Who, "import", queue.ToString(), 0, "begun", context.RequestAborted);
        var end = "cut";
        try
        {
            var view = await import.RunAsync(context.Request.BodyReader, context.RequestAborted);
            end = "done";
            return view;
        }
        finally
        {
            await management.RecordAsync(id, caller.Who, "import", queue.ToString(), import.Taken, end, CancellationToken.None);
        }
    }
}
