using System.ComponentModel;
using Gateway.Configuration;
using Gateway.Http.Security;
using Gateway.Http.Views;
using Gateway.Management;
using Gateway.Store.Messages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Http.Resources;

/// <summary>The messages that are no longer delivered without intervention.</summary>
internal static class DeadLetterResources
{
    public static void MapDeadLetters(this IEndpointRouteBuilder api)
    {
        var letters = api.MapGroup("/dead-letters").WithTags("Dead letters");
        letters.MapGet("/groups", ReadGroupsAsync).Needs(HttpRoles.Read).WithSummary("How many there are, by queue and reason.");
        letters.MapGet("", ListAsync).Shows("A page of the dead letters, the oldest first.");
        letters.MapGet("/scan", ScanAsync).Scans();
        letters.MapGet("/{number:long}", ShowAsync).Shows("One dead letter: why, headers, and the beginning of its body.");
        letters.MapGet("/{number:long}/body", BodyAsync).GivesBody();
        letters.MapGet("/{number:long}/trace", TraceAsync).Traces();
    }

    private static Task<MessagePage> ListAsync(
        [AsParameters] MessageQuery query,
        IManagement management,
        TimeProvider time,
        CancellationToken cancellationToken,
        [Description("Only numbers above this: next of the page before")] long after = 0,
        int limit = MessageReading.LimitDefault) =>
        MessageReading.ListAsync(management, time, null, after, limit, query.OfDeadLetters(), state: null, cancellationToken);

    private static async Task<IEnumerable<DeadLetterGroupView>> ReadGroupsAsync(
        IManagement management, CancellationToken cancellationToken) =>
        (await management.ReadDeadLetterGroupsAsync(cancellationToken)).Select(group => new DeadLetterGroupView(
            QueueName.Of(group.Queue),
            group.Queue.Kind == QueueKind.Outgoing ? group.Queue.Peer : null,
            group.Reason,
            group.Messages,
            group.Bytes,
            Times.Of(group.FirstAtUnixMs),
            Times.Of(group.LastAtUnixMs)));

    private static Task ScanAsync(
        [AsParameters] MessageQuery query,
        IManagement management,
        TimeProvider time,
        HttpContext context,
        [Description("Only numbers above this")] long after = 0,
        [Description("The largest number of dead letters to find")] long limit = long.MaxValue) =>
        MessageReading.ScanAsync(management, time, null, after, limit, query.OfDeadLetters(), state: null, context);

    private static Task<MessageDetailsView> ShowAsync(
        long number,
        IManagement management,
        CancellationToken cancellationToken,
        [Description("Bytes of the body to show")] int preview = BodyPreview.DefaultBytes) =>
        MessageReading.ShowAsync(management, null, number, preview, cancellationToken);

    private static Task<IResult> BodyAsync(long number, IManagement management, CancellationToken cancellationToken) =>
        MessageReading.BodyAsync(management, null, number, cancellationToken);

    private static Task<TraceView> TraceAsync(long number, IManagement management, CancellationToken cancellationToken) =>
        MessageReading.TraceAsync(management, null, number, cancellationToken);
}
