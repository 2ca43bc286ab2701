using System.ComponentModel;
using Gateway.Http.Views;
using Gateway.Management;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Http.Resources;

/// <summary>The messages of a queue.</summary>
internal static class MessageResources
{
    public static void MapMessages(this IEndpointRouteBuilder api)
    {
        var messages = api.MapGroup("/queues/{kind}/{name}/messages").WithTags("Messages");
        messages.MapGet("", ListAsync).Shows("A page of the messages of a queue.");
        messages.MapGet("/scan", ScanAsync).Scans();
        messages.MapGet("/{number:long}", ShowAsync).Shows("One message: headers, and the beginning of its body.");
        messages.MapGet("/{number:long}/body", BodyAsync).GivesBody();
        messages.MapGet("/{number:long}/trace", TraceAsync).Traces();
    }

    private static Task<MessagePage> ListAsync(
        [AsParameters] QueueRoute route,
        [AsParameters] MessageQuery query,
        IManagement management,
        TimeProvider time,
        CancellationToken cancellationToken,
        [Description("Only numbers above this: next of the page before")] long after = 0,
        int limit = MessageReading.LimitDefault)
    {
        var (filter, state) = query.OfMessages();
        return MessageReading.ListAsync(management, time, route.ToId(), after, limit, filter, state, cancellationToken);
    }

    private static Task ScanAsync(
        [AsParameters] QueueRoute route,
        [AsParameters] MessageQuery query,
        IManagement management,
        TimeProvider time,
        HttpContext context,
        [Description("Only numbers above this")] long after = 0,
        [Description("The largest number of messages to find")] long limit = long.MaxValue)
    {
        var (filter, state) = query.OfMessages();
        return MessageReading.ScanAsync(management, time, route.ToId(), after, limit, filter, state, context);
    }

    private static Task<MessageDetailsView> ShowAsync(
        [AsParameters] QueueRoute route,
        long number,
        IManagement management,
        CancellationToken cancellationToken,
        [Description("Bytes of the body to show")] int preview = BodyPreview.DefaultBytes) =>
        MessageReading.ShowAsync(management, route.ToId(), number, preview, cancellationToken);

    private static Task<IResult> BodyAsync(
        [AsParameters] QueueRoute route, long number, IManagement management, CancellationToken cancellationToken) =>
        MessageReading.BodyAsync(management, route.ToId(), number, cancellationToken);

    private static Task<TraceView> TraceAsync(
        [AsParameters] QueueRoute route, long number, IManagement management, CancellationToken cancellationToken) =>
        MessageReading.TraceAsync(management, route.ToId(), number, cancellationToken);
}
