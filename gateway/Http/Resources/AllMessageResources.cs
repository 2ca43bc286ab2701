using System.ComponentModel;
using Gateway.Http.Security;
using Gateway.Http.Views;
using Gateway.Management;
using Gateway.Operations;
using Gateway.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Http.Resources;

/// <summary>The messages of several queues in one listing.</summary>
internal static class AllMessageResources
{
    public static void MapAllMessages(this IEndpointRouteBuilder api) =>
        api.MapGroup("/messages").WithTags("Messages").MapGet("", ListAsync).Needs(HttpRoles.Read)
            .WithSummary("A page of the messages of all queues, or of some: queue by queue, outgoing ones first, by name; of each in order.");

    private static async Task<AllMessagesPage> ListAsync(
        [AsParameters] MessageQuery query,
        IManagement management,
        TimeProvider time,
        CancellationToken cancellationToken,
        [Description("outgoing or inbound; both if left out")] string? kind = null,
        [Description("Only queues of this name, at whatever peer, and the inbound one; QUEUE@PEER is that one alone")] string? queue = null,
        [Description("Only the outgoing queues of this peer")] string? peer = null,
        [Description("next of the page before")] string? after = null,
        int limit = MessageReading.LimitDefault)
    {
        MessageReading.CheckLimit(limit);
        var cursor = after is null ? null : MessageCursor.TryParse(after) ?? throw ProblemException.BadRequest($"after is '{after}'; it is next of the page before, as it stands there.");
        var (filter, state) = query.OfMessages();
        var queues = await FindQueuesAsync(management, QueueResources.ReadKind(kind), queue, peer, cancellationToken);
        return await MessageReading.ListAllAsync(management, time, queues, cursor, limit, filter, state, cancellationToken);
    }

    private static async Task<List<QueueId>> FindQueuesAsync(IManagement management, QueueKind? kind, string? name, string? peer, CancellationToken cancellationToken)
    {
        var queues = (await management.ReadStateAsync(cancellationToken)).Queues
            .Select(queue => queue.Id)
            .Where(id => kind is null || id.Kind == kind)
            .Where(id => name is null || id.LocalName == name || id.Name == name)
            .Where(id => peer is null || (id.Kind == QueueKind.Outgoing && id.Peer == peer))
            .ToList();
        queues.Sort(MessageCursor.Compare);
        return queues;
    }
}
